/** A sentence of the reader: English with its values, so that the page says it in any language (storage/said.py). */

import { shown } from "./harmless.ts";
import type { Json } from "./json.ts";

export interface Said {
  readonly text: string;
  readonly values: Readonly<Record<string, string | number | null>>;
}

export function sentence(text: string, values: Readonly<Record<string, Json | undefined>> = {}): Said {
  return { text, values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shown(value)])) };
}

export const filled = (text: string, values: Said["values"]): string =>
  text.replace(/%\((\w+)\)[sd]/g, (_, name: string) => String(values[name] ?? "None"));

export const inEnglish = ({ text, values }: Said): string => filled(text, values);
