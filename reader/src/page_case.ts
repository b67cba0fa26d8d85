/** What the page shows of a case: what opening gives, here or in `pana open --format html`. */

import type { Entry, Json } from "./json.ts";
import type { Said } from "./said.ts";

export interface Clock {
  readonly clock: string;
  readonly event: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly at: string | null;
  readonly period: string;
  readonly side: string;
  readonly file_at: string;
  readonly suspends: string;
  readonly certainty: string;
  readonly verified_by: string | null;
}

export interface PageCase {
  readonly case: string;
  readonly level: string | null;
  readonly complete: boolean;
  readonly created: string | null;
  readonly entries: number;
  readonly check_word: string | null;
  readonly call_words: string | null;
  readonly clocks: readonly Clock[];
  readonly deadlines: readonly { readonly latest: string | null; readonly side: string; readonly basis: string }[];
  readonly readers: readonly { readonly name: string; readonly fingerprint: string }[];
  readonly answers: readonly {
    readonly question: string;
    readonly label: string;
    readonly value: Json;
    readonly text: string;
    readonly at: string;
  }[];
  readonly earlier: readonly { readonly label: string; readonly text: string; readonly at: string; readonly why: string }[];
  readonly messages: readonly Entry[];
  readonly for_colleagues: readonly Entry[];
  readonly files: readonly Entry[];
  readonly wrong: readonly Said[];
  readonly noted: readonly Said[];
  readonly wrong_files: readonly (Said | null)[];
  readonly asked_for: readonly (string | null)[];
  readonly why: readonly (readonly [string, boolean])[];
  readonly reminders: readonly (readonly [string, boolean])[];
  readonly offers: readonly string[];
}
