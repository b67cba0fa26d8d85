/** Hands a case to another recipient: the same bundle with one more wrap (docs/sealed-record.md). */

import { recipientOf, seal } from "./age.ts";
import { type Bytes, concat, crc32, utf8 } from "./bytes.ts";
import type { ReadCase } from "./reading.ts";

/** The one recipient of a file; null for none, several, or what is no key. */
export function recipientIn(file: Uint8Array): string | null {
  const lines = new TextDecoder().decode(file).replace(/^\ufeff/, "").split(/\r?\n/).map((one) => one.trim());
  const found = lines.filter((one) => one && !one.startsWith("#"));
  const [only] = found;
  return found.length === 1 && only !== undefined && /^age1pq1[02-9ac-hj-np-z]{1952}$/.test(only) ? only : null;
}

/** The wrap for a recipient: a zip as small as can be, which the bot passes on. */
export async function handOver(read: ReadCase, to: string): Promise<Bytes> {
  if (read.identity === null) throw new Error("the case is not open");
  const recipient = await recipientOf(read.identity);
  const said = ["# created: 2000-01-01T00:00:00+00:00", `# public key: ${recipient}`, read.identity, ""].join("\n");
  const wrapped = await seal(utf8(said), to);
  const kept: [string, Bytes][] = [];
  for (const name of ["manifest.json", "manifest.sig"]) {
    if (read.packed.has(name)) kept.push([`${read.code}/${name}`, await read.packed.read(name)]);
  }
  const kid = Array.from(crypto.getRandomValues(new Uint8Array(8)), (one) => one.toString(16).padStart(2, "0")).join("");
  return storedZip([...kept, [`${read.code}/keys/${kid}.age`, wrapped]]);
}

/** A zip without compression and without times. */
export function storedZip(files: readonly (readonly [string, Bytes])[]): Bytes {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [name, data] of files) {
    const encoded = utf8(name);
    const common = header(encoded.length, data.length, crc32(data));
    const local = concat(word32(0x04034b50), common, encoded, data);
    directory.push(
      concat(word32(0x02014b50), word16(20), common, word16(0), word16(0), word16(0), word32(0), word32(at), encoded),
    );
    parts.push(local);
    at += local.length;
  }
  const list = concat(...directory);
  const count = word16(files.length);
  return concat(...parts, list, word32(0x06054b50), word32(0), count, count, word32(list.length), word32(at), word16(0));
}

/** Version, flags (UTF-8 names), stored, 1980-01-01, checksum, sizes, length of the name. */
const header = (name: number, size: number, crc: number): Bytes =>
  concat(
    word16(20),
    word16(0x0800),
    word16(0),
    word16(0),
    word16(0x21),
    word32(crc),
    word32(size),
    word32(size),
    word16(name),
    word16(0),
  );

const word16 = (value: number): Bytes => Uint8Array.of(value & 0xff, (value >> 8) & 0xff);
const word32 = (value: number): Bytes => concat(word16(value & 0xffff), word16(value >>> 16));
