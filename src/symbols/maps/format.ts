import type { SymbolTableBuilder } from "../table/table-builder.ts";

/** What a reader makes of a line, from worst to best. */
export const Verdict = {
  /** Not a line of this format. */
  skipped: 0,
  /** Says nothing for or against the format: a blank, a heading, a debugger's chatter. */
  neutral: 1,
  /** Readable if the map is in this format, but it looks more like a line of another one. */
  weak: 2,
  /** A line of this format, with or without a symbol that can name anything. */
  understood: 3,
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** Reads the lines of one map, in order. A line may depend on those before it. */
export interface LineReader {
  /**
   * Reads the line in bytes [start, end): without its newline, without blanks at its end, not blank, not a
   * `#` comment, at most 64 KiB. Never throws on what they say. `number` is the line's, from 1.
   * To add a name from them may change the byte after it, which must not be needed any more.
   */
  read(bytes: Uint8Array, start: number, end: number, number: number): Verdict;
  /** After the last line. */
  finish?(): void;
}

/**
 * The shape of nearly all lines of a format, `ADDRESS [SIZE] [TYPE] NAME`, as the kernel's readMapLines documents it:
 * a line that has it names a symbol, whatever lines there are before it.
 */
export interface LineShape {
  readonly size: "never" | "optional" | "always";
  /** A flag for each byte that is the type of a symbol with a place; null where lines have no type. */
  readonly types: Uint8Array | null;
  /** A byte that no line of that shape holds. */
  readonly stop: number;
}

/** A way to write symbols in lines of text. */
export interface MapFormat {
  /** What users call it, for messages: `nm`. */
  readonly name: string;
  /** Lines of this shape are read in the kernel, to the same end as by the reader. */
  readonly shape?: LineShape;
  /** Lines are in the order of time: a later symbol takes its memory from earlier ones. */
  readonly isLog?: boolean;
  /**
   * A reader that adds symbols to the builder. It may report an earlier line that it had let pass as
   * not understood after all.
   */
  open(builder: SymbolTableBuilder, skip: (number: number) => void): LineReader;
}
