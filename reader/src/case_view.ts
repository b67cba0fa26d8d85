/** A case on the page: what is wrong first, then what decides in the first half minute, then everything else. */

import { inOrder, isPast, mayBeRestored, type Running, when } from "./deadlines.ts";
import { append, el, show } from "./dom.ts";
import { visible } from "./harmless.ts";
import { type Entry, isRecord, type Json, string } from "./json.ts";
import type { PageCase } from "./page_case.ts";
import { amount, day, inWords, lasts, now, t } from "./texts.ts";

/** What the page can do beside showing: in `pana open --format html` nothing of it. */
export interface Around {
  /** Fingerprints of whoever reads, and of readers that were seen before; null where nothing is remembered. */
  readonly mine: readonly string[];
  readonly known: readonly string[] | null;
  /** From whom it is, and what was seen of it before. */
  readonly origin: HTMLElement | null;
  readonly before: string | null;
  /** Opens the file of an entry. */
  readonly open: ((seq: number) => Promise<HTMLElement>) | null;
}

export const NOTHING_AROUND: Around = { mine: [], known: null, origin: null, before: null, open: null };

export function caseView(shown: PageCase, around: Around): HTMLElement {
  return el(
    "article",
    { class: "case", "aria-label": visible(shown.case) },
    title(shown),
    shown.created !== null && el("p", { class: "small" }, t("As of %(date)s, entries: %(count)s", { date: day(shown.created), count: shown.entries })),
    wrong(shown, around),
    whatDecides(shown),
    section(shown.level === "normal" ? t("What was found:") : t("Why it is urgent:"), list(shown.why.map(marked))),
    section(t("Deadlines, seen from %(date)s:", { date: day(now().slice(0, 10)) }), deadlinesView(shown)),
    section(t("Reminders for the lawyer:"), list(shown.reminders.map(marked))),
    section(t("Answers"), answersView(shown)),
    section(t("Said earlier"), earlierView(shown)),
    section(t("Messages"), list(shown.messages.map(messageView))),
    section(t("Notes of lawyers for the next one, which the person never sees"), list(shown.for_colleagues.map(noteView))),
    section(t("Photos, papers, voices"), filesView(shown, around)),
    section(t("Who can open this case:"), readersView(shown, around)),
  );
}

const LEVELS: Readonly<Record<string, () => string>> = {
  critical: () => t("urgent"),
  high: () => t("important"),
  normal: () => t("no urgency named"),
};

function title(shown: PageCase): HTMLElement {
  const code = visible(shown.case);
  if (shown.level === null) return el("h2", { tabindex: "-1" }, t("Case %(code)s: nothing of it can be read with this key", { code }));
  const known = Object.hasOwn(LEVELS, shown.level) ? shown.level : "critical";
  const state = shown.complete ? t("the answers were sent") : t("the answers are not finished");
  return el(
    "h2",
    { tabindex: "-1" },
    el("code", {}, code),
    " ",
    el("span", { class: `level ${known}` }, LEVELS[known]?.()),
    " ",
    el("span", { class: "state" }, state),
  );
}

function section(name: string, content: HTMLElement | null): HTMLElement | null {
  return content && el("section", {}, el("h3", {}, name), content);
}

const list = (items: readonly HTMLElement[]): HTMLElement | null => (items.length ? el("ul", {}, items) : null);

const marked = ([text, signed]: readonly [string, boolean]): HTMLElement =>
  el("li", {}, visible(text), !signed && el("span", { class: "mark" }, " ", t("(not yet confirmed by an advocate)")));

const said = (text: string): HTMLElement => el("p", { class: "said", dir: "auto" }, visible(text));

const time = (at: Json | undefined): string => visible(string(at)).replace("T", " ").slice(0, 16);

// --- what is wrong, and what decides ---

function wrong(shown: PageCase, { origin, before }: Around): HTMLElement {
  const problems = [...shown.wrong.map(inWords), ...(before === null ? [] : [before])];
  const asked = origin !== null; // to compare whose signature it is
  const notes = shown.noted.filter((one) => !(asked && one.text === "signed by %(key)s, not compared"));
  return el(
    "div",
    {},
    problems.length > 0 &&
      el(
        "div",
        { class: "wrong", role: "alert" },
        el("strong", {}, t("Something is wrong with this record")),
        list(problems.map((one) => el("li", {}, visible(one)))),
      ),
    origin,
    list(notes.map((one) => el("li", { class: "note" }, visible(inWords(one))))),
  );
}

function whatDecides(shown: PageCase): HTMLElement | null {
  const { call_words: words, check_word: word } = shown;
  if (words === null && word === null) return null;
  return el(
    "div",
    { class: "decides" },
    words !== null && el("p", {}, t("If you call, first say: %(words)s", { words })),
    word !== null && checkWordView(visible(word)),
  );
}

function checkWordView(word: string): HTMLElement {
  const told = el("span", { role: "status" });
  const copy = (): void => {
    const done = navigator.clipboard?.writeText(word) ?? Promise.reject(new Error());
    void done.then(
      () => show(told, t("copied")),
      () => show(told, t("Select it and copy.")),
    );
  };
  return el(
    "p",
    {},
    t("Check word: %(word)s", { word: "" }),
    el("code", {}, word),
    " ",
    el("button", { type: "button", click: copy }, t("Copy")),
    " ",
    told,
  );
}

// --- deadlines ---

function deadlinesView(shown: PageCase): HTMLElement | null {
  const here = now();
  const beside = new Map(shown.clocks.map((clock, at) => [clock, shown.deadlines[at]]));
  const running = shown.clocks.map((clock) => ({ clock, latest: beside.get(clock)?.latest ?? null, here }));
  return list(inOrder(running).map((one) => deadlineView(one, beside.get(one.clock))));
}

const CERTAINTY: Readonly<Record<string, () => string>> = {
  A: () => t("read in a text of 2024 or later"),
  "A-old": () => t("read in an older text, to be checked"),
  B: () => t("from a secondary source, to be checked"),
  C: () => t("from memory or our own reading, to be checked"),
};

function deadlineView(one: Running, beside: PageCase["deadlines"][number] | undefined): HTMLElement {
  const { clock } = one;
  const parts = [
    clock.period && t("period: %(what)s", { what: clock.period }),
    beside?.side && t("whose: %(what)s", { what: beside.side }),
    clock.file_at && t("to: %(what)s", { what: clock.file_at }),
    clock.suspends && t("filing suspends: %(what)s", { what: clock.suspends }),
    beside?.basis && t("basis: %(what)s", { what: beside.basis }),
    Object.hasOwn(CERTAINTY, clock.certainty) && CERTAINTY[clock.certainty]?.(),
  ];
  const about = parts.filter((part): part is string => Boolean(part)).join("; ");
  return el(
    "li",
    { class: isPast(one) ? "passed" : "ahead" },
    el("strong", {}, `${when(one)}. `.replace("..", ".")),
    visible(clock.event),
    clock.verified_by === null && el("span", { class: "mark" }, " ", t("(not yet confirmed by an advocate)")),
    mayBeRestored(one) && el("p", {}, t("Ask to restore it; was the defender notified?")),
    el("small", {}, visible(`${about} (${clock.clock})`)),
  );
}

// --- answers and messages ---

function answersView(shown: PageCase): HTMLElement | null {
  const answers = shown.answers.filter((one) => !shown.offers.includes(one.question));
  const rows = answers.flatMap((one) => [
    el("dt", {}, visible(one.label)),
    el("dd", { dir: "auto" }, visible(answerInWords(one.value, one.text))),
  ]);
  return rows.length ? el("dl", {}, rows) : null;
}

function answerInWords(value: Json, text: string): string {
  if (value === null) return t("no answer");
  if (!isRecord(value) || !Object.hasOwn(value, "from")) return text;
  const [from, to] = [day(string(value["from"])), day(string(value["to"]))];
  if (from !== to) return `${from} – ${to}`;
  const hours = Array.isArray(value["hours"]) ? value["hours"] : [];
  return [from, ...(hours.length ? [hours.map((one) => `${String(one).padStart(2, "0")}:00`).join("–")] : [])].join(", ");
}

function earlierView(shown: PageCase): HTMLElement | null {
  const head = ({ label, why }: PageCase["earlier"][number]): string =>
    why === "replaced"
      ? t("Said earlier, written anew since: %(question)s", { question: label })
      : t("Said earlier, the question no longer applies: %(question)s", { question: label });
  return list(shown.earlier.map((one) => el("li", {}, visible(head(one)), said(string(one.text)))));
}

function messageView(message: Entry): HTMLElement {
  const at = time(message["at"]);
  const corrected = message["corrected"] === true;
  const person = corrected ? t("From the person, a correction, %(time)s", { time: at }) : t("From the person, %(time)s", { time: at });
  const who = message["from"] === "lawyer" ? t("From a lawyer, %(time)s", { time: at }) : person;
  return el("li", {}, el("small", {}, who), said(string(message["text"])));
}

function noteView(note: Entry): HTMLElement {
  const who = t("%(name)s, %(time)s", { name: string(note["name"]), time: time(note["at"]) });
  return el("li", {}, el("small", {}, visible(who)), said(string(note["text"])));
}

// --- files ---

function filesView(shown: PageCase, around: Around): HTMLElement | null {
  return list(shown.files.map((one, at) => fileView(shown, one, at, around)));
}

function fileView(shown: PageCase, file: Entry, at: number, { open }: Around): HTMLElement {
  const seq = Number(file["seq"]);
  const place = el("div", {});
  const problem = shown.wrong_files[at] ?? null;
  const button = el(
    "button",
    {
      type: "button",
      click: () => {
        button.disabled = true;
        void open?.(seq).then((made) => show(place, made));
      },
    },
    t("Open file %(n)s", { n: seq }),
  );
  const lines = [
    ...(problem === null ? [] : [t("PROBLEM: %(what)s", { what: inWords(problem) })]),
    ...told(file, shown.asked_for[at] ?? null),
    ...itself(file["says"]),
  ];
  const line = t("File %(n)s: %(what)s, received %(time)s", { n: seq, what: kindInWords(file), time: time(file["at"]) });
  const item = el("li", {}, visible(line), lines.map((one) => el("small", {}, visible(one))));
  const canOpen = open !== null && problem === null && file["apart"] !== true;
  append(item, [canOpen && button, place]);
  return item;
}

const number = (value: Json | undefined): number => (typeof value === "number" && value > 0 ? value : 0);

function kindInWords(file: Entry): string {
  const [time, size] = [lasts(number(file["seconds"])), amount(number(file["bytes"]))];
  switch (file["kind"]) {
    case "photo":
      return t("photo (%(size)s)", { size });
    case "paper":
      return t("document (%(size)s)", { size });
    case "voice":
      return t("voice message (%(time)s)", { time });
    case "round":
      return t("video message (%(time)s)", { time });
    case "video":
      return t("video (%(time)s, %(size)s)", { time, size });
    default:
      return t("file (%(size)s)", { size });
  }
}

function told(file: Entry, question: string | null): string[] {
  const about = (name: string): string => string(file[name]);
  return [
    question !== null && t("answers: %(question)s", { question }),
    about("name") && t("sent under the name %(name)s", { name: about("name") }),
    about("media") && t("type: %(what)s", { what: about("media") }),
    about("said") && t("sent as %(what)s", { what: about("said") }),
    about("sha256") && `SHA-256: ${about("sha256")}`,
    file["apart"] === true && t("It lies in another zip of this case."),
    about("written") && t("written to %(path)s", { path: about("written") }),
  ].filter((one): one is string => Boolean(one));
}

function itself(says: Json | undefined): string[] {
  if (!isRecord(says)) return [];
  const place = Array.isArray(says["place"]) ? says["place"].map((one) => Number(one).toFixed(5)).join(", ") : "";
  const parts = [
    says["taken"] && t("taken %(time)s", { time: string(says["taken"]) }),
    says["camera"] && t("camera %(what)s", { what: string(says["camera"]) }),
    place && t("place %(place)s", { place }),
  ].filter((one): one is string => Boolean(one));
  return [t("The file itself says (anybody can change this): %(what)s", { what: parts.join(", ") })];
}

// --- readers ---

function readersView(shown: PageCase, { mine, known }: Around): HTMLElement | null {
  const views = shown.readers.map(({ name, fingerprint }) => {
    const strange = known !== null && known.length > 0 && !mine.includes(fingerprint) && !known.includes(fingerprint);
    const who = mine.includes(fingerprint) ? t("(you)") : strange ? t("(not seen before)") : "";
    return el("li", { class: strange && "strange" }, visible(name), " ", who, " ", el("code", {}, visible(fingerprint)));
  });
  return list(views);
}
