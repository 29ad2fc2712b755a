import { mergeRanges, type NamedRanges } from "./ranges.ts";
import type { SymbolTable } from "./table.ts";

/** The address that a word is without its upper bits, and what those are; null where it is one as it stands, or none. */
export type Untag = (word: bigint) => { readonly address: bigint; readonly tag: string } | null;

/** From 2^48 to 2^64, which is stored as 0. */
const MAY_HAVE_TAGS: NamedRanges = BigUint64Array.of(1n << 48n, 0n);

/** Several tables as one: the first that knows an address names it. */
export class Names {
  readonly #tables: readonly SymbolTable[];
  readonly #nearest: boolean;
  readonly #readable: (name: string) => string;
  readonly #untag: Untag | null;

  /**
   * `nearest`: also name addresses after symbols of unknown size. `readable` turns the names that are asked for into
   * what is shown, such as `demangle` does; they stay as they are by default. `untag` gives what has no name as it stands
   * another chance.
   */
  constructor(
    tables: readonly SymbolTable[],
    nearest: boolean,
    readable: (name: string) => string = (name) => name,
    untag: Untag | null = null,
  ) {
    this.#tables = tables;
    this.#nearest = nearest;
    this.#readable = readable;
    this.#untag = untag;
  }

  /**
   * `NAME` or `NAME+0xOFF`, as the map has it, and `NAME (tag 0xb4)` of what has one only without its upper bits: print it
   * with `printable`. Null where no table knows it.
   */
  find(word: bigint): string | null {
    const name = this.#nameAt(word);
    if (name !== null || this.#untag === null) return name;
    const tagged = this.#untag(word);
    const untagged = tagged && this.#nameAt(tagged.address);
    return tagged && untagged !== null ? `${untagged} (${tagged.tag})` : null;
  }

  #nameAt(word: bigint): string | null {
    for (const table of this.#tables) {
      const found = table.find(word, this.#nearest);
      if (!found) continue;
      const name = this.#readable(found.name);
      return found.offset === 0n ? name : `${name}+0x${found.offset.toString(16)}`;
    }
    return null;
  }

  /** All words that `find` names, to look through many quickly: exactly those, but for the ones that may have a tag. */
  namedRanges(): NamedRanges {
    const ranges = this.#tables.map((table) => table.namedRanges(this.#nearest));
    return mergeRanges(this.#untag === null ? ranges : [...ranges, MAY_HAVE_TAGS]);
  }
}
