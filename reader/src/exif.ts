/** What a photo says of itself: when, with which camera, where. The same as storage/exif.py; anybody can change it. */

import { shown } from "./harmless.ts";

export interface Itself {
  readonly taken: string | null;
  readonly camera: string | null;
  readonly place: readonly [number, number] | null;
}

const MOST_PARTS = 4096;
const MOST_TAGS = 512;
const LONGEST = 200;

/** Something lies beyond the end, or is not what it should be. */
class Cut extends Error {}

/** Bytes that are not read beyond their end. */
class Reader {
  readonly data: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(data: Uint8Array, little = false) {
    this.data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.#little = little;
  }

  number(at: number, wide: number): number {
    this.part(at, wide);
    if (wide === 1) return this.#view.getUint8(at);
    if (wide === 2) return this.#view.getUint16(at, this.#little);
    if (wide === 4) return this.#view.getUint32(at, this.#little);
    return Number(this.#view.getBigUint64(at, this.#little));
  }

  part(at: number, size: number): Uint8Array {
    if (!(at >= 0 && size >= 0 && at + size <= this.data.length)) throw new Cut();
    return this.data.subarray(at, at + size);
  }

  word(at: number, size = 4): string {
    return String.fromCharCode(...this.part(at, size));
  }
}

export function itself(content: Uint8Array, media: string): Itself | null {
  const finds = FINDS[media];
  try {
    const exif = finds?.(content) ?? null;
    const said = exif === null ? null : read(exif);
    return said !== null && (said.taken ?? said.camera ?? said.place) !== null ? said : null;
  } catch (error) {
    if (error instanceof Cut) return null;
    throw error;
  }
}

// --- where it lies in a file ---

function inJpeg(content: Uint8Array): Uint8Array | null {
  const file = new Reader(content);
  let at = 2;
  for (let part = 0; part < MOST_PARTS; part += 1) {
    const mark = file.number(at, 2);
    if (mark < 0xffc0 || mark > 0xfffe || mark === 0xffda) return null;
    const length = file.number(at + 2, 2);
    if (length < 2) return null;
    if (mark === 0xffe1 && file.word(at + 4, Math.min(6, length - 2)) === "Exif\0\0") return file.part(at + 10, length - 8);
    at += 2 + length;
  }
  return null;
}

function inPng(content: Uint8Array): Uint8Array | null {
  const file = new Reader(content);
  let at = 8;
  for (let part = 0; part < MOST_PARTS; part += 1) {
    const length = file.number(at, 4);
    const kind = file.word(at + 4);
    if (kind === "eXIf") return file.part(at + 8, length);
    if (kind === "IEND") return null;
    at += 12 + length;
  }
  return null;
}

function inWebp(content: Uint8Array): Uint8Array | null {
  const file = new Reader(content, true);
  let at = 12;
  for (let part = 0; part < MOST_PARTS; part += 1) {
    const length = file.number(at + 4, 4);
    if (file.word(at) === "EXIF") {
      const exif = file.part(at + 8, length);
      return exif.length >= 6 && new Reader(exif).word(0, 6) === "Exif\0\0" ? exif.subarray(6) : exif;
    }
    at += 8 + length + (length % 2);
  }
  return null;
}

function inHeic(content: Uint8Array): Uint8Array | null {
  const file = new Reader(content);
  const meta = [...boxes(file, 0, content.length)].find(([kind]) => kind === "meta");
  if (meta === undefined) return null;
  const inside = new Map([...boxes(file, meta[1] + 4, meta[2])].map(([kind, begin, end]) => [kind, [begin, end] as const]));
  const [iinf, iloc] = [inside.get("iinf"), inside.get("iloc")];
  if (iinf === undefined || iloc === undefined) return null;
  const [at, length] = placeOf(file, iloc[0], exifItem(file, ...iinf));
  const skipped = file.number(at, 4);
  return file.part(at + 4 + skipped, length - 4 - skipped);
}

/** Boxes one after another: type, begin and end of what is in them. */
function* boxes(file: Reader, from: number, end: number): Generator<[string, number, number]> {
  let at = from;
  for (let part = 0; part < MOST_PARTS; part += 1) {
    if (at + 8 > end) return;
    let size = file.number(at, 4);
    let head = 8;
    if (size === 1) [size, head] = [file.number(at + 8, 8), 16];
    else if (size === 0) size = end - at;
    if (size < head || at + size > end) return;
    yield [file.word(at + 4), at + head, at + size];
    at += size;
  }
}

function exifItem(file: Reader, begin: number, end: number): number {
  const counted = file.number(begin, 1) === 0 ? 2 : 4;
  for (const [kind, at] of boxes(file, begin + 4 + counted, end)) {
    const version = file.number(at, 1);
    if (kind !== "infe" || (version !== 2 && version !== 3)) continue;
    const wide = version === 2 ? 2 : 4;
    const number = file.number(at + 4, wide);
    if (file.word(at + 4 + wide + 2) === "Exif") return number;
  }
  throw new Cut();
}

/** Where an item of one piece lies in the file, and how long it is. */
function placeOf(file: Reader, begin: number, wanted: number): [number, number] {
  const version = file.number(begin, 1);
  const sizes = file.number(begin + 4, 2);
  const [offset, length, base] = [12, 8, 4].map((shift) => (sizes >> shift) & 15) as [number, number, number];
  const index = version ? sizes & 15 : 0;
  if (version > 2 || ![offset, length].every((one) => one === 4 || one === 8) || ![base, index].every(isZeroFourEight)) {
    throw new Cut();
  }
  const wide = version === 2 ? 4 : 2;
  const count = file.number(begin + 6, wide);
  let at = begin + 6 + wide;
  for (let item = 0; item < Math.min(count, MOST_PARTS); item += 1) {
    const number = file.number(at, wide);
    at += wide;
    const beside = version ? file.number(at, 2) & 15 : 0;
    at += version ? 4 : 2;
    const start = base ? file.number(at, base) : 0;
    at += base;
    const pieces = file.number(at, 2);
    at += 2;
    if (number === wanted && pieces === 1 && beside === 0) {
      at += index;
      return [start + file.number(at, offset), file.number(at + offset, length)];
    }
    at += pieces * (index + offset + length);
  }
  throw new Cut();
}

const isZeroFourEight = (one: number): boolean => one === 0 || one === 4 || one === 8;

const FINDS: Readonly<Record<string, (content: Uint8Array) => Uint8Array | null>> = {
  "image/jpeg": inJpeg,
  "image/png": inPng,
  "image/webp": inWebp,
  "image/heic": inHeic,
};

// --- what it says ---

interface Tag {
  readonly kind: number;
  readonly count: number;
  readonly at: number;
}
type Tags = ReadonlyMap<number, Tag>;

function read(exif: Uint8Array): Itself {
  const order = exif.length >= 2 ? new Reader(exif).word(0, 2) : "";
  if (order !== "II" && order !== "MM") throw new Cut();
  const file = new Reader(exif, order === "II");
  const main = tags(file, file.number(4, 4));
  const inner = (name: number): Tags => {
    const tag = main.get(name);
    return tag === undefined ? new Map() : tags(file, file.number(tag.at, 4));
  };
  const [more, where] = [inner(0x8769), inner(0x8825)];
  const named = [said(file, main, 0x010f), said(file, main, 0x0110)].filter((one) => one !== null);
  return { taken: moment(file, main, more), camera: [...new Set(named)].join(" ") || null, place: degrees(file, where) };
}

function tags(file: Reader, at: number): Tags {
  const found = new Map<number, Tag>();
  try {
    const count = Math.min(file.number(at, 2), MOST_TAGS);
    for (let number = 0; number < count; number += 1) {
      const place = at + 2 + 12 * number;
      const tag = { kind: file.number(place + 2, 2), count: file.number(place + 4, 4), at: place + 8 };
      found.set(file.number(place, 2), tag);
    }
  } catch (error) {
    if (!(error instanceof Cut)) throw error; // of a directory that is cut off what is there counts
  }
  return found;
}

function said(file: Reader, tags: Tags, name: number): string | null {
  const tag = tags.get(name);
  if (tag === undefined || tag.kind !== 2 || tag.count <= 0 || tag.count > LONGEST) return null;
  try {
    const at = tag.count <= 4 ? tag.at : file.number(tag.at, 4);
    const whole = file.word(at, tag.count).split("\0")[0] ?? "";
    const letters = [...whole].map((one) => (one < "\x80" ? one : "\ufffd"));
    return letters.filter((one) => shown(one) === one).join("").trim() || null;
  } catch {
    return null;
  }
}

function moment(file: Reader, main: Tags, more: Tags): string | null {
  const whole = said(file, more, 0x9003) ?? said(file, main, 0x0132) ?? "";
  const found = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(whole);
  if (found === null) return null;
  const zone = said(file, more, 0x9011) ?? "";
  const [, year, month, day, time] = found;
  return `${year}-${month}-${day} ${time}${/^[+-][0-9]{2}:[0-9]{2}$/.test(zone) ? zone : ""}`;
}

function degrees(file: Reader, tags: Tags): readonly [number, number] | null {
  const [latitude, longitude] = [angle(file, tags, 2), angle(file, tags, 4)];
  if (latitude === null || longitude === null || latitude > 90 || longitude > 180) return null;
  const [south, west] = [said(file, tags, 1) === "S", said(file, tags, 3) === "W"];
  return [south ? -latitude : latitude, west ? -longitude : longitude];
}

/** Degrees, minutes and seconds, each a fraction. */
function angle(file: Reader, tags: Tags, name: number): number | null {
  const tag = tags.get(name);
  if (tag === undefined || tag.kind !== 5 || tag.count !== 3) return null;
  try {
    const at = file.number(tag.at, 4);
    const parts = [0, 1, 2].map((one) => [file.number(at + 8 * one, 4), file.number(at + 8 * one + 4, 4)] as const);
    if (parts.some(([, under]) => under === 0)) return null;
    const [whole, minutes, seconds] = parts.map(([over, under]) => over / under) as [number, number, number];
    return Math.round((whole + minutes / 60 + seconds / 3600) * 1e6) / 1e6;
  } catch {
    return null;
  }
}
