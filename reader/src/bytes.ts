/** Bytes and texts: what the browser lacks. */

import { sha256 } from "@noble/hashes/sha2.js";
import generated from "./generated.json" with { type: "json" };

export type Bytes = Uint8Array<ArrayBuffer>;

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** Base32 has no 0, 1 and 8, and no letters but Latin ones: whoever types these means what looks the same. */
const ALIKE = new Map<string, string>(Object.entries(generated.lookAlikes));

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text) as Bytes;

/** Strict: bytes that are no UTF-8 raise. */
export const text = (bytes: Uint8Array): string => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");

export const sha256Hex = (bytes: Uint8Array): string => hex(sha256(bytes));

export function base32(bytes: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let out = "";
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += BASE32[(value >> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits ? out + BASE32[(value << (5 - bits)) & 31] : out;
}

/** base64 as it is written in a manifest; null for anything else. */
export function unBase64(said: string): Bytes | null {
  const tidy = said.trim();
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(tidy) || tidy.length % 4) return null;
  return Uint8Array.from(atob(tidy), (one) => one.charCodeAt(0)) as Bytes;
}

/** What people compare: the first 100 bits of SHA-256 of a key's text, in four groups of five. */
export function fingerprint(key: string): string {
  return base32(sha256(utf8(key))).slice(0, 20).replace(/(.{5})(?=.)/g, "$1-");
}

/** A fingerprint in its proper form, however it was typed: grouped, in small letters, on a Cyrillic keyboard. */
export function asFingerprint(typed: string): string {
  const letters = [...typed.normalize("NFKC").toUpperCase()].map((one) => ALIKE.get(one) ?? one);
  return letters.join("").replace(/[^\p{L}\p{N}]/gu, "").replace(/(.{5})(?=.)/g, "$1-");
}

/** The case id that belongs to a case's recipient (docs/sealed-record.md). */
export const caseIdOf = (recipient: string): string =>
  base32(sha256(utf8(`pana-case-v1\n${recipient}`))).toLowerCase().slice(0, 32);

export const concat = (...parts: Uint8Array[]): Bytes => {
  const all = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of parts) {
    all.set(one, at);
    at += one.length;
  }
  return all;
};

const SUMS = Uint32Array.from({ length: 256 }, (_, start) => {
  let sum = start;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

export function crc32(data: Uint8Array): number {
  let sum = ~0;
  for (let at = 0; at < data.length; at += 1) sum = (sum >>> 8) ^ (SUMS[(sum ^ (data[at] as number)) & 255] as number);
  return ~sum >>> 0;
}
