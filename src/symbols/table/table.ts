import { type Enclosing, NONE } from "./enclosing.ts";
import type { NamePool } from "./name-pool.ts";
import { type NamedRanges, RangeList } from "./ranges.ts";
import { ADDRESS_END } from "./wide.ts";

/**
 * How far behind a symbol of unknown size `nearest` still names addresses after it: no function is larger, and what
 * is farther off is another library, or none.
 */
export const NEAREST_BYTES = 1n << 20n;

/** What a word is called: `name` + `offset`. `size` in bytes, 0n where unknown. */
export interface Found {
  readonly name: string;
  readonly offset: bigint;
  readonly size: bigint;
}

/** An address that a table knows; `offset` bytes into the thing that has the name. */
export interface TableSymbol extends Found {
  readonly address: bigint;
}

/** The columns of a table, one element a symbol, sorted by address, no address twice. */
export interface SymbolColumns {
  readonly addresses: BigUint64Array;
  /** In bytes; 0 = unknown. No symbol reaches past 2^64. */
  readonly sizes: BigUint64Array;
  /** Offsets into the pool; 0 marks an address that is known to have no name. */
  readonly names: Uint32Array;
  /** How far into the named thing the address lies; null where all are starts. */
  readonly shifts: BigUint64Array | null;
  readonly enclosing: Enclosing | null;
  readonly pool: NamePool;
}

/**
 * Names by address, on flat arrays: 20 bytes a symbol and its name, 8 more where symbols nest.
 * Made by SymbolTableBuilder.
 */
export class SymbolTable {
  readonly #columns: SymbolColumns;
  /** How many addresses have a name. */
  readonly length: number;

  constructor(columns: SymbolColumns) {
    this.#columns = columns;
    let named = 0;
    for (let i = 0; i < columns.names.length; i++) if (columns.names[i] !== 0) named++;
    this.length = named;
  }

  /**
   * The symbol that starts at the word; else the one that starts last among those of known size that contain
   * it; else, with `nearest`, the last symbol before it if that one's size is unknown and it is no farther than
   * NEAREST_BYTES. So `nearest` adds names and never changes one. Null where none does.
   */
  find(word: bigint, nearest: boolean): Found | null {
    const { addresses, sizes, names } = this.#columns;
    const last = this.#lastStart(word);
    if (last < 0) return null;
    if (addresses[last] === word) return names[last] === 0 ? null : this.#found(last, word);
    const around = this.#enclosing(last, word);
    if (around >= 0) return this.#found(around, word);
    if (!nearest || sizes[last] !== 0n || names[last] === 0) return null;
    return word - (addresses[last] ?? 0n) < NEAREST_BYTES ? this.#found(last, word) : null;
  }

  /** All that have a name, by their addresses; a name is made when it is come to. */
  *symbols(): Generator<TableSymbol> {
    const { addresses, sizes, names, shifts, pool } = this.#columns;
    for (let i = 0; i < addresses.length; i++) {
      if (names[i] === 0) continue;
      const name = pool.get(names[i] ?? 0);
      yield { address: addresses[i] ?? 0n, size: sizes[i] ?? 0n, name, offset: shifts?.[i] ?? 0n };
    }
  }

  /** Exactly the addresses that `find` resolves. 16 bytes a range, up to 48 while they are collected. */
  namedRanges(nearest: boolean): NamedRanges {
    const { addresses, sizes, names } = this.#columns;
    const list = new RangeList();
    const count = addresses.length;
    for (let i = 0; i < count; i++) {
      const start = addresses[i] ?? 0n;
      const size = sizes[i] ?? 0n;
      if (names[i] === 0) list.cut(start);
      else if (size !== 0n) list.add(start, start + size);
      else if (!nearest) list.add(start, start + 1n);
      else list.add(start, nearestEnd(start, i + 1 < count ? (addresses[i + 1] ?? 0n) : ADDRESS_END));
    }
    return list.pack();
  }

  /** The index of the last symbol that starts at or before the word, -1 where none does. */
  #lastStart(word: bigint): number {
    const { addresses } = this.#columns;
    let low = 0;
    let high = addresses.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((addresses[middle] ?? 0n) <= word) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The latest-starting symbol of known size at or before index `last` that contains the word, or -1. */
  #enclosing(last: number, word: bigint): number {
    const { enclosing } = this.#columns;
    let index = last;
    while (!this.#contains(index, word)) {
      if (!enclosing) return -1;
      const far = enclosing.jump[index] ?? NONE;
      const next = far !== NONE && !this.#contains(far, word) ? far : (enclosing.parent[index] ?? NONE);
      if (next === NONE) return -1;
      index = next;
    }
    return index;
  }

  #contains(index: number, word: bigint): boolean {
    const { addresses, sizes } = this.#columns;
    return word - (addresses[index] ?? 0n) < (sizes[index] ?? 0n);
  }

  #found(index: number, word: bigint): Found {
    const { addresses, sizes, names, shifts, pool } = this.#columns;
    const offset = word - (addresses[index] ?? 0n) + (shifts?.[index] ?? 0n);
    return { name: pool.get(names[index] ?? 0), offset, size: sizes[index] ?? 0n };
  }
}

function nearestEnd(start: bigint, next: bigint): bigint {
  return next - start < NEAREST_BYTES ? next : start + NEAREST_BYTES;
}
