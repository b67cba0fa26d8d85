// A key: what is made here opens here, its paper is the same key, and what asks for too much is turned away at once.
import assert from "node:assert/strict";
import { test } from "node:test";
import encodeQR from "qr";
import decodeQR from "qr/decode.js";
import { Unopened, unsealWithPassphrase } from "../src/age.ts";
import { text, utf8 } from "../src/bytes.ts";
import { makeKey, openKey, weak } from "../src/keys.ts";

const PHRASE = "й дождь корзина мост".normalize("NFC");

test("a key that is made opens with its passphrase, however its letters are composed", async () => {
  const made = await makeKey(PHRASE);
  const { identities, fingerprints } = await openKey(made.file, PHRASE.normalize("NFD"));
  assert.deepEqual(identities, [made.identity.secret]);
  assert.deepEqual(fingerprints, [made.fingerprint]);
  await assert.rejects(openKey(made.file, "another phrase altogether"), new Unopened("passphrase"));
  assert.equal(scanned(made.identity.secret), made.identity.secret);
});

/** What a camera reads from the paper. */
function scanned(secret: string): string {
  const squares = encodeQR(secret, "raw", { ecc: "medium" });
  const [scale, side] = [4, squares.length * 4];
  const data = new Uint8Array(side * side * 4).fill(255);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      if (squares[Math.floor(y / scale)]?.[Math.floor(x / scale)]) data.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  return decodeQR({ width: side, height: side, data });
}

test("a key file that asks for more than a phone has is turned away before any work", async () => {
  const { file } = await makeKey(PHRASE);
  const began = Date.now();
  for (const factor of ["19", "22", "64", "9".repeat(5000), "018", "x"]) {
    const asks = utf8(text(file.subarray(0, 80)).replace(" 16\n", ` ${factor}\n`));
    await assert.rejects(unsealWithPassphrase(asks, PHRASE), Unopened);
  }
  assert.ok(Date.now() - began < 1000);
});

test("a weak passphrase is named", () => {
  assert.ok(weak("short"));
  assert.ok(weak("aaaaaaaaaaaaaaaa"));
  assert.equal(weak(PHRASE), null);
});
