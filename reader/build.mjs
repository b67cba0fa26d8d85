// One file with everything in it, the same bytes from the same sources: `node build.mjs OUT`.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const LARGEST = 250 * 1000;
const options = { bundle: true, minify: true, write: false, charset: "utf8", legalComments: "none" };
const script = await build({
  ...options,
  entryPoints: ["src/main.ts"],
  format: "iife",
  target: ["chrome94", "firefox94", "safari15.4"],
});
const style = await build({ ...options, entryPoints: ["src/page.css"] });
const [js, css] = [script, style].map((one) => one.outputFiles[0].text.trim().replaceAll("</script", "<\\/script"));
const hash = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;
const page = readFileSync("src/page.html", "utf8")
  .replace("__SCRIPT_HASH__", hash(js))
  .replace("__STYLE_HASH__", hash(css))
  .replace("__STYLE__", () => css)
  .replace("__SCRIPT__", () => js);
const size = Buffer.byteLength(page);
if (size > LARGEST) {
  console.error(`the reader has ${size} bytes, and may have ${LARGEST}`);
  process.exit(1);
}
writeFileSync(process.argv[2] ?? "reader.html", page);
console.log(`${size} bytes, SHA-256 ${createHash("sha256").update(page).digest("hex")}`);
