import { CoregramError, formatCount } from "../terms/index.ts";
import { findEnclosing } from "./enclosing.ts";
import { MAX_NAME_BYTES, NamePool } from "./name-pool.ts";
import { sortOrder } from "./order.ts";
import { SymbolTable } from "./table.ts";
import { HIGH, halves, LOW } from "./wide.ts";

const BLOCK = 2 ** 16;
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
    const high = this.#column((block) => block.high);
    const low = this.#column((block) => block.low);
    const order = sortOrder(high, low);
    const kept = keepFirsts(high, low, order);
    const count = kept ? kept.length : low.length;

    const addresses = new BigUint64Array(count);
    const address = halves(addresses);
    const sizes = this.#sizes(high, low, order, count);
    const names = new Uint32Array(count);
    const shifts = this.#hasShifts ? new BigUint64Array(count) : null;
    for (let i = 0; i < count; i++) {
      const from = kept ? (kept[i] ?? 0) : i;
      address[2 * i + HIGH] = high[from] ?? 0;
      address[2 * i + LOW] = low[from] ?? 0;
      const block = this.#blocks[from >>> 16];
      const name = block?.name[from & (BLOCK - 1)] ?? 0;
      names[i] = name;
      if (name === 0) sizes[i] = 0n; // an address without a name reaches nowhere
      if (shifts) shifts[i] = block?.shift?.[from & (BLOCK - 1)] ?? 0n;
    }
    this.#blocks = [];
    this.#block = null;
    return new SymbolTable({
      addresses,
      sizes,
      names,
      shifts,
      enclosing: this.#hasSizes ? findEnclosing(addresses, sizes) : null,
      pool: this.#pool,
    });
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

  /** One size an address: the first that is known, cut at 2^64. */
  #sizes(high: Uint32Array, low: Uint32Array, order: Uint32Array | null, count: number): BigUint64Array {
    const sizes = new BigUint64Array(count);
    if (!this.#hasSizes) return sizes;
    const size = halves(sizes);
    let to = -1;
    let before = -1;
    for (let i = 0; i < low.length; i++) {
      const from = order ? (order[i] ?? 0) : i;
      if (before < 0 || high[before] !== high[from] || low[before] !== low[from]) to++;
      before = from;
      if (size[2 * to] !== 0 || size[2 * to + 1] !== 0) continue;
      const block = this.#blocks[from >>> 16];
      const sizeHigh = block?.sizeHigh[from & (BLOCK - 1)] ?? 0;
      const sizeLow = block?.sizeLow[from & (BLOCK - 1)] ?? 0;
      size[2 * to + HIGH] = sizeHigh;
      size[2 * to + LOW] = sizeLow;
      // Only a size within 2^32 of the end can reach past it: exact arithmetic for those alone.
      if (sizeHigh + (high[from] ?? 0) >= 0xffffffff) {
        const room = (1n << 64n) - join(high[from], low[from]);
        if (join(sizeHigh, sizeLow) > room) sizes[to] = room;
      }
    }
    return sizes;
  }
}

/** The indices of the first symbol at every address, in order; null where that is 0, 1, 2 … */
function keepFirsts(high: Uint32Array, low: Uint32Array, order: Uint32Array | null): Uint32Array | null {
  const count = low.length;
  let kept = order;
  let to = 0;
  let before = -1;
  for (let i = 0; i < count; i++) {
    const from = order ? (order[i] ?? 0) : i;
    if (before >= 0 && high[before] === high[from] && low[before] === low[from]) {
      if (kept === order) {
        kept = new Uint32Array(count);
        for (let j = 0; j < to; j++) kept[j] = order ? (order[j] ?? 0) : j;
      }
    } else {
      if (kept && kept !== order) kept[to] = from;
      to++;
    }
    before = from;
  }
  return kept ? kept.subarray(0, to) : null;
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

function join(high = 0, low = 0): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}
