// Compiles the tests and runs them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const out = mkdtempSync(join(process.cwd(), ".test-"));
const tests = readdirSync("test").filter((one) => one.endsWith(".test.ts"));
await build({
  entryPoints: tests.map((one) => join("test", one)),
  bundle: true,
  platform: "node",
  format: "esm",
  outdir: out,
  outExtension: { ".js": ".mjs" },
});
const run = spawnSync(process.execPath, ["--test", "--test-reporter=tap", ...readdirSync(out).map((one) => join(out, one))], { stdio: "inherit" });
rmSync(out, { recursive: true });
process.exit(run.status ?? 1);
