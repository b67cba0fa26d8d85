/** The page's own words, in the language that was chosen; English is their source (locales/). */

import generated from "./generated.json" with { type: "json" };
import { filled, type Said } from "./said.ts";

export const LANGUAGES = { ru: "Русский", kk: "Қазақша", en: "English" } as const;
export type Language = keyof typeof LANGUAGES;
type Values = Readonly<Record<string, string | number | null>>;

const TEXTS: Readonly<Record<string, Readonly<Record<string, string | string[]>>>> = generated.texts;

let chosen: Language = "en";

export const language = (): Language => chosen;

export const isLanguage = (name: unknown): name is Language => typeof name === "string" && Object.hasOwn(LANGUAGES, name);

export function speak(to: Language): void {
  chosen = to;
  if (typeof document !== "undefined") document.documentElement.lang = to;
}

/** Marks a text that is translated where it is shown. */
export const N_ = (text: string): string => text;

/** A text of the page; `values` fill its %(name)s. A Russian date ends in «г.»: one full stop is enough. */
export function t(text: string, values: Values = {}): string {
  const found = TEXTS[text]?.[chosen];
  return filled(typeof found === "string" ? found : text, values).replace("г..", "г.");
}

/** A text that depends on a number (bot/speech/words.py, `plural`). */
export function tn(one: string, other: string, num: number, values: Values = {}): string {
  const found = TEXTS[one]?.[chosen];
  const forms = Array.isArray(found) ? found : [one, other];
  return filled(forms[form(num, forms.length)] ?? other, { num, ...values });
}

function form(num: number, forms: number): number {
  if (chosen !== "ru") return num === 1 ? 0 : forms - 1;
  if (num % 10 === 1 && num % 100 !== 11) return 0;
  return num % 10 >= 2 && num % 10 <= 4 && !(num % 100 >= 12 && num % 100 <= 14) ? 1 : 2;
}

export const inWords = (said: Said): string => t(said.text, said.values);

const two = (number: number): string => String(number).padStart(2, "0");

/** A day in words: «5 марта 2026 г.», «2026 ж. 5 наурыз». */
export function day(iso: string): string {
  const [year = "", month, date] = iso.split("-");
  const [named, number] = [monthName(month), Number(date)];
  if (chosen === "kk") return `${Number(year)}\u00a0ж. ${number} ${named}`;
  return chosen === "ru" ? `${number} ${named} ${Number(year)}\u00a0г.` : `${named} ${number}, ${Number(year)}`;
}

/** The same without its year, where that is the year of today. */
export function shortDay(iso: string, today: string): string {
  const [year, month, date] = iso.split("-");
  return year === today.slice(0, 4) ? `${Number(date)} ${monthName(month)}` : day(iso);
}

const monthName = (month: string | undefined): string => generated.months[chosen][Number(month) - 1] ?? "";

/** Bytes in megabytes with one place, or below that in whole kilobytes. */
export function amount(size: number): string {
  if (size < 1024 ** 2) return t("%(size)s KB", { size: String(Math.max(1, Math.round(size / 1024))) });
  const said = String(Math.round((size / 1024 ** 2) * 10) / 10);
  return t("%(size)s MB", { size: chosen === "en" ? said : said.replace(".", ",") });
}

export const lasts = (seconds: number): string => `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;

/** The time here, as it is compared with a deadline: `2026-03-08T14:05:30`. */
export function now(): string {
  const at = new Date();
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${date}T${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":")}`;
}
