import type { Columns, JsonObject, JsonValue, Value } from "../answers/results/index.ts";
import { printable } from "../terms/index.ts";

/** Makes a value's JSON, on one line. */
type Writer = (value: JsonValue) => string;

/**
 * Makes JSON, on one line, of objects that have these columns: these keys and no others, in this order, whatever order
 * and whatever else the object has. Made once for all rows.
 */
export function objectWriter(columns: Columns): (object: JsonObject) => string {
  const members = Object.entries(columns).map(([key, column], index) => ({
    key,
    start: `${index === 0 ? "{" : ","}${JSON.stringify(key)}:`,
    write: valueWriter(column),
  }));
  return (object) => {
    let text = "";
    for (const { key, start, write } of members) text += start + write(object[key] ?? null);
    return `${text}}`;
  };
}

function valueWriter(value: Value): Writer {
  if (value.kind === "object") {
    const write = objectWriter(value.columns);
    return (object) => (isObject(object) ? write(object) : formatJson(object));
  }
  if (value.kind === "list") {
    const write = valueWriter(value.of);
    return (list) => (Array.isArray(list) ? `[${list.map(write).join(",")}]` : formatJson(list));
  }
  return formatJson;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What JSON.stringify leaves as it is, and `printable` may not. */
const NOT_ASCII = /[^\x20-\x7e]/gu;

/**
 * The value as JSON on one line. JSON.stringify escapes C0 controls and lone surrogates; what else a terminal
 * must not see (C1, bidi) is escaped here, which reads back as the same text.
 */
export function formatJson(value: JsonValue): string {
  if (typeof value === "number") return String(value);
  return JSON.stringify(value).replace(NOT_ASCII, (character) =>
    printable(character) === character
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
