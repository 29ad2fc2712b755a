/**
 * What a result's columns are, as data: the one place from which its types, its csv header, the order of its JSON keys,
 * its JSON Schema and the titles, alignment and units of its tables come.
 *
 * Plain literals, since every run of the program loads them: what is made of them is made on demand.
 */

/** Whole numbers, all safe integers: `count` of things, `bytes`, and `number` for what is neither (a process's number). */
export type IntegerKind = "count" | "bytes" | "number";

/**
 * `address` is `0x…` without leading zeros and below 2^64; `end` is one past the last byte, 2^64 at most; `word` has two
 * lower-case digits a byte of a word; `hex` two digits for each of some bytes; `mask` is `0x…`, bits; `permissions` is
 * `rw-`; `text` is anything.
 */
export type TextKind = "address" | "end" | "word" | "hex" | "mask" | "permissions" | "text";

/** Kinds that may hold anything of a process's memory, or of whose it is. */
type TellingKind = "text" | "word" | "hex";

/**
 * What a text tells, by which `redact` knows what to leave of it: `ours` is the program's own words, the platform's, or made
 * of other columns of the row; `value` is what stood in the process's memory or around it (a text, a number, a command line);
 * `path`, `type`, `function`, `variable` are names of code as Python has them; `label` is a thread's or a task's, which may be
 * anything; `file` is the path of a file of the program, `build` a build ID; `symbol` is native code's; `word` a word of
 * memory; `compared` what a row of `diff` is by; `input` what was given on the command line; `prose` a sentence with any of
 * these in it.
 */
export type Tells =
  | "ours"
  | "value"
  | "path"
  | "type"
  | "function"
  | "variable"
  | "label"
  | "file"
  | "build"
  | "symbol"
  | "word"
  | "compared"
  | "input"
  | "prose";

/** What a value is, null left aside. */
export type Value =
  | {
      readonly kind: IntegerKind;
      /** Also below 0: a difference. */
      readonly signed?: true;
      /** `value`: it tells whose the process is. */
      readonly tells?: "value";
    }
  /** An address may be `word`: any word that stood where one was looked for. */
  | { readonly kind: Exclude<TextKind, TellingKind>; readonly tells?: "word" }
  | { readonly kind: TellingKind; readonly tells: Tells }
  | { readonly kind: "flag" }
  /** Any finite number: what a query computes. */
  | { readonly kind: "real" }
  | { readonly kind: "choice"; readonly values: readonly (string | number)[] }
  | { readonly kind: "object"; readonly columns: Columns }
  | { readonly kind: "list"; readonly of: Value };

/** A key's value, and what it means. */
export type Column = Value & {
  /** Whether it may be null: not known, or not there. */
  readonly nullable?: true;
  /** The header of a table that shows it. */
  readonly title?: string;
  /** What it means, in a line. */
  readonly doc: string;
};

/** Columns by their JSON key, in the order in which they are printed. */
export type Columns = { readonly [key: string]: Column };

/** A result: `--format json` prints `input`, `totals` and the rows as one object, the frame. */
export interface ResultColumns {
  /** `coregram/NAME@VERSION`. Within a version columns are only ever added; what changes its meaning makes another one. */
  readonly schema: `coregram/${string}@${number}`;
  /** What the result is, in a line. */
  readonly doc: string;
  readonly input: Columns;
  readonly totals: Columns;
  readonly row: Columns;
  /** Of a result whose row is no line (it has lists in it): the columns of the lines that csv and tsv have instead. */
  readonly lines?: Columns;
}

/** The descriptor as it was given: this only has its literal types inferred and checked. */
export function defineResult<const Result extends ResultColumns>(result: Result): Result {
  return result;
}

/** The same for columns that several results share. */
export function defineColumns<const Shared extends Columns>(columns: Shared): Shared {
  return columns;
}

/** The TypeScript type of a value. */
export type ValueOf<Of extends Value> = Of extends { kind: "choice"; values: readonly (infer Choice)[] }
  ? Choice
  : Of extends { kind: "object"; columns: infer Nested extends Columns }
    ? RecordOf<Nested>
    : Of extends { kind: "list"; of: infer Item extends Value }
      ? readonly ValueOf<Item>[]
      : Of extends { kind: IntegerKind | "real" }
        ? number
        : Of extends { kind: "flag" }
          ? boolean
          : string;

/** The TypeScript type of an object with these columns. No key is ever missing. */
export type RecordOf<Of extends Columns> = {
  readonly [Key in keyof Of]: Of[Key] extends { nullable: true } ? ValueOf<Of[Key]> | null : ValueOf<Of[Key]>;
};

export type InputOf<Of extends ResultColumns> = RecordOf<Of["input"]>;
export type TotalsOf<Of extends ResultColumns> = RecordOf<Of["totals"]>;
export type RowOf<Of extends ResultColumns> = RecordOf<Of["row"]>;
