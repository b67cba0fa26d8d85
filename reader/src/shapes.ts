/**
 * The shape of what a stranger may have written: manifests, entries, questionnaires. The same as storage/shapes.py:
 * a shape never raises, and asks nothing of what it does not name.
 */

import { isRecord, type Json } from "./json.ts";

type Value = Json | undefined;
type Shape = (value: Value) => boolean;
type Parts = Readonly<Record<string, Shape>>;

const FARTHEST = 100_000;
const MOST_MONTHS = 1200;

const text: Shape = (value) => typeof value === "string" && !/\p{Cs}/u.test(value);
const whole: Shape = (value) => typeof value === "number" && Number.isInteger(value);
const flag: Shape = (value) => typeof value === "boolean";
const nothing: Shape = (value) => value === null || value === undefined;
const anything: Shape = () => true;

const either = (...shapes: Shape[]): Shape => (value) => shapes.some((shape) => shape(value));
const each = (shape: Shape): Shape => (value) => Array.isArray(value) && value.every(shape);
const oneOf = (...names: string[]): Shape => (value) => names.includes(value as string);
const between = (least: number, most: number): Shape => (value) =>
  whole(value) && (value as number) >= least && (value as number) <= most;

/** What it needs is there; what it may have is as it should be, null or not there. */
const record = (needed: Parts, maybe: Parts = {}): Shape => (value) =>
  isRecord(value) &&
  Object.entries(needed).every(([name, shape]) => Object.hasOwn(value, name) && shape(value[name])) &&
  Object.entries(maybe).every(([name, shape]) => nothing(own(value, name)) || shape(own(value, name)));

const own = (value: { readonly [name: string]: Json }, name: string): Value =>
  Object.hasOwn(value, name) ? value[name] : undefined;

const byName = (shape: Shape): Shape => (value) =>
  isRecord(value) && Object.entries(value).every(([name, part]) => text(name) && shape(part));

const pair: Shape = (value) => each(text)(value) && (value as Json[]).length === 2;

const day: Shape = (value) => {
  const parts = typeof value === "string" ? /^((?:19|20|21)[0-9]{2})-([0-9]{2})-([0-9]{2})$/.exec(value) : null;
  if (parts === null || (value as string).length !== 10) return false;
  const [year, month, date] = parts.slice(1).map(Number) as [number, number, number];
  return month >= 1 && month <= 12 && date >= 1 && date <= new Date(Date.UTC(year, month, 0)).getUTCDate();
};

const hours: Shape = (value) => {
  if (!each(between(0, 24))(value)) return false;
  const [first, last, ...more] = value as number[];
  return first !== undefined && last !== undefined && !more.length && first < last;
};

const days: Shape = (value) =>
  record({ from: day, to: day, sure: oneOf("exact", "about") }, { hours })(value) &&
  isRecord(value) &&
  (value["from"] as string) <= (value["to"] as string);

// --- a manifest ---

const LISTED = record({ file: text, sha256: text }, { blob: text, blob_sha256: text });
export const MANIFEST = record(
  { case: text, case_id: text, recipient: text, entries: each(LISTED) },
  { signer: text, head: text, apart: each(text), created: day },
);

// --- an entry ---

export const KINDS = [
  "readers",
  "snapshot",
  "answer",
  "level",
  "message",
  "file",
  "check",
  "submitted",
  "withdrawn",
  "restored",
  "note",
] as const;
export type Kind = (typeof KINDS)[number];

const ANSWER = either(nothing, text, each(text), days, record({ written: whole }));
const JUDGED = { level: text, reasons: each(record({ rule: text, because: each(pair) })) };
const HEAD = record({}, { at: text, flow: text, lang: text, question: text, form: text, part: between(1, FARTHEST) });
const VALUES: Readonly<Record<Kind, Shape>> = {
  readers: each(record({ name: text, fingerprint: text }, { role: text })),
  snapshot: record({ ...JUDGED, answers: byName(ANSWER) }, { form: text, openly: each(text) }),
  answer: ANSWER,
  level: record(JUDGED),
  message: record({ text }, { from: text, corrected: flag }),
  note: record({ text }, { name: text }),
  file: record({}),
  check: record({ word: text }, { call: text }),
  submitted: anything,
  withdrawn: record({ question: text }),
  restored: record({ question: text }),
};

/** Whether an entry of this kind is written as this version reads it. */
export const entryOf = (kind: Kind, entry: { readonly [name: string]: Json }): boolean =>
  (kind !== "answer" || text(entry["question"])) && HEAD(entry as Json) && VALUES[kind](entry["value"]);

// --- a questionnaire, as far as a reader shows it ---

const TEXTS = byName(text);
const FORMS = record({ self: TEXTS, other: TEXTS }, { open: TEXTS });
const TERM = between(0, FARTHEST);
const options: Shape = (value) => each(text)(value) && (value as Json[]).length > 0;
const conditions: Shape = (value) => each(condition)(value) && (value as Json[]).length > 0;
const daysOfOne: Shape = (value) => byName(whole)(value) && Object.keys(value as object).length === 1;
const CONDITIONS: Parts = {
  all: conditions,
  any: conditions,
  not: condition,
  answered: text,
  skipped: text,
  clock: oneOf("critical", "high", "normal"),
  days_since: daysOfOne,
  days_until: daysOfOne,
};

function condition(value: Value): boolean {
  if (nothing(value)) return true;
  const [only, ...more] = isRecord(value) ? Object.entries(value) : [];
  if (only === undefined || more.length) return false;
  return (Object.hasOwn(CONDITIONS, only[0]) ? (CONDITIONS[only[0]] as Shape) : options)(only[1]);
}

const needed = (value: Value): boolean => value !== undefined && condition(value);

export const FLOW = record(
  { flow: text },
  {
    languages: each(text),
    questions: each(
      record({ id: text, kind: text, text: FORMS, options: each(record({ id: text, label: TEXTS })) }),
    ),
    rules: each(record({ id: text, reason: TEXTS }, { verified_by: text })),
    clocks: each(
      record(
        {
          id: text,
          event: TEXTS,
          when: needed,
          starts: each(text),
          ends: each(text),
          days: either(nothing, TERM),
          months: either(nothing, between(0, MOST_MONTHS)),
          basis: text,
          certainty: text,
        },
        {
          hours: each(TERM),
          remind: each(whole),
          before: TERM,
          at_once: flag,
          period: text,
          side: text,
          file_at: text,
          suspends: text,
          in_words: byName(TEXTS),
          verified_by: text,
        },
      ),
    ),
    cards: each(record({ id: text, text: TEXTS, when: needed }, { verified_by: text })),
  },
);
