import type { JsonValue } from "../answers/results/index.ts";
import { formatCount } from "../terms/index.ts";

/** A page can be sent, whatever the core: longer texts and lists are cut. */
const LONGEST_TEXT = 4096;
const LONGEST_LIST = 12_000;
/** Nearly all texts are shorter than this. So many characters of longer ones a result may have, and then they are cut here. */
const USUAL_TEXT = 200;
const MOST_LONG_TEXT = 2 ** 20;

/** The value with what is too long in it cut: a text says so at its end. */
export function bounded<Of>(value: Of): Of {
  const left = { characters: MOST_LONG_TEXT };
  return cut(value as JsonValue, left) as Of;
}

// Results nest as deep as their schemas.
function cut(value: JsonValue, left: { characters: number }): JsonValue {
  if (typeof value === "string") return cutText(value, left);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST).map((item) => cut(item, left));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cut(inner, left)]));
}

function cutText(text: string, left: { characters: number }): string {
  if (text.length <= USUAL_TEXT) return text;
  const most = Math.max(USUAL_TEXT, Math.min(LONGEST_TEXT, left.characters));
  left.characters -= Math.min(text.length, most);
  return text.length <= most ? text : `${text.slice(0, most)}… (${formatCount(text.length)} characters)`;
}
