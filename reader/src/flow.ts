/** Conditions and deadlines of a questionnaire: the same as flows/conditions.py and flows/clocks.py, held by vectors. */

import type { Json } from "./json.ts";
import { byCodePoint } from "./zip.ts";

export type Texts = Readonly<Record<string, string>>;

export type Answer =
  | { readonly is: "skipped" }
  | { readonly is: "chosen"; readonly options: readonly string[] }
  | { readonly is: "dated"; readonly from: string; readonly to: string; readonly hours: readonly [number, number] | null }
  | { readonly is: "written" };
export type Answers = ReadonlyMap<string, Answer>;

export interface Clock {
  readonly id: string;
  readonly event: Texts;
  readonly when: Json;
  readonly starts: readonly string[];
  readonly ends: readonly string[];
  readonly hours?: readonly number[] | null;
  readonly days: number | null;
  readonly months: number | null;
  readonly before?: number | null;
  readonly at_once?: boolean | null;
  readonly remind?: readonly number[] | null;
  readonly basis: string;
  readonly certainty: string;
  readonly verified_by?: string | null;
  readonly in_words?: Readonly<Record<string, Texts>> | null;
}

/** `ends` null: no day is known, and nothing may wait. `latest`: the last day on which it may end, where that is another. */
export interface Deadline {
  readonly clock: Clock;
  readonly begins: string | null;
  readonly ends: string | null;
  readonly moment: string | null;
  readonly latest: string | null;
}

const UNKNOWN = "unknown";

/** True when the condition holds; an unanswered question matches nothing, a skipped one what "I don't know" matches. */
export function holds(condition: Json, answers: Answers): boolean {
  if (condition === null) return true;
  if (typeof condition !== "object" || Array.isArray(condition)) return false;
  const [name, value] = Object.entries(condition)[0] ?? ["", null];
  switch (name) {
    case "all":
      return listed(value).every((one) => holds(one, answers));
    case "any":
      return listed(value).some((one) => holds(one, answers));
    case "not":
      return !holds(value ?? null, answers);
    case "answered":
      return (answers.get(String(value))?.is ?? "skipped") !== "skipped";
    case "skipped":
      return answers.get(String(value))?.is === "skipped";
    case "clock":
    case "days_since":
    case "days_until":
      return false; // only rules look at the day
    default:
      return chose(answers.get(name), listed(value).map(String));
  }
}

const listed = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

function chose(answer: Answer | undefined, options: readonly string[]): boolean {
  if (answer?.is === "chosen") return answer.options.some((one) => options.includes(one));
  return answer?.is === "skipped" && options.includes(UNKNOWN);
}

/** Every clock that runs, the soonest first. */
export function deadlines(clocks: readonly Clock[], answers: Answers): Deadline[] {
  const found = clocks.map((clock) => deadline(clock, answers)).filter((one): one is Deadline => one !== null);
  return found.sort((one, other) => byCodePoint(one.ends ?? "", other.ends ?? "") || byCodePoint(one.clock.id, other.clock.id));
}

type Dated = Extract<Answer, { is: "dated" }>;

const dated = (questions: readonly string[], answers: Answers): Dated[] =>
  questions.flatMap((one) => {
    const answer = answers.get(one);
    return answer?.is === "dated" ? [answer] : [];
  });

const least = (days: readonly string[]): string | undefined => [...days].sort(byCodePoint)[0];

function deadline(clock: Clock, answers: Answers): Deadline | null {
  if (!holds(clock.when, answers)) return null;
  const [ends, starts] = [dated(clock.ends, answers), dated(clock.starts, answers)];
  const end = least(ends.map((one) => one.from));
  const before = clock.before ?? 0;
  if (end !== undefined) {
    const last = lastDay(ends, end);
    const latest = last === end ? null : plusDays(last, -before);
    return { clock, begins: null, ends: plusDays(end, -before), moment: null, latest };
  }
  const begins = least(starts.map((one) => one.from));
  if (begins === undefined || (clock.days === null && clock.months === null)) {
    return clock.at_once ? { clock, begins: null, ends: null, moment: null, latest: null } : null;
  }
  return counted(clock, starts, begins);
}

/** A term from its first day. */
function counted(clock: Clock, starts: readonly Dated[], begins: string): Deadline {
  const given = starts.filter((one) => one.from === begins);
  const [ends, moment, latest] = [endOf(begins, clock), momentOf(clock, given, begins), latestOf(clock, given, begins)];
  const certain = moment === null ? latest.slice(0, 10) === ends : Date.parse(`${latest}Z`) - Date.parse(`${moment}Z`) <= 3_600_000;
  return { clock, begins, ends, moment, latest: certain ? null : latest.slice(0, 10) };
}

/** The latest day of the event whose earliest is this. */
const lastDay = (given: readonly Dated[], first: string): string =>
  least(given.filter((one) => one.from === first).map((one) => one.to)) ?? first;

function endOf(begins: string, clock: Clock): string {
  return clock.days !== null ? plusDays(begins, clock.days) : plusMonths(begins, clock.months ?? 0);
}

/** The same day of a later month or thirty days each, whichever comes first. */
function plusMonths(day: string, months: number): string {
  const [year, month, date] = parts(day);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  const same = iso(new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))));
  const thirty = plusDays(day, 30 * months);
  return same < thirty ? same : thirty;
}

export function plusDays(day: string, days: number): string {
  const [year, month, date] = parts(day);
  return iso(new Date(Date.UTC(year, month - 1, date + days)));
}

const parts = (day: string): [number, number, number] => {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  return [year, month, date];
};

const iso = (date: Date): string => date.toISOString().slice(0, 10);

/** After the shortest term, counted from the earliest hour that any event of this first day may have had. */
function momentOf(clock: Clock, given: readonly Dated[], begins: string): string | null {
  const terms = clock.hours ?? [];
  const hours = given.flatMap((one) => (one.hours !== null && one.from === one.to ? [one.hours[0]] : []));
  return !terms.length || hours.length < given.length ? null : plusHours(begins, Math.min(...hours) + Math.min(...terms));
}

/** When it ends at the latest: the longest of its terms, after the latest day and hour of its event. */
function latestOf(clock: Clock, given: readonly Dated[], begins: string): string {
  const day = lastDay(given, begins);
  const terms = clock.hours ?? [];
  if (!terms.length) return `${endOf(day, clock)}T00:00`;
  const told = day === begins ? given.flatMap((one) => (one.hours === null ? [] : [one.hours[1]])) : [];
  return plusHours(day, (told.length ? Math.max(...told) : 24) + Math.max(...terms), -1);
}

function plusHours(day: string, hours: number, minutes = 0): string {
  const [year, month, date] = parts(day);
  return new Date(Date.UTC(year, month - 1, date, hours, minutes)).toISOString().slice(0, 16);
}
