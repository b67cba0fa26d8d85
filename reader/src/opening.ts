/** One file of an opened case, on the page: a picture, a voice or a film plays here, everything else is saved. */

import { el, offer } from "./dom.ts";
import { contentOf } from "./files.ts";
import { visible } from "./harmless.ts";
import { fileName, isFilm, isPicture, isSound, LOOKED_AT, mediaOf } from "./media.ts";
import { type ReadCase, sentFile } from "./reading.ts";
import { inWords, t } from "./texts.ts";

export async function openedFile(read: ReadCase, seq: number): Promise<HTMLElement> {
  const file = sentFile(read, seq);
  const content = file === null ? null : await contentOf(read.packed, file, read.identity);
  if (content === null) return el("p", { class: "wrong" }, t("It is not here."));
  if (!(content instanceof Uint8Array)) return el("p", { class: "wrong" }, visible(inWords(content)));
  return shownFile(content, seq);
}

function shownFile(bytes: Uint8Array, seq: number): HTMLElement {
  const media = mediaOf(bytes.subarray(0, LOOKED_AT));
  const save = el("button", { type: "button", click: () => offer(bytes, fileName(seq, media), media) }, t("Save as a file"));
  if (!isPicture(media) && !isSound(media) && !isFilm(media)) return save;
  const address = URL.createObjectURL(new Blob([bytes as BlobPart], { type: media }));
  const content = isPicture(media)
    ? el("img", { src: address, alt: t("Photo %(number)s", { number: seq }) })
    : el(isSound(media) ? "audio" : "video", { src: address, controls: true, "aria-label": fileName(seq, media) });
  return el("div", {}, content, save);
}
