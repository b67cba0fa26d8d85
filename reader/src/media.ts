/** What a file is by its first bytes (storage/media.py), whatever it is called. */

const starts = (bytes: Uint8Array, ...signature: number[]): boolean => signature.every((one, at) => bytes[at] === one);
const word = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
const HEIC = new Set(["heic", "heix", "mif1", "msf1", "hevc"]);

export const LOOKED_AT = 16;

export function mediaOf(bytes: Uint8Array): string {
  if (starts(bytes, 0xff, 0xd8, 0xff)) return "image/jpeg";
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "image/png";
  if (word(bytes, 0) === "%PDF" && bytes[4] === 0x2d) return "application/pdf";
  if (word(bytes, 0) === "OggS") return "audio/ogg";
  if (word(bytes, 0).startsWith("ID3") || starts(bytes, 0xff, 0xfb)) return "audio/mpeg";
  if (word(bytes, 0) === "RIFF") {
    return { WEBP: "image/webp", WAVE: "audio/wav" }[word(bytes, 8)] ?? "application/octet-stream";
  }
  if (word(bytes, 4) === "ftyp") {
    const brand = word(bytes, 8);
    return HEIC.has(brand) ? "image/heic" : ["M4A ", "M4B "].includes(brand) ? "audio/mp4" : "video/mp4";
  }
  return "application/octet-stream";
}

const ENDINGS: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "image/heic": "heic",
  "application/pdf": "pdf",
  "audio/ogg": "ogg",
  "audio/mpeg": "mp3",
  "audio/mp4": "m4a",
  "audio/wav": "wav",
  "video/mp4": "mp4",
};

/** A name by number and type: what was sent with it decides nothing. */
export const fileName = (seq: number, media: string): string =>
  `${String(seq).padStart(4, "0")}.${ENDINGS[media] ?? "bin"}`;

export const isPicture = (media: string): boolean => ["image/jpeg", "image/png", "image/webp"].includes(media);
export const isSound = (media: string): boolean => media.startsWith("audio/");
export const isFilm = (media: string): boolean => media === "video/mp4";
