// Deadlines are said as the program says them: tests/reader/test_reader.py names the file with what it says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inOrder, mayBeRestored, type Running, when } from "../src/deadlines.ts";
import { amount, day, type Language, speak } from "../src/texts.ts";

interface Told {
  readonly here: string;
  readonly running: readonly Omit<Running, "here">[];
  readonly order: readonly string[];
  readonly restored: readonly string[];
  readonly words: Readonly<Record<Language, readonly string[]>>;
}

const path = process.env["DEADLINES"];
const told = path === undefined ? null : (JSON.parse(readFileSync(path, "utf8")) as {
  readonly cases: readonly Told[];
  readonly days: Readonly<Record<Language, Readonly<Record<string, string>>>>;
  readonly sizes: Readonly<Record<Language, Readonly<Record<string, string>>>>;
});

test("deadlines are said alike", { skip: told === null }, () => {
  for (const { here, running, order, restored, words } of told?.cases ?? []) {
    const all = running.map((one) => ({ ...one, here }));
    for (const language of ["ru", "kk", "en"] as const) {
      speak(language);
      assert.deepEqual(all.map(when), words[language], here);
    }
    assert.deepEqual(inOrder(all).map((one) => one.clock.clock), order, here);
    assert.deepEqual(all.filter(mayBeRestored).map((one) => one.clock.clock), restored, here);
  }
});

test("days and sizes are said alike", { skip: told === null }, () => {
  for (const language of ["ru", "kk", "en"] as const) {
    speak(language);
    for (const [iso, said] of Object.entries(told?.days[language] ?? {})) assert.equal(day(iso), said);
    for (const [size, said] of Object.entries(told?.sizes[language] ?? {})) assert.equal(amount(Number(size)), said);
  }
});
