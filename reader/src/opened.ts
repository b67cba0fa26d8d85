/** A read case put together as storage/opened.py does it: the latest of each question, and what was said earlier. */

import { fileOf, NOTHING, type TakenOut } from "./files.ts";
import { type Answer, type Answers, type Clock, type Deadline, deadlines, holds, type Texts } from "./flow.ts";
import { type Entry, isRecord, type Json, records, string, strings } from "./json.ts";
import { type ReadCase, readersOf, revisionIn } from "./reading.ts";
import { inEnglish, type Said, sentence } from "./said.ts";
import { entryOf, type Kind, KINDS } from "./shapes.ts";
import { callWords } from "./words.ts";

interface Kept {
  readonly value: Json;
  readonly at: string;
  readonly form: string;
}

interface Earlier extends Kept {
  readonly question: string;
  readonly why: "replaced" | "not_asked";
}

export class OpenedCase {
  readonly read: ReadCase;
  readonly revision: string;
  readonly language: string;
  readonly shownIn: string;
  readonly flow: Entry;
  form = "self";
  level = "normal";
  reasons: readonly Entry[] = [];
  readonly answers = new Map<string, Kept>();
  earlier: Earlier[] = [];
  readonly messages: Entry[] = [];
  readonly forColleagues: Entry[] = [];
  readonly files: Entry[] = [];
  complete = false;
  checkWord: string | null = null;
  callSecret: string | null = null;
  callLanguage = "";
  /** What this version cannot show, and what no version of ours has written so. */
  readonly unread: Said[] = [];
  readonly malformed: Said[] = [];

  constructor(read: ReadCase, language: string | null = null) {
    this.read = read;
    this.revision = revisionIn(read.entries);
    this.flow = read.flows.get(this.revision) ?? {};
    const spoken = read.entries.map((one) => string(one["lang"])).filter(Boolean);
    this.language = spoken.at(-1) ?? strings(this.flow["languages"])[0] ?? "";
    this.shownIn = language || this.language;
    for (const entry of read.entries) this.#take(entry);
  }

  get problems(): Said[] {
    return [...this.read.problems, ...this.malformed];
  }

  /** What `pana open --format json` prints. */
  asJson(): Entry {
    const clocks = this.#running().map((one) => this.#clock(one));
    return {
      case: this.read.code,
      level: this.read.entries.length ? this.level : null,
      language: this.language,
      flow: string(this.flow["flow"]),
      revision: this.revision,
      complete: this.complete,
      created: this.read.manifest?.["created"] ?? null,
      entries: records(this.read.manifest?.["entries"]).length,
      problems: this.problems.map(inEnglish),
      notes: [...this.read.notes, ...this.unread].map(inEnglish),
      check_word: this.checkWord,
      call_words: this.callSecret === null ? null : callWords(this.callSecret, this.callLanguage),
      reasons: this.#why().map(([text, signed]) => (signed ? text : `${text} (rule not yet signed)`)),
      clocks,
      cards: this.#reminders().map(([text, signed]) => (signed ? text : `${text} (not yet signed)`)),
      readers: readersOf(this.read) as Json[],
      answers: this.#inOrder().map((one) => this.#answer(one)),
      earlier: this.#saidEarlier(),
      messages: this.messages as Json[],
      for_colleagues: this.forColleagues as Json[],
      files: this.#sent(),
    };
  }

  /** The same for a page that speaks its own language (storage/opened.py, `for_page`). */
  forPage(): Entry {
    const parts = ({ text, values }: Said): Entry => ({ text, values: { ...values } });
    const found = this.files.map((one) => this.#found(one));
    return {
      ...this.asJson(),
      wrong: this.problems.map(parts),
      noted: [...this.read.notes, ...this.unread].map(parts),
      why: this.#why(),
      reminders: this.#reminders(),
      deadlines: this.#running().map(({ clock, latest }) => ({
        latest,
        side: this.#saidOf(clock, "side"),
        basis: this.#saidOf(clock, "basis"),
      })),
      offers: this.#inOrder().filter((one) => records(this.#question(one)["options"]).some((each) => each["id"] === "go_on")),
      wrong_files: found.map((one) => one.problem && parts(one.problem)),
      asked_for: this.files.map((one) =>
        one["question"] ? this.#questionText(String(one["question"]), this.form) : null,
      ),
    };
  }

  // --- putting entries together ---

  #take(entry: Entry): void {
    const kind = entry["kind"];
    const seq = entry["seq"];
    if (!isKind(kind)) {
      this.unread.push(sentence("entry %(seq)s is of a kind that this version does not know: use a newer pana", { seq }));
      return;
    }
    const value = entry["value"] ?? null;
    if (!entryOf(kind, entry)) {
      this.malformed.push(sentence("entry %(seq)s (%(kind)s) is not written as this version reads it", { seq, kind }));
    } else if (kind === "answer") {
      const form = string(entry["form"]) || this.form;
      this.#put(string(entry["question"]), value, string(entry["at"]), Number(entry["part"] ?? 1), form);
    } else if (kind === "submitted") {
      this.complete = true;
    } else if (kind !== "readers" && isRecord(value)) {
      this.#takeAbout(kind, value, entry);
    }
  }

  #takeAbout(kind: Exclude<Kind, "answer" | "submitted" | "readers">, value: Entry, entry: Entry): void {
    switch (kind) {
      case "snapshot":
        return this.#snapshot(value, string(entry["at"]));
      case "level":
        return this.#judged(value);
      case "message":
        this.messages.push({ ...value, at: string(entry["at"]) });
        return;
      case "note":
        this.forColleagues.push({ ...value, at: string(entry["at"]) });
        return;
      case "file":
        this.files.push(fileOf(entry, value));
        return;
      case "withdrawn":
        return this.#withdrawn(string(value["question"]));
      case "restored":
        return this.#restored(string(value["question"]));
      case "check":
        this.checkWord = string(value["word"]);
        this.callSecret = string(value["call"]) || this.read.caseId;
        this.callLanguage = string(entry["lang"]) || this.language;
    }
  }

  #judged(value: Entry): void {
    this.level = string(value["level"]);
    this.reasons = records(value["reasons"]);
  }

  #snapshot(value: Entry, at: string): void {
    this.#judged(value);
    this.form = string(value["form"]) || "self";
    const openly = strings(value["openly"]);
    for (const [question, answer] of Object.entries(isRecord(value["answers"]) ? value["answers"] : {})) {
      const written = isRecord(answer) && Object.hasOwn(answer, "written");
      if (written && this.answers.has(question)) continue;
      this.#put(question, answer, at, 1, openly.includes(question) ? "open" : this.form);
    }
  }

  #put(question: string, given: Json, at: string, part: number, form: string): void {
    const before = this.answers.get(question);
    let kept: Kept = { value: given, at, form };
    if (before !== undefined && this.#isText(question, before.value)) {
      if (part > 1 && typeof given === "string") kept = { value: string(before.value) + given, at, form: before.form };
      else this.earlier.push({ question, ...before, why: "replaced" });
    }
    this.answers.set(question, kept);
  }

  #isText(question: string, value: Json): boolean {
    return typeof value === "string" && (this.#question(question)["kind"] ?? "text") === "text";
  }

  #withdrawn(question: string): void {
    const kept = this.answers.get(question);
    this.answers.delete(question);
    if (kept !== undefined && this.#isText(question, kept.value)) {
      this.earlier.push({ question, ...kept, why: "not_asked" });
    }
  }

  #restored(question: string): void {
    const at = this.earlier.map((one) => one.question === question && one.why === "not_asked").lastIndexOf(true);
    const kept = this.earlier[at];
    if (kept === undefined) return;
    this.earlier = this.earlier.filter((_, place) => place !== at);
    const { value, form } = kept;
    this.answers.set(question, { value, at: kept.at, form });
  }

  // --- in words ---

  #given(): Answers {
    const given = new Map<string, Answer>();
    for (const question of records(this.flow["questions"])) {
      const id = string(question["id"]);
      const kept = this.answers.get(id);
      if (kept !== undefined) given.set(id, answerOf(string(question["kind"]), kept.value));
    }
    return given;
  }

  #why(): [string, boolean][] {
    return this.reasons.map((reason) => {
      const name = string(reason["rule"]);
      const rule = records(this.flow["rules"]).find((one) => one["id"] === name);
      const head = this.#said(rule?.["reason"]) || name;
      const pairs = Array.isArray(reason["because"]) ? reason["because"].map(strings) : [];
      const because = pairs.map(([question = "", option = ""]) => this.#label(question, option)).join(", ");
      return [pairs.length ? `${head}: ${because}` : head, rule === undefined || Boolean(rule["verified_by"])];
    });
  }

  #reminders(): [string, boolean][] {
    const given = this.#given();
    return records(this.flow["cards"])
      .filter((one) => holds(one["when"] ?? null, given))
      .map((one) => [this.#said(one["text"]) || string(one["id"]), Boolean(one["verified_by"])]);
  }

  #running(): Deadline[] {
    return deadlines(records(this.flow["clocks"]) as unknown as Clock[], this.#given());
  }

  #clock({ clock, begins, ends, moment }: Deadline): Entry {
    const plain = clock as unknown as Entry;
    return {
      clock: clock.id,
      event: this.#said(clock.event) || clock.id,
      from: begins,
      to: ends,
      at: moment,
      period: this.#saidOf(clock, "period"),
      side: plain["side"] ?? "",
      file_at: this.#saidOf(clock, "file_at"),
      suspends: this.#saidOf(clock, "suspends"),
      remind: [...(clock.remind ?? [])],
      basis: clock.basis,
      certainty: clock.certainty,
      verified_by: clock.verified_by ?? null,
    };
  }

  /** Of a deadline in the language of whoever reads; as written where the questionnaire has no words for it. */
  #saidOf(clock: Clock, name: string): string {
    const texts = own(clock.in_words as Entry | null | undefined, name);
    return string(own(texts, this.shownIn)) || string((clock as unknown as Entry)[name]);
  }

  #inOrder(): string[] {
    const known = records(this.flow["questions"]).map((one) => string(one["id"]));
    return [
      ...known.filter((one) => this.answers.has(one)),
      ...[...this.answers.keys()].filter((one) => !known.includes(one)),
    ];
  }

  #answer(question: string): Entry {
    const { value, at, form } = this.answers.get(question) as Kept;
    return { question, label: this.#questionText(question, form), value, text: this.#inWords(question, value), at };
  }

  #saidEarlier(): Entry[] {
    return this.earlier.map(({ question, value, at, form, why }) => ({
      question,
      label: this.#questionText(question, form),
      text: value,
      at,
      why,
    }));
  }

  #found(file: Entry): TakenOut {
    return (typeof file["seq"] === "number" && this.read.files.get(file["seq"])) || NOTHING;
  }

  #sent(): Entry[] {
    return this.files.map((file) => {
      const { media, apart, problem, itself } = this.#found(file);
      const says = itself && { taken: itself.taken, camera: itself.camera, place: itself.place && [...itself.place] };
      const more = { written: null, apart, problem: problem && inEnglish(problem), says };
      return { ...file, ...(media === null ? {} : { media }), ...more };
    });
  }

  #questionText(question: string, form: string): string {
    const forms = this.#question(question)["text"];
    const said = own(forms, form);
    return this.#said(isRecord(said) && Object.keys(said).length ? said : own(forms, "self")) || question;
  }

  #inWords(question: string, value: Json): string {
    if (value === null) return "-";
    if (isRecord(value)) {
      if (!Object.hasOwn(value, "from")) return "";
      const [from, to] = [string(value["from"]), string(value["to"])];
      return from === to ? [from, ...hoursIn(value["hours"])].join(", ") : `${from} - ${to}`;
    }
    return (Array.isArray(value) ? value : [value]).map((one) => this.#label(question, string(one))).join(", ");
  }

  #label(question: string, option: string): string {
    const found = records(this.#question(question)["options"]).find((one) => one["id"] === option);
    return (found && this.#said(found["label"])) || option;
  }

  #question(question: string): Entry {
    return records(this.flow["questions"]).find((one) => one["id"] === question) ?? {};
  }

  #said(texts: Json | Texts | undefined): string {
    return string(own(texts as Json, this.shownIn)) || string(own(texts as Json, this.language));
  }
}

/** What an object has of itself: a stranger's name may be one that every object has. */
const own = (value: Json | undefined, name: string): Json | undefined =>
  isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;

const isKind = (value: Json | undefined): value is Kind => (KINDS as readonly unknown[]).includes(value);

/** An answer as conditions and clocks read it. */
function answerOf(kind: string, value: Json): Answer {
  if (value === null) return { is: "skipped" };
  if (isRecord(value) && Object.hasOwn(value, "from")) {
    const hours = Array.isArray(value["hours"]) ? (value["hours"] as [number, number]) : null;
    return { is: "dated", from: string(value["from"]), to: string(value["to"]), hours };
  }
  if (Array.isArray(value)) return { is: "chosen", options: strings(value) };
  const chosen = ["single", "multiple", "date"].includes(kind);
  return typeof value === "string" && chosen ? { is: "chosen", options: [value] } : { is: "written" };
}

const hoursIn = (hours: Json | undefined): string[] =>
  Array.isArray(hours) ? [hours.map((one) => `${String(one).padStart(2, "0")}:00`).join("-")] : [];
