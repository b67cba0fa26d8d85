/** The files that people have sent, compared with manifest and entry (storage/taken_out.py, storage/opened_files.py). */

import { unseal } from "./age.ts";
import { type Bytes, sha256Hex } from "./bytes.ts";
import { type Itself, itself } from "./exif.ts";
import { shown } from "./harmless.ts";
import { type Entry, isRecord, type Json } from "./json.ts";
import { LOOKED_AT, mediaOf } from "./media.ts";
import { type Said, sentence } from "./said.ts";
import type { Packed } from "./zip.ts";

const LARGEST_PHOTO = 20 * 1024 ** 2;

export interface TakenOut {
  readonly media: string | null;
  readonly itself: Itself | null;
  readonly problem: Said | null;
  readonly apart: boolean;
}

export const NOTHING: TakenOut = { media: null, itself: null, problem: null, apart: false };

export interface SentFile {
  readonly name: string;
  readonly sealedSha256: string;
  /** Of the entry; null when that does not open. */
  readonly value: Json;
}

/** The file itself, or what is wrong with it. `identity` null: it is only compared with what was signed. */
export async function contentOf(packed: Packed, file: SentFile, identity: string | null): Promise<Bytes | Said | null> {
  const wrong = (text: string): Said => sentence(text, { name: file.name });
  let sealed: Bytes;
  try {
    sealed = await packed.read(file.name);
  } catch {
    return wrong("%(name)s cannot be read");
  }
  if (sha256Hex(sealed) !== file.sealedSha256) return wrong("%(name)s is not the file that was signed");
  if (identity === null) return null;
  if (!isRecord(file.value)) return wrong("%(name)s cannot be compared: its entry does not open");
  const { bytes: size, sha256 } = file.value;
  if (typeof size !== "number" || !Number.isInteger(size) || size < 0 || typeof sha256 !== "string") {
    return wrong("%(name)s cannot be compared: its entry does not say what it is");
  }
  let padded: Bytes;
  try {
    padded = await unseal(sealed, [identity]);
  } catch {
    return wrong("%(name)s does not open");
  }
  const content = padded.subarray(0, size);
  const same = content.length === size && isZero(padded.subarray(size)) && sha256Hex(content) === sha256;
  return same ? content : wrong("%(name)s is not the file that its entry names");
}

function isZero(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] !== 0) return false;
  return true;
}

export function found(content: Bytes | Said | null): TakenOut {
  if (content === null) return NOTHING;
  if (!(content instanceof Uint8Array)) return { ...NOTHING, problem: content };
  const media = mediaOf(content.subarray(0, LOOKED_AT));
  const asks = media.startsWith("image/");
  return { ...NOTHING, media, itself: asks ? itself(content.subarray(0, LARGEST_PHOTO), media) : null };
}

const NAMES = ["kind", "name", "bytes", "sha256", "media", "said", "seconds"];

/** A file as its entry tells of it; `question`: the one that it answers, or null. */
export function fileOf(entry: Entry, value: Entry): Entry {
  const told = NAMES.filter((name) => Object.hasOwn(value, name)).map((name) => [name, shown(value[name])]);
  return {
    seq: shown(entry["seq"]),
    question: shown(entry["question"]),
    ...(Object.fromEntries(told) as Entry),
    at: shown(entry["at"]),
  };
}
