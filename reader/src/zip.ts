/**
 * The files of a bundle (storage/packed.py). A bundle may be a stranger's: only files of a record's names are looked
 * at, each up to its size, and what is damaged concerns the file that lies there and no other.
 */

import { crc32, type Bytes } from "./bytes.ts";

/** Why a whole file is turned away: the key of a sentence. */
export class Unzippable extends Error {
  readonly why: "no_zip" | "no_case" | "too_many";

  constructor(why: Unzippable["why"]) {
    super(why);
    this.why = why;
  }
}

/** A file that cannot be read. */
export class Damaged extends Error {}

interface Place {
  readonly name: string;
  readonly size: number;
  readonly packed: number;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly begin: number;
}

const FORMS: readonly (readonly [RegExp, number])[] = [
  [/^manifest\.json$/, 8 * 1024 ** 2],
  [/^manifest\.sig$/, 4096],
  [/^keys\/[^/]+\.age$/, 64 * 1024],
  [/^[0-9]+\.age$/, 4 * 1024 ** 2],
  [/^flow\/[0-9a-f]{64}\.json$/, 8 * 1024 ** 2],
];
const SENT = /^[0-9]+\.bin\.age$/;
const LARGEST_SENT = 256 * 1024 ** 2;
const MOST_WHOLE = 128 * 1024 ** 2;
const MOST_FILES = 500_000;
const HARDLY_SMALLER = 2;
const [STORED, DEFLATED, LOCKED, LINK] = [0, 8, 1, 0xa000];
const [END, DIRECTORY, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50];

/** One case: its files by name. `folder`: how its own folder is called; `twice`: names that stand there more often. */
export class Packed {
  readonly folder: string;
  readonly twice: ReadonlySet<string>;
  readonly #zip: Uint8Array;
  readonly #where: ReadonlyMap<string, Place>;

  constructor(folder: string, zip: Uint8Array, where: ReadonlyMap<string, Place>, twice: ReadonlySet<string>) {
    this.folder = folder;
    this.twice = twice;
    this.#zip = zip;
    this.#where = where;
  }

  get names(): string[] {
    return [...this.#where.keys()];
  }

  has(name: string): boolean {
    return this.#where.has(name);
  }

  /** Every file but those that people have sent, and questionnaires; and the names of those that are damaged. */
  async small(): Promise<{ files: Map<string, Bytes>; damaged: string[] }> {
    const files = new Map<string, Bytes>();
    const damaged: string[] = [];
    let left = MOST_WHOLE;
    for (const [name, place] of this.#where) {
      const most = name.startsWith("flow/") ? undefined : mostOf(name);
      if (most === undefined) continue;
      try {
        if (place.size > Math.min(most, left)) throw new Damaged();
        const bytes = await this.read(name);
        files.set(name, bytes);
        left -= bytes.length;
      } catch {
        damaged.push(name);
      }
    }
    return { files, damaged };
  }

  /** A file whole; raises Damaged. */
  async read(name: string): Promise<Bytes> {
    const place = this.#where.get(name);
    const most = mostOf(name) ?? LARGEST_SENT;
    if (place === undefined || this.twice.has(name) || isBomb(place) || place.size > most) throw new Damaged();
    const raw = packedBytes(this.#zip, place);
    const bytes = place.method === STORED ? raw : await inflated(raw, place.size);
    if (bytes.length !== place.size || crc32(bytes) !== place.crc) throw new Damaged();
    return bytes;
  }
}

const mostOf = (name: string): number | undefined => FORMS.find(([form]) => form.test(name))?.[1];

const isBomb = ({ name, size, packed }: Place): boolean => name.endsWith(".age") && size > 4096 + HARDLY_SMALLER * packed;

function packedBytes(zip: Uint8Array, place: Place): Bytes {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const { begin, packed, method, flags, size, name } = place;
  if (flags & LOCKED || (method !== STORED && method !== DEFLATED)) throw new Damaged();
  if (begin + 30 > zip.length || view.getUint32(begin, true) !== LOCAL) throw new Damaged();
  const long = view.getUint16(begin + 26, true);
  const from = begin + 30 + long + view.getUint16(begin + 28, true);
  const named = nameOf(zip.subarray(begin + 30, begin + 30 + long));
  if (named !== name || from + packed > zip.length || (method === STORED && packed !== size)) throw new Damaged();
  return zip.subarray(from, from + packed) as Bytes;
}

async function inflated(raw: Bytes, size: number): Promise<Bytes> {
  const out = new Uint8Array(size);
  let at = 0;
  try {
    const reader = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return out.subarray(0, at);
      if (at + value.length > size) throw new Damaged();
      out.set(value, at);
      at += value.length;
    }
  } catch {
    throw new Damaged();
  }
}

/** The cases of a zip; raises Unzippable where there is none. */
export function casesIn(zip: Uint8Array): Packed[] {
  const places = new Map<string, Place>();
  const twice = new Set<string>();
  for (const place of listed(zip)) {
    if (places.has(place.name)) twice.add(place.name);
    places.set(place.name, place);
    if (places.size > MOST_FILES) throw new Unzippable("too_many");
  }
  const cases = new Map<string, Map<string, Place>>();
  const manifests = [...places.keys()].filter((name) => around(name)[1] === "manifest.json");
  for (const folder of manifests.map((name) => around(name)[0]).sort(byCodePoint)) cases.set(folder, new Map());
  for (const [name, place] of places) {
    const [folder, rest] = around(name);
    if (mostOf(rest) !== undefined || SENT.test(rest)) cases.get(folder)?.set(rest, place);
  }
  if (!cases.size) throw new Unzippable("no_case");
  return [...cases].map(([folder, files]) => {
    const doubtful = [...twice].filter((name) => around(name)[0] === folder).map((name) => around(name)[1]);
    return new Packed(folder.replace(/\/+$/, "").split("/").at(-1) ?? "", zip, files, new Set(doubtful));
  });
}

/** By code points, as Python sorts. */
export function byCodePoint(one: string, other: string): number {
  const [left, right] = [[...one], [...other]];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const apart = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
    if (apart) return apart;
  }
  return left.length - right.length;
}

/** The folder of a case that a file lies in, and its name there. */
function around(name: string): [string, string] {
  const parts = name.split("/");
  const last = parts.pop() ?? "";
  const inner = parts.at(-1) ?? "";
  const own = inner === "keys" || inner === "flow" ? [parts.pop(), last].join("/") : last;
  return [parts.length ? `${parts.join("/")}/` : "", own];
}

function* listed(zip: Uint8Array): Generator<Place> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = endOf(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let number = 0; number < count; number += 1) {
    if (at + 46 > zip.length || view.getUint32(at, true) !== DIRECTORY) throw new Unzippable("no_zip");
    const long = view.getUint16(at + 28, true);
    const name = nameOf(zip.subarray(at + 46, at + 46 + long));
    const mode = view.getUint32(at + 38, true) >>> 16;
    if (!name.endsWith("/") && (mode & 0xf000) !== LINK) {
      yield {
        name,
        size: view.getUint32(at + 24, true),
        packed: view.getUint32(at + 20, true),
        method: view.getUint16(at + 10, true),
        flags: view.getUint16(at + 8, true),
        crc: view.getUint32(at + 16, true),
        begin: view.getUint32(at + 42, true),
      };
    }
    at += 46 + long + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
}

function endOf(view: DataView): number {
  const least = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= least; at -= 1) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new Unzippable("no_zip");
}

/** Windows writes backslashes; both mean a folder. */
const nameOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).replaceAll("\\", "/");
