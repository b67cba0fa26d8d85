/** The page: a key, a case, handing over. Everything happens on this device; nothing leaves it. */

import { Unopened } from "./age.ts";
import { asFingerprint, fingerprint, utf8 } from "./bytes.ts";
import { type Around, caseView, NOTHING_AROUND } from "./case_view.ts";
import { append, el, offer, show } from "./dom.ts";
import { handOver, recipientIn } from "./handing.ts";
import { isRecord, records } from "./json.ts";
import { makeKey, type MadeKey, needsPassphrase, openKey, type OpenKey, qr, weak } from "./keys.ts";
import { OpenedCase } from "./opened.ts";
import { openedFile } from "./opening.ts";
import type { PageCase } from "./page_case.ts";
import { readCase, type ReadCase } from "./reading.ts";
import { changedSince, forget, remember, remembered } from "./store.ts";
import { isLanguage, type Language, language, LANGUAGES, N_, now, speak, t } from "./texts.ts";
import { casesIn, Unzippable } from "./zip.ts";

const KEY_FILES = { one: "age-encryption.org", other: "AGE-SECRET-KEY-PQ-1" };
const LARGEST = 300 * 1024 ** 2;

let key: OpenKey | null = null;
let bundle: Uint8Array | null = null;
let found: readonly ReadCase[] = [];

// --- the frame ---

const status = el("p", { role: "status", "aria-live": "polite", class: "status" });
const place = el("div", {});

function page(): void {
  const chooser = el(
    "nav",
    { class: "languages", "aria-label": "Language" },
    (Object.keys(LANGUAGES) as Language[]).map((one) =>
      el(
        "button",
        { type: "button", lang: one, "aria-pressed": String(one === language()), click: () => again(one) },
        LANGUAGES[one],
      ),
    ),
  );
  const root = document.querySelector("main");
  if (root === null) return;
  show(
    root,
    chooser,
    el("h1", {}, t("Case reader")),
    el("p", { class: "small" }, t("Works without a network. Nothing leaves this device.")),
    status,
    place,
  );
  start();
}

function again(to: Language): void {
  speak(to);
  page();
}

const tell = (text: string): void => show(status, text);

const button = (label: string, click: () => void, kind = ""): HTMLButtonElement =>
  el("button", { type: "button", class: kind || undefined, click }, label);

function start(): void {
  tell("");
  if (key === null) {
    show(place, keyPart(), el("hr"), newKeyPart());
  } else {
    show(place, casePart(), el("div", { id: "cases" }, found.map(foundView)), remembering());
  }
}

// --- opening a key ---

function picker(label: string, accept: string, picked: (file: File) => void): HTMLElement {
  const input = el("input", {
    type: "file",
    accept,
    change: () => {
      const file = input.files?.[0];
      if (file !== undefined) picked(file);
    },
  });
  return el("label", { class: "file" }, el("span", {}, label), input);
}

const bytesOf = async (file: File): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());

function keyPart(): HTMLElement {
  const asked = el("div", {});
  const picked = (file: File): void => {
    void bytesOf(file).then((bytes) => {
      if (readable(bytes)) void openWith(bytes, "");
      else if (needsPassphrase(bytes)) show(asked, passphraseForm(bytes));
      else tell(t("This is no key file: it begins with “%(one)s”, or has a line that begins with “%(other)s”.", KEY_FILES));
    });
  };
  const section = el("section", {}, el("h2", {}, t("1. Your key")), picker(t("Choose your key file"), "", picked), asked);
  append(section, [fromPaper()]);
  return section;
}

function fromPaper(): HTMLElement {
  const input = el("input", { autocomplete: "off", autocapitalize: "characters", spellcheck: "false" });
  return el(
    "details",
    {},
    el("summary", {}, t("The key is on paper")),
    el(
      "form",
      {
        submit: (event) => {
          event.preventDefault();
          void openWith(utf8(input.value.trim()), "");
        },
      },
      el("label", {}, el("span", {}, t("The line that begins with “%(other)s”", KEY_FILES)), input),
      el("button", {}, t("Open the key")),
    ),
  );
}

const readable = (bytes: Uint8Array): boolean => new TextDecoder().decode(bytes.subarray(0, 4096)).includes("AGE-SECRET-KEY-");

function passphraseForm(bytes: Uint8Array): HTMLElement {
  const input = el("input", { type: "password", autocomplete: "off", required: true });
  const form = el(
    "form",
    {
      submit: (event) => {
        event.preventDefault();
        void openWith(bytes, input.value);
      },
    },
    el("label", {}, el("span", {}, t("Passphrase")), input),
    el("button", { class: "first" }, t("Open the key")),
  );
  setTimeout(() => input.focus());
  return form;
}

async function openWith(bytes: Uint8Array, passphrase: string): Promise<void> {
  tell(t("One moment…"));
  await painted();
  try {
    key = await openKey(bytes, passphrase);
    start();
  } catch (error) {
    tell(whyNoKey(error));
  }
}

function whyNoKey(error: unknown): string {
  switch (error instanceof Unopened ? error.why : "malformed") {
    case "passphrase":
      return t("The passphrase does not open this key.");
    case "too_much_work":
      return t("This key file asks for more work than a phone can do.");
    default:
      return t("There is no key for cases in this file: its line begins with “%(other)s”.", KEY_FILES);
  }
}

/** Lets the browser show what was told before something long begins. */
const painted = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

// --- a new key ---

function newKeyPart(): HTMLElement {
  const inputs = [1, 2].map(() => el("input", { type: "password", autocomplete: "new-password", required: true }));
  const [one, two] = inputs as [HTMLInputElement, HTMLInputElement];
  const done = el("div", {});
  const made = async (): Promise<void> => {
    const fault = one.value === two.value ? weak(one.value) : N_("The two passphrases differ.");
    if (fault !== null) {
      tell(t(fault));
      return;
    }
    tell(t("Making the key. On a phone that takes some seconds…"));
    await painted();
    const fresh = await makeKey(one.value);
    tell("");
    show(done, madeView(fresh));
    done.querySelector("h3")?.focus();
  };
  return el(
    "section",
    {},
    el("h2", {}, t("No key yet?")),
    el("p", {}, t("Make one here. Choose a passphrase of four or more words that stand nowhere.")),
    el(
      "form",
      {
        submit: (event) => {
          event.preventDefault();
          void made();
        },
      },
      el("label", {}, el("span", {}, t("Passphrase")), one),
      el("label", {}, el("span", {}, t("The same once more")), two),
      el("button", {}, t("Make a key")),
    ),
    done,
  );
}

function madeView(fresh: MadeKey): HTMLElement {
  const paper = el("div", { class: "paper" }, qr(fresh.identity.secret), el("code", {}, fresh.identity.secret));
  return el(
    "div",
    { class: "made" },
    el("h3", { tabindex: "-1" }, t("Your key is made. Three steps:")),
    el(
      "ol",
      {},
      el(
        "li",
        {},
        t("Save the key file. Without it and the passphrase nobody can open your cases, nor can we."),
        " ",
        button(t("Save the key file"), () => offer(fresh.file, "pana-key.age", "application/octet-stream"), "first"),
      ),
      el(
        "li",
        {},
        t("Send this file to the bot. It is no secret."),
        " ",
        button(t("Save the file for the bot"), () => offer(fresh.recipientFile, "pana-key.pub", "text/plain")),
      ),
      el(
        "li",
        {},
        t("Tell your coordinator this fingerprint by voice, not through Telegram:"),
        " ",
        el("code", { class: "fingerprint" }, fresh.fingerprint),
      ),
    ),
    el(
      "details",
      {},
      el("summary", {}, t("A paper copy, in case the phone is lost")),
      el("p", {}, t("Whoever has this paper can read your cases, without a passphrase.")),
      paper,
      button(t("Print"), () => window.print()),
    ),
    button(t("Go on with this key"), () => {
      key = { identities: [fresh.identity.secret], fingerprints: [fresh.fingerprint], signedBy: null };
      start();
    }),
  );
}

// --- a case ---

function casePart(): HTMLElement {
  const picked = (file: File): void => void openBundle(file);
  const drop = el(
    "section",
    {
      class: "drop",
      dragover: (event) => event.preventDefault(),
      drop: (event) => {
        event.preventDefault();
        const file = (event as DragEvent).dataTransfer?.files[0];
        if (file !== undefined) picked(file);
      },
    },
    el("h2", {}, t("2. The case")),
    picker(t("Choose the zip that the bot has sent"), ".zip,application/zip", picked),
    el("p", { class: "small" }, t("Your key:"), " ", el("code", {}, key?.fingerprints.join(", ") ?? "")),
    button(t("Print"), () => window.print()),
    button(t("Close everything"), () => {
      key = null;
      bundle = null;
      found = [];
      start();
    }),
  );
  return drop;
}

async function openBundle(file: File): Promise<void> {
  if (file.size > LARGEST) {
    tell(t("This file is too large for this page: open its cases one by one."));
    return;
  }
  bundle = await bytesOf(file);
  await readBundle();
}

/** The signing fingerprint that counts: of the key file, or remembered here. */
const expected = (): string | null => key?.signedBy ?? remembered()?.signer ?? null;

async function readBundle(): Promise<void> {
  if (key === null || bundle === null) return;
  tell(t("Opening…"));
  await painted();
  try {
    const read: ReadCase[] = [];
    for (const packed of casesIn(bundle)) read.push(await readCase(packed, key.identities, expected()));
    found = read;
    start();
    const first = document.querySelector<HTMLElement>("#cases h2");
    first?.focus();
    first?.scrollIntoView(); // what was chosen above it is done
  } catch (error) {
    tell(whyNoBundle(error));
  }
}

function whyNoBundle(error: unknown): string {
  switch (error instanceof Unzippable ? error.why : "") {
    case "no_case":
      return t("There is no case in this file.");
    case "no_zip":
      return t("This is no zip: take the file as the bot has sent it.");
    default:
      return t("This file is too large for this page: open its cases one by one.");
  }
}

function foundView(read: ReadCase): HTMLElement {
  const opened = new OpenedCase(read, language());
  const shown = opened.forPage() as unknown as PageCase;
  const entries = records(read.manifest?.["entries"]);
  const before = read.manifest === null ? null : changedSince(read.caseId, entries);
  const kept = remembered();
  const around: Around = {
    mine: key?.fingerprints ?? [],
    known: kept === null ? null : [...kept.readers],
    origin: originView(read),
    before,
    open: (seq) => openedFile(read, seq),
  };
  const view = caseView(shown, around);
  if (kept !== null && before === null && read.identity !== null && !opened.problems.length) {
    const seen = { entries: entries.length, head: String(read.manifest?.["head"]), on: now().slice(0, 10) };
    const readers = [...new Set([...kept.readers, ...shown.readers.map((one) => one.fingerprint)])];
    remember({ cases: { ...kept.cases, [read.caseId]: seen }, readers });
  }
  append(view, [read.identity !== null && handingPart(read, opened.problems.length === 0 && before === null)]);
  return view;
}

/** Signed by somebody whom this device does not know yet. */
function originView(read: ReadCase): HTMLElement | null {
  const { signer } = read;
  if (signer === null || expected() !== null) return null;
  const pin = button(t("It is the same: remember it"), () => {
    if (!remember({ signer })) tell(t("This browser keeps nothing here. Compare it each time."));
    else void readBundle().then(() => tell(t("Remembered. From now on only this signature counts.")));
  });
  const compare = t("Signed by %(signer)s. Compare it with the fingerprint that you were given when you joined.", { signer });
  return el("div", { class: "ask" }, el("p", {}, compare), pin);
}

// --- handing over ---

function handingPart(read: ReadCase, sound: boolean): HTMLElement {
  const asked = el("div", {});
  const picked = (file: File): void => {
    void bytesOf(file).then((bytes) => {
      const recipient = recipientIn(bytes);
      if (recipient === null) tell(t("This file must hold one key, which begins with “%(begins)s”.", { begins: "age1pq1" }));
      else show(asked, confirmView(read, recipient));
    });
  };
  return el(
    "details",
    {},
    el("summary", {}, t("Hand this case over")),
    sound
      ? picker(t("Choose the file with the other lawyer's key"), "", picked)
      : el("p", {}, t("A record with something wrong in it is not handed over from here.")),
    asked,
  );
}

function confirmView(read: ReadCase, recipient: string): HTMLElement {
  const mark = fingerprint(recipient);
  const input = el("input", { autocomplete: "off", autocapitalize: "characters", spellcheck: "false" });
  const go = async (): Promise<void> => {
    if (asFingerprint(input.value) !== mark) {
      tell(t("The fingerprints differ: this is not that lawyer's key."));
      return;
    }
    try {
      offer(await handOver(read, recipient), `${read.code}-key.zip`, "application/zip");
      tell(t("Send this file to the bot; it passes the key on."));
    } catch {
      tell(t("This file must hold one key, which begins with “%(begins)s”.", { begins: "age1pq1" }));
    }
  };
  return el(
    "form",
    {
      submit: (event) => {
        event.preventDefault();
        void go();
      },
    },
    el("p", {}, t("Ask the other lawyer for the fingerprint, not through Telegram. Of this key it is:"), " ", el("code", {}, mark)),
    el("label", {}, el("span", {}, t("The fingerprint as you were told it")), input),
    el("button", {}, t("Make the file")),
  );
}

// --- what is remembered ---

function remembering(): HTMLElement {
  const box = el("input", {
    type: "checkbox",
    change: () => {
      if (!box.checked) forget();
      else if (!remember({})) {
        box.checked = false;
        tell(t("This browser keeps nothing here. Compare it each time."));
      }
    },
  });
  box.checked = remembered() !== null;
  return el(
    "label",
    { class: "check" },
    box,
    t("Remember on this device who signs and what was seen, never the key nor a case"),
  );
}

// --- what `pana open --format html` has put into the page ---

/** Cases that were opened elsewhere: they are shown, and nothing else can be done here. */
function givenCases(): boolean {
  const given: unknown = JSON.parse(document.getElementById("opened")?.textContent ?? "null");
  if (!isRecord(given)) return false;
  speak(isLanguage(given["language"]) ? given["language"] : "en");
  const cases = records(given["cases"]).map((one) => caseView(one as unknown as PageCase, NOTHING_AROUND));
  const root = document.querySelector("main");
  if (root !== null) show(root, el("h1", {}, t("Case reader")), ...cases, button(t("Print"), () => window.print()));
  return true;
}

if (!givenCases()) {
  speak(navigator.language.startsWith("kk") ? "kk" : navigator.language.startsWith("en") ? "en" : "ru");
  page();
}
