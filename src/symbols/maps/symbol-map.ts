import type { SymbolTable } from "../table/table.ts";
import type { SymbolTableBuilder } from "../table/table-builder.ts";

/** For more words than these, a million symbols are sorted in less time than it takes to look for theirs. */
const MOST_WORDS = 1000;

/** What a map or an ELF file said. Its symbols are sorted when they are asked for. */
export class SymbolMap {
  readonly #builder: SymbolTableBuilder;
  #table: SymbolTable | null = null;
  /** The name of its format; null where it holds no lines but blanks and comments. */
  readonly format: string | null;
  /** Lines that were not understood, and the first one's number, from 1. */
  readonly skippedLines: number;
  readonly firstSkippedLine: number | null;
  /** What is broken in an ELF file, or was left out of it. */
  readonly warnings: readonly string[];

  /** The builder is the map's from now on. */
  constructor(
    builder: SymbolTableBuilder,
    format: string | null,
    { skippedLines, firstSkippedLine }: Pick<SymbolMap, "skippedLines" | "firstSkippedLine">,
    warnings: readonly string[] = [],
  ) {
    this.#builder = builder;
    this.format = format;
    this.skippedLines = skippedLines;
    this.firstSkippedLine = firstSkippedLine;
    this.warnings = warnings;
  }

  /** All that it says. */
  get table(): SymbolTable {
    this.#table ??= this.#builder.build();
    return this.#table;
  }

  /** How many addresses have a name. */
  get symbols(): number {
    return this.table.length;
  }

  /** Whether no address has a name: `symbols === 0`, without sorting them. */
  get isEmpty(): boolean {
    if (this.#table || this.#builder.hasUnnamed) return this.symbols === 0;
    return this.#builder.length === 0;
  }

  /** A table that calls these words what `table` does, but for `nearest`: in a fraction of the time where they are few. */
  tableFor(words: readonly bigint[]): SymbolTable {
    if (this.#table || words.length > MOST_WORDS) return this.table;
    return this.#builder.covering(words).build();
  }
}
