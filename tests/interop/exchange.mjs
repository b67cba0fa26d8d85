// Reads {identity, recipient, sealed: [base64]} on standard input; opens each, and seals what it opened to the
// recipient again. Writes [{opened, sealed}] in base64, `opened` null where a file was refused.
import { readFileSync } from "node:fs";
import { Decrypter, Encrypter, identityToRecipient } from "age-encryption";

const job = JSON.parse(readFileSync(0, "utf8"));
const decrypter = new Decrypter();
decrypter.addIdentity(job.identity);
const encrypter = new Encrypter();
encrypter.addRecipient(job.recipient);
const done = [];
for (const sealed of job.sealed) {
  try {
    const opened = await decrypter.decrypt(Buffer.from(sealed, "base64"));
    const again = await encrypter.encrypt(opened);
    done.push({ opened: Buffer.from(opened).toString("base64"), sealed: Buffer.from(again).toString("base64") });
  } catch {
    done.push({ opened: null, sealed: null });
  }
}
console.log(JSON.stringify({ recipient: await identityToRecipient(job.identity), done }));
