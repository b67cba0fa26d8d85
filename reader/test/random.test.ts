// Both readers give the same of entries that have anything in any place: tests/reader/test_reader.py makes them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Entry } from "../src/json.ts";
import { OpenedCase } from "../src/opened.ts";
import type { ReadCase } from "../src/reading.ts";
import { FLOW } from "../src/shapes.ts";

const path = process.env["ODD"];
interface Odd {
  readonly entries: Entry[];
  readonly flow: Entry;
  readonly fits: boolean;
  readonly language: string | null;
  readonly gives: Entry;
}

test("anything in any place", { skip: path === undefined }, () => {
  const all = JSON.parse(readFileSync(path ?? "", "utf8")) as { revision: string; odd: Odd[] };
  for (const { entries, flow, fits, language, gives } of all.odd) {
    assert.equal(FLOW(flow), fits, JSON.stringify(flow));
    const there = Object.entries(flow).filter(([name, said]) => said !== null || name === "region");
    const flows = fits ? new Map([[all.revision, Object.fromEntries(there)]]) : new Map();
    const about = { code: "K7Q4-F2MX", caseId: "c".repeat(32), problems: [], notes: [], files: new Map() };
    const found = new OpenedCase({ ...about, entries, flows } as unknown as ReadCase, language).forPage();
    assert.deepEqual(JSON.parse(JSON.stringify(found)), gives, JSON.stringify(entries));
  }
});
