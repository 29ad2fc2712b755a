import { mergeRanges, type NamedRanges } from "./ranges.ts";
import type { SymbolTable } from "./table.ts";

/** Several tables as one: the first that knows an address names it. */
export class Names {
  readonly #tables: readonly SymbolTable[];
  readonly #nearest: boolean;
  readonly #readable: (name: string) => string;

  /**
   * `nearest`: also name addresses after symbols of unknown size. `readable` turns the names that are asked for into
   * what is shown, such as `demangle` does; they stay as they are by default.
   */
  constructor(
    tables: readonly SymbolTable[],
    nearest: boolean,
    readable: (name: string) => string = (name) => name,
  ) {
    this.#tables = tables;
    this.#nearest = nearest;
    this.#readable = readable;
  }

  /** `NAME` or `NAME+0xOFF`, as the map has it: print it with `printable`. Null where no table knows it. */
  find(word: bigint): string | null {
    for (const table of this.#tables) {
      const found = table.find(word, this.#nearest);
      if (!found) continue;
      const name = this.#readable(found.name);
      return found.offset === 0n ? name : `${name}+0x${found.offset.toString(16)}`;
    }
    return null;
  }

  /** Exactly the words that `find` names, to look through many quickly. */
  namedRanges(): NamedRanges {
    return mergeRanges(this.#tables.map((table) => table.namedRanges(this.#nearest)));
  }
}
