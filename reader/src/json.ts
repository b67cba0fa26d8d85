/** JSON of a stranger's. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Entry = { readonly [name: string]: Json };

const DEEPEST = 64;

/** Undefined for what is no JSON in UTF-8, and for what is nested deeper than anything of ours. */
export function parsed(bytes: Uint8Array): Json | undefined {
  try {
    const found = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)) as Json;
    return depth(found) > DEEPEST ? undefined : found;
  } catch {
    return undefined;
  }
}

function depth(value: Json): number {
  let deep = 0;
  let level: Json[] = [value];
  while (level.length) {
    deep += 1;
    const inside: Json[] = [];
    for (const one of level) {
      if (typeof one !== "object" || one === null) continue;
      for (const part of Object.values(one) as Json[]) inside.push(part);
    }
    level = inside;
  }
  return deep;
}

export const isRecord = (value: unknown): value is Entry =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const string = (value: Json | undefined): string => (typeof value === "string" ? value : "");

export const strings = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];

export const records = (value: Json | undefined): Entry[] => (Array.isArray(value) ? value.filter(isRecord) : []);
