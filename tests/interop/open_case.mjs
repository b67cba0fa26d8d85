// Opens an unpacked case folder with a member's age identity: node open_case.mjs FOLDER IDENTITY_FILE
// Prints one entry a line. Needs only the npm package age-encryption.
import { readFileSync, readdirSync } from "node:fs";
import { Decrypter } from "age-encryption";

const [folder, identityFile] = process.argv.slice(2);

function decrypterOf(text) {
  const decrypter = new Decrypter();
  const line = text.split("\n").find((one) => one.startsWith("AGE-SECRET-KEY-"));
  decrypter.addIdentity(line.trim());
  return decrypter;
}

async function caseIdentity(mine) {
  for (const name of readdirSync(`${folder}/keys`)) {
    try {
      return await mine.decrypt(readFileSync(`${folder}/keys/${name}`), "text");
    } catch {
      continue; // sealed to somebody else
    }
  }
  throw new Error("no wrap opens with this identity");
}

const mine = decrypterOf(readFileSync(identityFile, "utf8"));
const decrypter = decrypterOf(await caseIdentity(mine));
for (const name of readdirSync(folder).filter((one) => /^\d+\.age$/.test(one)).sort()) {
  console.log(await decrypter.decrypt(readFileSync(`${folder}/${name}`), "text"));
}
