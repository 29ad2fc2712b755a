import type { JsonObject, JsonValue, Value } from "../../answers/results/index.ts";
import { physicalOf } from "./schema.ts";

/** Bytes that values take until they are written. */
export interface Weight {
  bytes: number;
}

const HALF = 2 ** 32;
/** Digits of 32 bits. */
const HALF_DIGITS = 8;

/** A safe integer as 64 bits, low half first. False for null. */
export function putInteger(halves: Uint32Array, at: number, value: JsonValue): boolean {
  if (typeof value !== "number") return false;
  halves[at] = value;
  halves[at + 1] = Math.floor(value / HALF);
  return true;
}

/** `0x7f01`, `00007f01` or the number, as 64 bits. False for null, and for 2^64, which an end may be. */
export function putHex(halves: Uint32Array, at: number, value: JsonValue): boolean {
  if (typeof value !== "string") return putInteger(halves, at, value);
  const start = value.startsWith("0x") ? 2 : 0;
  if (value.length - start > 2 * HALF_DIGITS) return false;
  const middle = Math.max(start, value.length - HALF_DIGITS);
  halves[at] = numberIn(value, middle, value.length);
  halves[at + 1] = numberIn(value, start, middle);
  return true;
}

/** What each digit stands for, by its code. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) =>
  Math.max(0, "0123456789abcdef".indexOf(String.fromCharCode(code))),
);

function numberIn(digits: string, start: number, end: number): number {
  let number = 0;
  for (let index = start; index < end; index += 1)
    number = (number << 4) | (DIGITS[digits.charCodeAt(index)] ?? 0);
  return number;
}

/**
 * Text as UTF-8 can say it: of a surrogate without its other half, which UTF-8 has no form for, the escape that JSON has,
 * `\ud800`.
 */
export function wellFormed(text: string): string {
  if (!SURROGATE.test(text)) return text;
  return text.replaceAll(LONE_HALF, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}

const SURROGATE = /[\ud800-\udfff]/;
const LONE_HALF = /\p{Surrogate}/gu;

/** Makes of a value what the writer takes: numbers as bigint, objects with the keys of their columns. */
export function valueWriter(value: Value, weight: Weight): (value: JsonValue) => unknown {
  const write = plainWriter(value, weight);
  return (given) => (given === null ? null : write(given));
}

function plainWriter(value: Value, weight: Weight): (value: NonNullable<JsonValue>) => unknown {
  if (value.kind === "list") {
    const write = valueWriter(value.of, weight);
    return (given) => (Array.isArray(given) ? given.map(write) : null);
  }
  if (value.kind === "object") {
    const members = Object.entries(value.columns).map(
      ([key, column]) => [key, valueWriter(column, weight)] as const,
    );
    return (given) =>
      Object.fromEntries(members.map(([key, write]) => [key, write((given as JsonObject)[key] ?? null)]));
  }
  const physical = physicalOf(value);
  const write =
    physical === "flag" || physical === "real"
      ? (given: JsonValue) => given
      : physical === "signed"
        ? BigInt
        : physical === "unsigned"
          ? wordOf
          : wellFormed;
  return (given) => {
    const written = write(given as never);
    weight.bytes += typeof written === "string" ? written.length + VALUE_BYTES : VALUE_BYTES;
    return written;
  };
}

/** What a value of its own takes, more or less. */
const VALUE_BYTES = 16;
const MOST = 2n ** 64n - 1n;

function wordOf(text: string): bigint | null {
  const word = BigInt(text.startsWith("0x") ? text : `0x${text}`);
  return word > MOST ? null : word;
}
