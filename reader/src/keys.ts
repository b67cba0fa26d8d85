/** The key of this page's user while it is open, and making a new one. */

import encodeQR from "qr";
import {
  type Identity,
  identityFile,
  isPassphraseFile,
  newIdentity,
  readIdentityFile,
  recipientOf,
  sealWithPassphrase,
  Unopened,
  unsealWithPassphrase,
} from "./age.ts";
import { type Bytes, fingerprint, utf8 } from "./bytes.ts";
import { el } from "./dom.ts";
import { N_ } from "./texts.ts";

export const SHORTEST = 12;

export interface OpenKey {
  readonly identities: readonly string[];
  readonly fingerprints: readonly string[];
  readonly signedBy: string | null;
}

/** Why a passphrase is no good: the key of a sentence; null for a good one. */
export function weak(passphrase: string): string | null {
  const letters = [...passphrase.trim()];
  if (letters.length < SHORTEST) return N_("Too short: at least four words, or twelve letters.");
  return new Set(letters).size < 6 ? N_("Too many of the same letters.") : null;
}

export interface MadeKey {
  readonly identity: Identity;
  readonly fingerprint: string;
  readonly file: Bytes;
  readonly recipientFile: Bytes;
}

export async function makeKey(passphrase: string): Promise<MadeKey> {
  const identity = await newIdentity();
  const created = new Date().toISOString().slice(0, 19) + "+00:00";
  return {
    identity,
    fingerprint: fingerprint(identity.recipient),
    file: await sealWithPassphrase(identityFile(identity, created), passphrase),
    recipientFile: utf8(`${identity.recipient}\n`),
  };
}

export const needsPassphrase = (file: Uint8Array): boolean => isPassphraseFile(file);

export async function openKey(file: Uint8Array, passphrase: string): Promise<OpenKey> {
  const plain = isPassphraseFile(file) ? await unsealWithPassphrase(file, passphrase) : file;
  const { identities, signedBy } = readIdentityFile(plain);
  try {
    const recipients = await Promise.all(identities.map(recipientOf));
    return { identities, fingerprints: recipients.map(fingerprint), signedBy };
  } catch {
    throw new Unopened("malformed");
  }
}

/** A QR as a picture that scales, for a paper that is kept where nobody looks. */
export function qr(text: string): HTMLElement {
  const squares = encodeQR(text, "raw", { ecc: "medium" });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${squares.length} ${squares.length}`);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const drawn = squares.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  path.setAttribute("d", drawn.join(""));
  svg.append(path);
  const held = el("div", { class: "qr", role: "img" });
  held.append(svg);
  return held;
}
