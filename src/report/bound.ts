import type { JsonValue } from "../answers/results/index.ts";
import { formatCount } from "../terms/index.ts";

/** A page can be sent, whatever the core: longer texts and lists are cut. */
const LONGEST_TEXT = 4096;
const LONGEST_LIST = 12_000;

/** The value with what is too long in it cut: a text says so at its end. */
export function bounded<Of>(value: Of): Of {
  return cut(value as JsonValue) as Of;
}

// Results nest as deep as their schemas.
function cut(value: JsonValue): JsonValue {
  if (typeof value === "string")
    return value.length <= LONGEST_TEXT
      ? value
      : `${value.slice(0, LONGEST_TEXT)}… (${formatCount(value.length)} characters)`;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST).map(cut);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cut(inner)]));
}
