/**
 * The public contract of `--format json` and `--format ndjson`, all of it, in one file.
 *
 * `json` is one {@link Frame}: an object with the keys `schema`, `input`, `totals`, `rows` in this order.
 * `ndjson` is the frame's rows alone, one a line. csv and tsv have the same keys as their header.
 * Within a version (`@1`) keys are only ever added; one that changes its meaning or goes makes it `@2`.
 *
 * Numbers are plain integers, sizes are bytes; all are safe integers (below 2^53, and well above 2^32).
 * Words are lower-case hex without `0x`, two digits a byte; addresses are `0x…` without leading zeros.
 * What is not known is null, never a missing key. Names stand as the core or the map has them; control
 * characters and lone surrogates in them are JSON escapes.
 *
 * These are `type`s, not interfaces, so that the compiler sees that they are JSON.
 */

/** What JSON can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

/** The file that was counted. */
export type WordsInput = {
  /** As it was given; `-` is standard input. */
  readonly path: string;
  /** Its bytes, after decompression. */
  readonly bytes: number;
  /** `gzip`, or null where the file is not compressed. */
  readonly compression: string | null;
  readonly wordBytes: 4 | 8;
  readonly endian: "little" | "big";
};

/** The rows' counts and `restCount` add up to `words`. */
export type WordsTotals = {
  /** Bytes that were counted. */
  readonly bytes: number;
  /** Words that were counted; a last partial word, padded with zero bytes, is one of them. */
  readonly words: number;
  /** Different words among them; null where they were not all counted (without `--all`). */
  readonly distinct: number | null;
  /** Words that stand in no row. */
  readonly restCount: number;
};

/** A word and how often it occurs: by count, then by word, descending. */
export type WordRow = {
  /** At least 1. */
  readonly count: number;
  /** `00007f01104e0c70`; 8 digits with `--word 4`. */
  readonly word: string;
  /** `NAME` or `NAME+0xOFF` as the first map that knows the address has it. */
  readonly symbol: string | null;
  /** The type whose address the word is, as the core itself names it. */
  readonly type: string | null;
};

/** Every schema there is. A new one is the types of its parts, above, and an entry here. */
export type Schemas = {
  "coregram/words@1": { readonly input: WordsInput; readonly totals: WordsTotals; readonly row: WordRow };
};

export type SchemaName = keyof Schemas;

/** What `--format json` prints. */
export type Frame<Name extends SchemaName = SchemaName> = {
  readonly schema: Name;
  readonly input: Schemas[Name]["input"];
  readonly totals: Schemas[Name]["totals"];
  readonly rows: readonly Schemas[Name]["row"][];
};
