/** age files within limits: what a stranger has made must cost neither time nor memory. */

import { armor, Decrypter, Encrypter, generateHybridIdentity, identityToRecipient } from "age-encryption";
import { concat, type Bytes, utf8 } from "./bytes.ts";

/** Why an age file does not open: the key of a sentence. */
export class Unopened extends Error {
  readonly why: "malformed" | "other_key" | "tampered" | "passphrase" | "too_much_work";

  constructor(why: Unopened["why"]) {
    super(why);
    this.why = why;
  }
}

const HYBRID = "mlkem768x25519";
const MOST_STANZAS = 64;
const LARGEST_HEADER = 256 * 1024;
export const WORK = 16;
const MOST_WORK = 18; // what age writes; a phone has not the memory for more
const MAGIC = "age-encryption.org/v1\n";

interface Header {
  readonly kinds: readonly string[];
  readonly work: number | null;
}

/** The stanzas of a header, before anything is computed with them; null for what is no age file. */
function headerOf(file: Uint8Array): Header | null {
  const start = new TextDecoder("latin1").decode(file.subarray(0, Math.min(file.length, LARGEST_HEADER)));
  const end = start.indexOf("\n---");
  if (!start.startsWith(MAGIC) || end < 0) return null;
  const stanzas = start.slice(MAGIC.length, end).split("\n").filter((line) => line.startsWith("-> "));
  if (!stanzas.length || stanzas.length > MOST_STANZAS) return null;
  const first = (stanzas[0] ?? "").split(" ");
  const work = first[1] === "scrypt" ? Number(first[3] ?? NaN) : null;
  return { kinds: stanzas.map((line) => line.split(" ")[1] ?? ""), work };
}

/** Opens what is sealed to post-quantum identities; a passphrase inside is never tried. */
export async function unseal(file: Uint8Array, identities: readonly string[]): Promise<Bytes> {
  const header = headerOf(file);
  if (header === null) throw new Unopened("malformed");
  if (!header.kinds.includes(HYBRID)) throw new Unopened("other_key");
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return (await decrypter.decrypt(file)) as Bytes;
  } catch (error) {
    throw new Unopened(String(error).includes("no identity matched") ? "other_key" : "tampered");
  }
}

export const isPassphraseFile = (file: Uint8Array): boolean => headerOf(unarmored(file))?.work != null;

/** Opens a key file that a passphrase protects. Its letters are compared as NFC and NFD, for phones differ. */
export async function unsealWithPassphrase(file: Uint8Array, passphrase: string): Promise<Bytes> {
  const plain = unarmored(file);
  const header = headerOf(plain);
  if (header === null || header.work === null || header.kinds.length !== 1) throw new Unopened("malformed");
  if (!(header.work >= 1 && header.work <= MOST_WORK)) throw new Unopened("too_much_work");
  const forms = [...new Set([passphrase, passphrase.normalize("NFC"), passphrase.normalize("NFD")])];
  for (const form of forms) {
    const decrypter = new Decrypter();
    decrypter.addPassphrase(form);
    try {
      return (await decrypter.decrypt(plain)) as Bytes;
    } catch {
      continue;
    }
  }
  throw new Unopened("passphrase");
}

function unarmored(file: Uint8Array): Uint8Array {
  const start = new TextDecoder("latin1").decode(file.subarray(0, 64)).trimStart();
  if (!start.startsWith("-----BEGIN AGE")) return file;
  try {
    return armor.decode(new TextDecoder("latin1").decode(file));
  } catch {
    throw new Unopened("malformed");
  }
}

export async function seal(plaintext: Uint8Array, recipient: string): Promise<Bytes> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return (await encrypter.encrypt(plaintext)) as Bytes;
}

export async function sealWithPassphrase(plaintext: Uint8Array, passphrase: string): Promise<Bytes> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase.normalize("NFC"));
  encrypter.setScryptWorkFactor(WORK);
  return (await encrypter.encrypt(plaintext)) as Bytes;
}

export interface Identity {
  readonly secret: string;
  readonly recipient: string;
}

export async function newIdentity(): Promise<Identity> {
  const secret = await generateHybridIdentity();
  return { secret, recipient: await identityToRecipient(secret) };
}

export const recipientOf = (secret: string): Promise<string> => identityToRecipient(secret);

export interface IdentityFile {
  readonly identities: readonly string[];
  readonly signedBy: string | null;
}

/** The identities of a file that age-keygen, `pana keygen` or this page wrote; a byte order mark is passed over. */
export function readIdentityFile(data: Uint8Array): IdentityFile {
  let said: string;
  try {
    said = new TextDecoder("utf-8", { fatal: true }).decode(data);
  } catch {
    throw new Unopened("malformed");
  }
  const lines = said.split(/\r?\n/).map((line) => line.trim());
  const identities = lines.filter((line) => line && !line.startsWith("#")).map((line) => line.toUpperCase());
  if (!identities.length || !identities.every((one) => one.startsWith("AGE-SECRET-KEY-PQ-1"))) {
    throw new Unopened("malformed");
  }
  const pinned = lines.map((line) => /^#\s*pana-signed-by:\s*(\S+)/.exec(line)?.[1]).find((one) => one);
  return { identities, signedBy: pinned ?? null };
}

export function identityFile(identity: Identity, created: string, comments: readonly string[] = []): Bytes {
  const said = [`# created: ${created}`, `# public key: ${identity.recipient}`, ...comments.map((one) => `# ${one}`)];
  return concat(utf8([...said, identity.secret, ""].join("\n")));
}
