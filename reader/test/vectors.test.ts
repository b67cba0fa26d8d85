// The reader gives what `pana open` gives, for every vector (tests/storage/vectors).
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readIdentityFile } from "../src/age.ts";
import type { Entry } from "../src/json.ts";
import { OpenedCase } from "../src/opened.ts";
import { readCase, type ReadCase } from "../src/reading.ts";
import { casesIn, Unzippable } from "../src/zip.ts";

const FOLDER = process.env["VECTORS"] ?? join("..", "tests", "storage", "vectors");
const REFUSED = { no_zip: "is not a case bundle (zip or folder)", no_case: "there is no case in", too_many: "too many" };
const { identities } = readIdentityFile(readFileSync(join(FOLDER, "key.txt")));
const json = (name: string): Entry => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8")) as Entry;

async function opened(name: string, signedBy: string | null): Promise<Entry> {
  const cases: Entry[] = [];
  try {
    for (const packed of casesIn(readFileSync(join(FOLDER, `${name}.zip`)))) {
      cases.push(new OpenedCase(await readCase(packed, identities, signedBy)).forPage());
    }
  } catch (error) {
    if (error instanceof Unzippable) return { refused: REFUSED[error.why] };
    throw error;
  }
  return { cases };
}

for (const file of readdirSync(FOLDER).filter((one) => one.endsWith(".zip")).sort()) {
  const name = file.slice(0, -4);
  test(`${name} opens as its json says`, async () => {
    const { what, signed_by: signedBy, ...gives } = json(name);
    assert.ok(what);
    const found = await opened(name, signedBy as string | null);
    if (typeof gives["refused"] === "string") assert.ok(gives["refused"].includes(String(found["refused"])));
    else assert.deepEqual(found, gives);
  });
}

test("an entry that is written otherwise is named or counts", () => {
  const { about, entries } = json("entries") as unknown as { about: Record<string, Entry>; entries: Entry[] };
  const withEntry = (odd: Entry | null): Entry => {
    const told = [{ ...about["readers"], seq: 1 }, { ...about["first"], seq: 2 }, ...(odd ? [{ ...odd, seq: 3 }] : [])];
    const read = {
      code: "K7Q4-F2MX",
      caseId: "c".repeat(32),
      entries: told,
      flows: new Map([[about["revision"], about["flow"]]]),
      files: new Map(),
      problems: [],
      notes: [],
    };
    return new OpenedCase(read as unknown as ReadCase).forPage();
  };
  const before = withEntry(null);
  for (const { entry, gives } of entries as unknown as { entry: Entry; gives: Entry }[]) {
    const after = withEntry(entry);
    const changed = Object.keys(after).filter((name) => CHANGES.has(name) && !same(before[name], after[name]));
    assert.deepEqual(Object.fromEntries(changed.map((name) => [name, after[name]])), gives, JSON.stringify(entry));
  }
});

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
const CHANGES = new Set(["level", "language", "complete", "problems", "notes", "check_word", "call_words", "reasons",
  "clocks", "answers", "earlier", "messages", "for_colleagues", "files"]);
