/** What this page remembers on this device, and only if it was asked to: who signs, which state of a case was seen. */

import { day, t } from "./texts.ts";

const NAME = "pana-reader/1";

export interface Remembered {
  readonly signer: string | null;
  /** Case id -> how many entries were seen and the last one's hash. */
  readonly cases: Readonly<Record<string, { readonly entries: number; readonly head: string; readonly on: string }>>;
  /** Fingerprints of readers of cases that were opened before. */
  readonly readers: readonly string[];
}

const NOTHING: Remembered = { signer: null, cases: {}, readers: [] };

/** Null where nothing may be, or can be, kept. */
export function remembered(): Remembered | null {
  try {
    const kept = localStorage.getItem(NAME);
    return kept === null ? null : { ...NOTHING, ...(JSON.parse(kept) as Partial<Remembered>) };
  } catch {
    return null;
  }
}

export function remember(changed: Partial<Remembered>): boolean {
  try {
    localStorage.setItem(NAME, JSON.stringify({ ...(remembered() ?? NOTHING), ...changed }));
    return true;
  } catch {
    return false;
  }
}

export function forget(): void {
  try {
    localStorage.removeItem(NAME);
  } catch {
    // there was nothing that could be kept
  }
}

/** What this page does not know of a case, or of what has come of it since: older, or another record under its id. */
export function changedSince(caseId: string, entries: readonly { readonly [name: string]: unknown }[]): string | null {
  const before = remembered()?.cases[caseId];
  if (before === undefined) return null;
  if (before.entries > entries.length) {
    return t("this record is older than the one that was opened here on %(day)s", { day: day(before.on) });
  }
  return entries[before.entries - 1]?.["sha256"] === before.head
    ? null
    : t("this record does not continue the one that was opened here on %(day)s", { day: day(before.on) });
}
