/** Two words that a case gives (storage/call_words.py): a lawyer who calls says them first. */

import { sha256 } from "@noble/hashes/sha2.js";
import { utf8 } from "./bytes.ts";
import generated from "./generated.json" with { type: "json" };

const WORDS: Readonly<Record<string, readonly string[]>> = generated.callWords;

export function callWords(secret: string, language: string): string {
  const words = WORDS[Object.hasOwn(WORDS, language) ? language : "en"] ?? [];
  const [one = 0, two = 0] = sha256(utf8(`pana-call-words-v1\n${secret}`));
  const first = words[one % words.length] ?? "";
  const others = words.filter((word) => word !== first);
  return `${first}, ${others[two % others.length] ?? ""}`;
}
