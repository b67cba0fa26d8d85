/**
 * A deadline in words, seen from the day of whoever reads: the same as bot/speech/deadlines.py and `in_order` of
 * flows/clocks.py. A day that has passed is never said as if it were ahead.
 */

import type { Clock } from "./page_case.ts";
import { shortDay, t, tn } from "./texts.ts";
import { byCodePoint } from "./zip.ts";

/** `here`: the time where it is read, `2026-03-08T14:05:30`. */
export interface Running {
  readonly clock: Clock;
  readonly latest: string | null;
  readonly here: string;
}

export const daysBetween = (one: string, other: string): number => Math.round((Date.parse(other) - Date.parse(one)) / 86_400_000);

const today = ({ here }: Running): string => here.slice(0, 10);

/** How many days are left; fewer than none once it is over. Without a day there is today. */
const left = (one: Running): number => (one.clock.to === null ? 0 : daysBetween(today(one), one.clock.to));

const mayRun = (one: Running): boolean => one.latest !== null && one.latest >= today(one);

const isOver = (one: Running): boolean => (one.clock.at === null ? left(one) < 0 : `${one.clock.at}:00` < one.here);

/** As somebody reads them who has to act: what has no day or is due today, what is ahead, and last what is over. */
export function inOrder(running: readonly Running[]): Running[] {
  const place = (one: Running): number[] => [
    Number(left(one) < 0 && !mayRun(one)),
    Math.abs(left(one)),
    Number(one.clock.to !== null),
  ];
  const compare = (one: Running, other: Running): number => {
    const [mine, theirs] = [place(one), place(other)];
    const at = mine.findIndex((number, index) => number !== theirs[index]);
    return at < 0 ? byCodePoint(one.clock.clock, other.clock.clock) : (mine[at] ?? 0) - (theirs[at] ?? 0);
  };
  return [...running].sort(compare);
}

/** Its state, for how it looks. */
export const isPast = (one: Running): boolean => isOver(one) && !mayRun(one);

/** When it ends, or has ended. */
export function when(one: Running): string {
  const { to, at: moment } = one.clock;
  if (to === null) return t("as soon as possible, its day is not known");
  const time = moment?.slice(11) ?? "";
  if (moment !== null && !isOver(one)) {
    const date = shortDay(moment.slice(0, 10), today(one));
    return moment.slice(0, 10) === today(one)
      ? t("today, to %(time)s", { date, time })
      : t("to %(date)s, %(time)s", { date, time });
  }
  const last = moment?.slice(0, 10) ?? to;
  const days = daysBetween(today(one), last);
  const date = shortDay(last, today(one));
  if (days > 0) return tn("to %(date)s, in %(num)d day", "to %(date)s, in %(num)d days", days, { date });
  if (days === 0 && moment === null) return t("today, %(date)s", { date });
  if (one.latest !== null) return mayHavePassed(one, last, time);
  if (days < 0 || moment === null) {
    return tn("passed %(num)d day ago (%(date)s)", "passed %(num)d days ago (%(date)s)", -days, { date });
  }
  return t("passed today at %(time)s", { time });
}

/** Of one whose earliest end is over, and whose latest is another. */
function mayHavePassed(one: Running, ends: string, time: string): string {
  if (!mayRun(one)) {
    const days = daysBetween(one.latest ?? ends, today(one));
    return tn("passed at least %(num)d day ago", "passed at least %(num)d days ago", days);
  }
  return one.clock.at !== null && ends === today(one)
    ? t("may have passed today at %(time)s", { time })
    : t("may have passed (%(date)s)", { date: shortDay(ends, today(one)) });
}

/** A complaint of the person that is too late: what filing it suspends is known, and the day has passed. */
export const mayBeRestored = (one: Running): boolean =>
  one.clock.side === "person" && Boolean(one.clock.file_at && one.clock.suspends) && isOver(one);
