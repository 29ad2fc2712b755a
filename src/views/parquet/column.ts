import type { Column, JsonValue } from "../../answers/results/index.ts";
import { physicalOf } from "./schema.ts";
import { putHex, putInteger, valueWriter, type Weight, wellFormed } from "./values.ts";

/** What the writer takes for a column of a row group. */
export interface ColumnData {
  readonly data: BigInt64Array | BigUint64Array | unknown[];
  /** None is chosen where this is undefined: a dictionary where that halves the column, else the values one by one. */
  readonly encoding?: "PLAIN";
}

/** The values of a column, gathered until there are enough for a row group. */
export interface ColumnBuffer {
  add(value: JsonValue): void;
  /** What was gathered, to be used before more is added; begins anew. */
  take(): ColumnData;
}

/** @param weight gets what the values take beyond a few bytes each */
export function bufferOf(column: Column, weight: Weight): ColumnBuffer {
  const physical = physicalOf(column);
  if (physical === "signed") return new WordBuffer(BigInt64Array, putInteger);
  if (physical === "unsigned") return new WordBuffer(BigUint64Array, putHex);
  if (physical === "text")
    return new ValueBuffer((value) => {
      if (value === null) return null;
      const text = wellFormed(String(value));
      weight.bytes += text.length;
      return text;
    });
  return new ValueBuffer(valueWriter(column, weight));
}

const FIRST_ROWS = 1024;

/** Numbers of 64 bits as pairs of 32, low one first: a bigint for each would take most of the time. */
class WordBuffer implements ColumnBuffer {
  readonly #words: new (
    buffer: ArrayBuffer,
    offset: number,
    length: number,
  ) => BigInt64Array | BigUint64Array;
  readonly #put: (halves: Uint32Array, at: number, value: JsonValue) => boolean;
  #halves = new Uint32Array(2 * FIRST_ROWS);
  #rows = 0;
  #nulls: number[] = [];

  /** @param put stores a value, or returns false where it is none */
  constructor(
    words: new (buffer: ArrayBuffer, offset: number, length: number) => BigInt64Array | BigUint64Array,
    put: (halves: Uint32Array, at: number, value: JsonValue) => boolean,
  ) {
    this.#words = words;
    this.#put = put;
  }

  add(value: JsonValue): void {
    const at = 2 * this.#rows;
    if (at === this.#halves.length) {
      const wider = new Uint32Array(2 * at);
      wider.set(this.#halves);
      this.#halves = wider;
    }
    if (!this.#put(this.#halves, at, value)) this.#nulls.push(this.#rows);
    this.#rows += 1;
  }

  take(): ColumnData {
    const words = new this.#words(this.#halves.buffer, 0, this.#rows);
    const nulls = this.#nulls;
    this.#rows = 0;
    this.#nulls = [];
    if (nulls.length === 0) return { data: words, encoding: "PLAIN" };
    const values: (bigint | null)[] = Array.from(words);
    for (const row of nulls) values[row] = null;
    return { data: values, encoding: "PLAIN" };
  }
}

/** Values as they are; the array is used again, as to grow it anew takes longer than to fill it. */
class ValueBuffer implements ColumnBuffer {
  readonly #write: (value: JsonValue) => unknown;
  readonly #values: unknown[] = [];
  #rows = 0;

  constructor(write: (value: JsonValue) => unknown) {
    this.#write = write;
  }

  add(value: JsonValue): void {
    this.#values[this.#rows] = this.#write(value);
    this.#rows += 1;
  }

  take(): ColumnData {
    this.#values.length = this.#rows;
    this.#rows = 0;
    return { data: this.#values };
  }
}
