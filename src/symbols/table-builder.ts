import { CoregramError, formatCount } from "../terms/index.ts";
import { findEnclosing } from "./enclosing.ts";
import { MAX_NAME_BYTES, NamePool } from "./name-pool.ts";
import { sortOrder } from "./order.ts";
import { SymbolTable } from "./table.ts";
import { ADDRESS_END, HIGH, halves, LOW } from "./wide.ts";

const BLOCK_BITS = 16;
const BLOCK = 2 ** BLOCK_BITS;
const MAX_SYMBOLS = 2 ** 27;

/** BLOCK symbols, in the order they came. Blocks never move, so growing copies nothing. */
interface Block {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  readonly sizeHigh: Uint32Array;
  readonly sizeLow: Uint32Array;
  readonly name: Uint32Array;
  shift: BigUint64Array | null;
}

/**
 * Collects symbols in any order. Of several at one address the first added gives the name, and the first
 * whose size is known gives the size: they are names of one thing, and a label in front of a sized symbol
 * must not hide how far it reaches.
 *
 * Memory: 20 bytes a symbol and its name while it grows, at most 48 while it builds, 20 to 28 after.
 */
export class SymbolTableBuilder {
  readonly #maxSymbols: number;
  readonly #pool: NamePool;
  #blocks: Block[] = [];
  #block: Block | null = null;
  #count = 0;
  #hasSizes = false;
  #hasShifts = false;

  /** Limits are given by tests; @throws CoregramError `limit` when one is passed, from the methods that add. */
  constructor({ maxSymbols = MAX_SYMBOLS, maxNameBytes = MAX_NAME_BYTES } = {}) {
    this.#maxSymbols = maxSymbols;
    this.#pool = new NamePool(maxNameBytes);
  }

  /** How many symbols were added. */
  get length(): number {
    return this.#count;
  }

  /**
   * Adds a symbol by the u32 halves of its address and its size (0 = unknown), named by bytes [start, end),
   * which are copied. An empty name says that the address has none.
   */
  add(
    high: number,
    low: number,
    sizeHigh: number,
    sizeLow: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    this.#push(high, low, sizeHigh, sizeLow, this.#pool.add(bytes, start, end));
  }

  /** The same for one symbol at a time, `offset` bytes into the thing that has the name. */
  addSymbol(address: bigint, size: bigint, name: string | Uint8Array, offset = 0n): void {
    const bytes = typeof name === "string" ? new TextEncoder().encode(name) : name;
    const [high, low] = split(address);
    const [sizeHigh, sizeLow] = split(size);
    this.#push(high, low, sizeHigh, sizeLow, this.#pool.add(bytes, 0, bytes.length));
    if (offset !== 0n) this.#shift(this.#count - 1, offset);
  }

  /** Adds the start of the thing that the symbol `index` lies in, of unknown size, by the same name. */
  addStartOf(index: number): void {
    const block = this.#blocks[Math.floor(index / BLOCK)];
    const at = index % BLOCK;
    const shift = block?.shift?.[at] ?? 0n;
    if (!block || shift === 0n) return;
    const start = (BigInt(block.high[at] ?? 0) << 32n) + BigInt(block.low[at] ?? 0) - shift;
    if (start < 0n) return; // the map lies: nothing starts below 0
    const [high, low] = split(start);
    this.#push(high, low, 0, 0, block.name[at] ?? 0);
  }

  /** Sorts what was added into a table. The builder is empty afterwards and cannot be used again. */
  build(): SymbolTable {
    const { addresses, order } = this.#sortAddresses();
    const address = halves(addresses);
    const sizes = new BigUint64Array(this.#count);
    const size = halves(sizes);
    const names = new Uint32Array(this.#count);
    const shifts = this.#hasShifts ? new BigUint64Array(this.#count) : null;
    let count = 0;
    for (let i = 0; i < this.#count; i++) {
      const from = order ? (order[i] ?? 0) : i;
      const block = this.#blocks[from >>> BLOCK_BITS];
      const at = from & (BLOCK - 1);
      const low = address[2 * i + LOW] ?? 0;
      const high = address[2 * i + HIGH] ?? 0;
      let to = count - 1;
      if (to < 0 || address[2 * to + LOW] !== low || address[2 * to + HIGH] !== high) {
        to = count++;
        address[2 * to + LOW] = low;
        address[2 * to + HIGH] = high;
        names[to] = block?.name[at] ?? 0;
        if (shifts) shifts[to] = block?.shift?.[at] ?? 0n;
      }
      // An address without a name reaches nowhere.
      if (!this.#hasSizes || names[to] === 0 || size[2 * to] !== 0 || size[2 * to + 1] !== 0) continue;
      const sizeHigh = block?.sizeHigh[at] ?? 0;
      size[2 * to + HIGH] = sizeHigh;
      size[2 * to + LOW] = block?.sizeLow[at] ?? 0;
      // Past 2^64 only with a sum of the high halves like this one: exact arithmetic for those alone.
      if (sizeHigh + high >= 0xffffffff) sizes[to] = cutSize(addresses[to], sizes[to]);
    }
    const isWhole = count === this.#count;
    const kept = {
      addresses: isWhole ? addresses : addresses.slice(0, count),
      sizes: isWhole ? sizes : sizes.slice(0, count),
      names: isWhole ? names : names.slice(0, count),
      shifts: isWhole ? shifts : (shifts?.slice(0, count) ?? null),
    };
    this.#blocks = [];
    this.#block = null;
    const enclosing = this.#hasSizes ? findEnclosing(kept.addresses, kept.sizes) : null;
    return new SymbolTable({ ...kept, enclosing, pool: this.#pool });
  }

  /** The addresses in order, and the order where it is not the one they came in. */
  #sortAddresses(): { addresses: BigUint64Array; order: Uint32Array | null } {
    const high = this.#column((block) => block.high);
    const low = this.#column((block) => block.low);
    const order = sortOrder(high, low);
    const addresses = new BigUint64Array(this.#count);
    const address = halves(addresses);
    for (let i = 0; i < this.#count; i++) {
      const from = order ? (order[i] ?? 0) : i;
      address[2 * i + HIGH] = high[from] ?? 0;
      address[2 * i + LOW] = low[from] ?? 0;
    }
    return { addresses, order };
  }

  #push(high: number, low: number, sizeHigh: number, sizeLow: number, name: number): void {
    const at = this.#count & (BLOCK - 1);
    let block = this.#block;
    if (at === 0 || !block) {
      if (this.#count >= this.#maxSymbols) {
        throw new CoregramError(
          "limit",
          `symbol map holds more than ${formatCount(this.#maxSymbols)} symbols`,
        );
      }
      block = makeBlock();
      this.#block = block;
      this.#blocks.push(block);
    }
    block.high[at] = high;
    block.low[at] = low;
    block.sizeHigh[at] = sizeHigh;
    block.sizeLow[at] = sizeLow;
    block.name[at] = name;
    if (sizeHigh !== 0 || sizeLow !== 0) this.#hasSizes = true;
    this.#count++;
  }

  #shift(index: number, shift: bigint): void {
    const block = this.#blocks[Math.floor(index / BLOCK)];
    if (!block) return;
    block.shift ??= new BigUint64Array(BLOCK);
    block.shift[index % BLOCK] = shift;
    this.#hasShifts = true;
  }

  #column(pick: (block: Block) => Uint32Array): Uint32Array {
    const column = new Uint32Array(this.#count);
    this.#blocks.forEach((block, i) => {
      column.set(pick(block).subarray(0, Math.min(BLOCK, this.#count - i * BLOCK)), i * BLOCK);
    });
    return column;
  }
}

function makeBlock(): Block {
  return {
    high: new Uint32Array(BLOCK),
    low: new Uint32Array(BLOCK),
    sizeHigh: new Uint32Array(BLOCK),
    sizeLow: new Uint32Array(BLOCK),
    name: new Uint32Array(BLOCK),
    shift: null,
  };
}

function split(value: bigint): [high: number, low: number] {
  const wrapped = BigInt.asUintN(64, value);
  return [Number(wrapped >> 32n), Number(wrapped & 0xffffffffn)];
}

function cutSize(address = 0n, size = 0n): bigint {
  const room = ADDRESS_END - address;
  return size < room ? size : room;
}
