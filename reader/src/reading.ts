/**
 * A case of a bundle, checked and opened as storage/reading.py does it, in the same words. Bad content never raises: it
 * becomes a problem.
 */

import { ed25519 } from "@noble/curves/ed25519.js";
import { readIdentityFile, recipientOf, unseal } from "./age.ts";
import { type Bytes, caseIdOf, concat, fingerprint, sha256Hex, text, unBase64, utf8 } from "./bytes.ts";
import { contentOf, found, NOTHING, type SentFile, type TakenOut } from "./files.ts";
import { type Entry, isRecord, type Json, parsed, records, string, strings } from "./json.ts";
import { type Said, sentence } from "./said.ts";
import { entryOf, FLOW, MANIFEST } from "./shapes.ts";
import { byCodePoint, type Packed } from "./zip.ts";

const GENESIS = "0".repeat(64);

export interface ReadCase {
  readonly code: string;
  readonly caseId: string;
  readonly manifest: Entry | null;
  /** Who has signed: a fingerprint; null where nobody has, or it does not hold. */
  readonly signer: string | null;
  readonly identity: string | null;
  readonly packed: Packed;
  readonly entries: Entry[];
  readonly flows: Map<string, Entry>;
  readonly files: Map<number, TakenOut>;
  readonly problems: Said[];
  readonly notes: Said[];
}

type Files = ReadonlyMap<string, Bytes>;
type Mutable = { -readonly [name in keyof ReadCase]: ReadCase[name] };

/** One case, checked whole. `signedBy`: the fingerprint that the signer must have, if that is known. */
export async function readCase(packed: Packed, identities: readonly string[], signedBy: string | null): Promise<ReadCase> {
  const seen: Mutable = {
    code: packed.folder,
    caseId: "",
    manifest: null,
    signer: null,
    identity: null,
    packed,
    entries: [],
    flows: new Map(),
    files: new Map(),
    problems: [],
    notes: [],
  };
  const { files, damaged } = await packed.small();
  const wrong = (said: string, values: Readonly<Record<string, Json | undefined>> = {}): number =>
    seen.problems.push(sentence(said, values));
  for (const name of [...packed.twice].sort(byCodePoint)) wrong("%(name)s is in the zip more than once", { name });
  for (const name of damaged.filter((one) => !packed.twice.has(one)).sort(byCodePoint)) {
    wrong("%(name)s cannot be read", { name });
  }
  const manifest = parsed(files.get("manifest.json") ?? new Uint8Array());
  if (manifest === undefined || !MANIFEST(manifest)) {
    wrong("the manifest cannot be read");
    return seen;
  }
  seen.manifest = manifest as Entry;
  seen.code = string(seen.manifest["case"]);
  seen.caseId = string(seen.manifest["case_id"]);
  const recipient = string(seen.manifest["recipient"]);
  if (packed.folder !== "" && packed.folder !== seen.code) {
    const names = { folder: packed.folder, case: seen.code };
    wrong("the folder has the name %(folder)s, and its manifest says %(case)s", names);
  }
  seen.signer = origin(seen, files, signedBy);
  if (seen.caseId !== caseIdOf(recipient)) wrong("the case id does not belong to the case's recipient");
  const onlyKeys = hasOnlyKeys(seen);
  if (onlyKeys) wrong("only the keys of the case are here: this file is for the bot, which has the rest");
  else compare(seen, new Map([...files, ...damaged.map((name) => [name, new Uint8Array()] as [string, Bytes])]));
  const { identity, strange } = await unwrap(files, identities, recipient);
  seen.identity = identity;
  if (identity === null) {
    wrong(strange ? "the wrapped identity belongs to another case" : "no wrap opens with this identity");
  } else if (!onlyKeys) {
    await openEntries(seen, files, identity);
    await readFlow(seen);
  }
  if (!onlyKeys) await takeOut(seen);
  return seen;
}

/** A case as it is handed over by way of the bot: nothing that is sealed, and the keys to it. */
function hasOnlyKeys(seen: ReadCase): boolean {
  const names = [...seen.packed.names];
  const keys = names.some((name) => name.startsWith("keys/"));
  return listedIn(seen).length > 0 && keys && !names.some((name) => /^[0-9]+(\.bin)?\.age$/.test(name));
}

const listedIn = (read: ReadCase): Entry[] => records(read.manifest?.["entries"]);

function origin(seen: ReadCase, files: Files, signedBy: string | null): string | null {
  const signer = string(seen.manifest?.["signer"]);
  const signature = files.get("manifest.sig");
  if (!signer && signature === undefined) {
    if (signedBy === null) seen.notes.push(sentence("not signed: exported without the server's key"));
    else {
      const unsigned = "not signed: exported without the server's key, and so not by %(key)s";
      seen.problems.push(sentence(unsigned, { key: signedBy }));
    }
    return null;
  }
  if (!verified(files.get("manifest.json") ?? new Uint8Array(), signature ?? new Uint8Array(), signer)) {
    seen.problems.push(sentence("the signature of the manifest does not hold"));
    return null;
  }
  const key = fingerprint(signer);
  if (signedBy === null) seen.notes.push(sentence("signed by %(key)s, not compared", { key }));
  else if (signedBy !== key) {
    seen.problems.push(sentence("signed by %(key)s, which is not %(expected)s", { key, expected: signedBy }));
  }
  return key;
}

function verified(manifest: Bytes, signature: Bytes, signer: string): boolean {
  try {
    const [key, signed] = [unBase64(signer), unBase64(text(signature))];
    if (key === null || signed === null) return false;
    return ed25519.verify(signed, concat(utf8("pana-manifest-v1\n"), manifest), key, { zip215: false });
  } catch {
    return false;
  }
}

function compare(seen: ReadCase, files: Files): void {
  const listed = listedIn(seen);
  for (const row of listed) {
    const name = string(row["file"]);
    const content = files.get(name);
    if (content === undefined) seen.problems.push(sentence("%(name)s is missing", { name }));
    else if (sha256Hex(content) !== row["sha256"]) {
      seen.problems.push(sentence("%(name)s is not the file that was signed", { name }));
    }
  }
  strangers(seen, [...files.keys()], new Set(listed.map((row) => string(row["file"]))), /^[0-9]+\.age$/);
  const head = seen.manifest !== null && Object.hasOwn(seen.manifest, "head") ? seen.manifest["head"] : null;
  if ((listed.at(-1)?.["sha256"] ?? "") !== head) seen.problems.push(sentence("the head is not the last entry"));
}

function strangers(seen: ReadCase, names: readonly string[], listed: ReadonlySet<string>, numbered: RegExp): void {
  for (const name of [...names].sort(byCodePoint)) {
    if (numbered.test(name) && !listed.has(name)) seen.problems.push(sentence("%(name)s is not in the manifest", { name }));
  }
}

/** The case identity that fits the case's recipient: a stranger's wrap that opens stands in nobody's way. */
async function unwrap(
  files: Files,
  identities: readonly string[],
  recipient: string,
): Promise<{ identity: string | null; strange: boolean }> {
  let strange = false;
  for (const name of [...files.keys()].filter((one) => one.startsWith("keys/")).sort(byCodePoint)) {
    const found = await identityIn(files.get(name) as Bytes, identities);
    if (found?.recipient === recipient) return { identity: found.secret, strange };
    strange ||= found !== null;
  }
  return { identity: null, strange };
}

async function identityIn(wrapped: Bytes, identities: readonly string[]): Promise<{ secret: string; recipient: string } | null> {
  try {
    const secret = readIdentityFile(await unseal(wrapped, identities)).identities[0] as string;
    return { secret, recipient: await recipientOf(secret) };
  } catch {
    return null;
  }
}

async function openEntries(seen: ReadCase, files: Files, identity: string): Promise<void> {
  let prev = GENESIS;
  for (const [at, row] of listedIn(seen).entries()) {
    const name = string(row["file"]);
    const sealed = files.get(name) ?? new Uint8Array();
    const entry = await entryIn(sealed, identity);
    if (isRecord(entry)) {
      checkPlace(seen, name, entry, at + 1, prev);
      seen.entries.push(entry);
    } else if (sealed.length) {
      seen.problems.push(sentence("%(name)s does not open", { name }));
    }
    prev = sha256Hex(sealed);
  }
  if (seen.entries[0]?.["kind"] !== "readers") seen.problems.push(sentence("the first entry does not name the readers"));
}

async function entryIn(sealed: Bytes, identity: string): Promise<Json | undefined> {
  try {
    return parsed(await unseal(sealed, [identity]));
  } catch {
    return undefined;
  }
}

function checkPlace(seen: ReadCase, name: string, entry: Entry, place: number, prev: string): void {
  if (entry["case"] !== seen.caseId) seen.problems.push(sentence("%(name)s belongs to another case", { name }));
  if (entry["seq"] !== place) {
    seen.problems.push(
      sentence("%(name)s has number %(number)s in place %(place)s", { name, number: entry["seq"], place }),
    );
  }
  if (entry["prev"] !== prev) {
    seen.problems.push(sentence("%(name)s does not follow the entry before it", { name }));
  }
}

/** The questionnaire that the latest entry names; empty when none does. */
export const revisionIn = (entries: readonly Entry[]): string =>
  entries.map((one) => string(one["flow"])).filter(Boolean).at(-1) ?? "";

async function readFlow(seen: ReadCase): Promise<void> {
  const revision = revisionIn(seen.entries);
  const name = `flow/${revision}.json`;
  const data = seen.packed.has(name) ? await seen.packed.read(name).catch(() => new Uint8Array()) : null;
  const same = data !== null && sha256Hex(data) === revision;
  if (data !== null && !same) {
    seen.problems.push(sentence("%(name)s is not the questionnaire of that revision", { name }));
  }
  const flow = same ? parsed(data) : undefined;
  if (flow !== undefined && FLOW(flow)) {
    const there = Object.entries(flow as Entry).filter(([each, said]) => said !== null || each === "region");
    seen.flows.set(revision, Object.fromEntries(there) as Entry);
  } else if (revision) {
    seen.problems.push(sentence("the questionnaire cannot be read: answers stand without their questions"));
  }
}

async function takeOut(seen: ReadCase): Promise<void> {
  const listed = listedIn(seen);
  for (const [at, row] of listed.entries()) {
    if (typeof row["blob"] !== "string") continue;
    const taken = await takenOut(seen, sentFile(seen, at + 1) as SentFile);
    seen.files.set(at + 1, taken);
    if (taken.problem !== null) seen.problems.push(taken.problem);
  }
  strangers(seen, seen.packed.names, new Set(listed.map((row) => string(row["blob"]))), /^[0-9]+\.bin\.age$/);
}

async function takenOut(seen: ReadCase, file: SentFile): Promise<TakenOut> {
  if (seen.packed.has(file.name)) return found(await contentOf(seen.packed, file, seen.identity));
  if (strings(seen.manifest?.["apart"]).includes(file.name)) return { ...NOTHING, apart: true };
  return { ...NOTHING, problem: sentence("%(name)s is missing", { name: file.name }) };
}

/** A file as manifest and entry tell of it; null where the manifest has none of this number. */
export function sentFile(seen: ReadCase, seq: number): SentFile | null {
  const row = listedIn(seen)[seq - 1];
  if (row === undefined || typeof row["blob"] !== "string") return null;
  const entry = seen.entries.filter((one) => one["kind"] === "file" && one["seq"] === seq).at(-1);
  return { name: row["blob"], sealedSha256: string(row["blob_sha256"]), value: entry?.["value"] ?? null };
}

/** Everybody the case was sealed to, as its first entry names them. */
export function readersOf(read: ReadCase): Entry[] {
  const first = read.entries[0];
  return first?.["kind"] === "readers" && entryOf("readers", first) ? records(first["value"]) : [];
}
