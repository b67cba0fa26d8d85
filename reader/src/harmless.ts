/**
 * What somebody else has written, on a screen: it moves nothing, turns no direction and hides nothing. What would
 * becomes visible as an escape. storage/harmless.py does the same.
 */

const LONGEST = 120;
const NOT_PRINTABLE = /[\p{C}\p{Z}]/gu;
const STEERS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const AS_IT_IS = new Set(["\n", "\t", "\u00ad", "\u200c", "\u200d"]);

/** A name or a number of a stranger's, in a line of ours; null for anything else. */
export function shown(value: unknown): string | number | null {
  if (typeof value === "number") return Number.isInteger(value) ? value : null;
  if (typeof value !== "string") return null;
  const escaped = [...value.replace(NOT_PRINTABLE, (one) => (one === " " ? one : escape(one)))];
  return escaped.length <= LONGEST ? escaped.join("") : `${escaped.slice(0, LONGEST).join("")}…`;
}

/** Running text as it was written, with its lines. */
export const visible = (said: string): string => said.replace(STEERS, (one) => (AS_IT_IS.has(one) ? one : escape(one)));

function escape(one: string): string {
  const named = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[one];
  if (named !== undefined) return named;
  const code = (one.codePointAt(0) ?? 0).toString(16);
  if (code.length <= 2) return `\\x${code.padStart(2, "0")}`;
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
}
