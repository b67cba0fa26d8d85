// Stands in for `age -d -i IDENTITY_FILE FILE` where age is not installed: node age.mjs -d -i IDENTITY_FILE FILE
import { readFileSync, writeSync } from "node:fs";
import { Decrypter } from "age-encryption";

const [, , identityFile, file] = process.argv.slice(2);
const decrypter = new Decrypter();
for (const line of readFileSync(identityFile, "utf8").split("\n")) {
  if (line.startsWith("AGE-SECRET-KEY-")) decrypter.addIdentity(line.trim());
}
const opened = Buffer.from(await decrypter.decrypt(readFileSync(file)));
for (let at = 0; at < opened.length; ) {
  try {
    at += writeSync(1, opened, at);
  } catch (error) {
    if (error.code === "EPIPE") break; // whoever reads has enough
    if (error.code !== "EAGAIN") throw error;
  }
}
