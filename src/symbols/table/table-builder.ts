import { MAP_LINE } from "../../kernel/index.ts";
import { CoregramError, formatCount } from "../../terms/index.ts";
import { findCovering } from "./covering.ts";
import { findEnclosing } from "./enclosing.ts";
import { MAX_NAME_BYTES, NamePool } from "./name-pool.ts";
import { sortOrder } from "./order.ts";
import { radixOf, readInRadix } from "./radix.ts";
import { findSuperseded } from "./superseded.ts";
import { SymbolTable } from "./table.ts";
import { ADDRESS_END, HIGH, halves, LOW } from "./wide.ts";

const FIRST_CAPACITY = 2 ** 12;
/** Numbers of a record: address and size in halves, start and end of the name. */
export const RECORD = MAP_LINE.SYMBOL_BYTES / 4;
const MAX_SYMBOLS = 2 ** 27;
/** What is reserved is a guess, which must not take memory without end. */
const MOST_RESERVED = 2 ** 22;

/**
 * Collects symbols in any order. Of several at one address the first added gives the name, and the first
 * whose size is known gives the size: they are names of one thing, and a label in front of a sized symbol
 * must not hide how far it reaches.
 *
 * Memory: 20 bytes a symbol while it grows, up to twice that as it doubles, at most 60 while it builds, 20 to 28
 * after; and the names, with the text that they were found in.
 */
export class SymbolTableBuilder {
  readonly #maxSymbols: number;
  #pool: NamePool;
  /** Halves, two a symbol: to make a million bigints would be most of the time that reading a map takes. */
  #addresses = new Uint32Array(2 * FIRST_CAPACITY);
  /** Null while all are unknown. */
  #sizes: Uint32Array | null = null;
  #names = new Uint32Array(FIRST_CAPACITY);
  #count = 0;
  #capacity = FIRST_CAPACITY;
  /** How far into the thing that has the name a symbol lies. */
  #shifts: BigUint64Array | null = null;

  /** Limits are given by tests; @throws CoregramError `limit` when one is passed, from the methods that add. */
  constructor({ maxSymbols = MAX_SYMBOLS, maxNameBytes = MAX_NAME_BYTES } = {}) {
    this.#maxSymbols = maxSymbols;
    this.#pool = new NamePool(maxNameBytes);
  }

  /** How many symbols were added. */
  get length(): number {
    return this.#count;
  }

  /** Makes room for about so many symbols, as far as that is not much: to double it time and again costs more. */
  reserve(symbols: number): void {
    const capacity = Math.min(Math.ceil(symbols), MOST_RESERVED, this.#maxSymbols);
    if (capacity > this.#capacity) this.#resize(capacity);
  }

  /** Whether an address was said to have no name. */
  get hasUnnamed(): boolean {
    return this.#names.subarray(0, this.#count).includes(0);
  }

  /**
   * Takes a text over, to keep and to change: names that are added from these very bytes are not copied, and the
   * byte after each becomes a NUL. Until the next text is taken over; one without a name is let go.
   */
  adopt(text: Uint8Array): void {
    this.#pool.adopt(text);
  }

  /**
   * Adds a symbol by the halves of its address and its size (0 = unknown), named by bytes [start, end).
   * Halves are taken modulo 2^32. An empty name says that the address has none.
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

  /**
   * The same for many symbols of the adopted text, `end - first` records of six numbers each: address and size as their
   * halves, where the name starts and where it ends. Names are not empty. A call a symbol takes three times as long.
   */
  addRecords(records: Int32Array, first: number, end: number): void {
    for (let record = first; record < end; ) {
      if (this.#count === this.#capacity) this.#grow();
      const here = Math.min(end - record, this.#capacity - this.#count);
      this.#copyRecords(records.subarray(RECORD * record, RECORD * (record + here)));
      record += here;
    }
  }

  /** The same for one symbol at a time, `offset` bytes into the thing that has the name. */
  addSymbol(address: bigint, size: bigint, name: string | Uint8Array, offset = 0n): void {
    const bytes = typeof name === "string" ? new TextEncoder().encode(name) : name;
    const [high, low] = split(address);
    const [sizeHigh, sizeLow] = split(size);
    this.#push(high, low, sizeHigh, sizeLow, this.#pool.add(bytes, 0, bytes.length));
    this.#shift(offset);
  }

  /** Adds the start of the thing that the symbol `index` lies in, of unknown size, by the same name. */
  addStartOf(index: number): void {
    const shift = this.#shifts?.[index] ?? 0n;
    if (shift === 0n) return;
    const [low, high] = [this.#addresses[2 * index + LOW] ?? 0, this.#addresses[2 * index + HIGH] ?? 0];
    const start = (BigInt(high) << 32n) + BigInt(low) - shift;
    if (start < 0n) return; // the map lies: nothing starts below 0
    const [startHigh, startLow] = split(start);
    this.#push(startHigh, startLow, 0, 0, this.#names[index] ?? 0);
  }

  /**
   * A builder with those symbols alone that can name one of the words: its table calls them what the table of all does,
   * except for `nearest`. This one stays as it is, and the names are shared.
   */
  covering(words: readonly bigint[]): SymbolTableBuilder {
    const some = new SymbolTableBuilder();
    some.#pool = this.#pool;
    const addresses = this.#addresses;
    const sizes = this.#sizes;
    for (const index of findCovering(addresses.subarray(0, 2 * this.#count), sizes, words)) {
      const [high, low] = [2 * index + HIGH, 2 * index + LOW];
      const name = this.#names[index] ?? 0;
      some.#push(addresses[high] ?? 0, addresses[low] ?? 0, sizes?.[high] ?? 0, sizes?.[low] ?? 0, name);
      some.#shift(this.#shifts?.[index] ?? 0n);
    }
    return some;
  }

  /**
   * Of a log, in which later symbols are those of memory that was used again: leaves out those that a later one took memory
   * of. Of several at one address the last is left.
   */
  dropSuperseded(): void {
    const gone = findSuperseded(this.#addresses.subarray(0, 2 * this.#count), this.#sizes);
    if (gone === null) return;
    let kept = 0;
    for (let index = 0; index < this.#count; index += 1) {
      if (gone[index] === 1) continue;
      for (const half of [0, 1]) {
        this.#addresses[2 * kept + half] = this.#addresses[2 * index + half] ?? 0;
        if (this.#sizes) this.#sizes[2 * kept + half] = this.#sizes[2 * index + half] ?? 0;
      }
      this.#names[kept] = this.#names[index] ?? 0;
      if (this.#shifts) this.#shifts[kept] = this.#shifts[index] ?? 0n;
      kept += 1;
    }
    this.#sizes?.fill(0, 2 * kept);
    this.#shifts?.fill(0n, kept);
    this.#count = kept;
  }

  /** Numbers that were read as hex, and as a whole cannot be meant so, become those of base 8 or 10 that they are. */
  settleRadix(): void {
    const addresses = this.#addresses.subarray(0, 2 * this.#count);
    const sizes = this.#sizes?.subarray(0, 2 * this.#count) ?? null;
    const radix = radixOf(addresses, sizes);
    if (radix === 16) return;
    readInRadix(addresses, radix);
    if (sizes) readInRadix(sizes, radix);
  }

  /** Sorts what was added into a table. The builder is empty afterwards and cannot be used again. */
  build(): SymbolTable {
    const from = { addresses: this.#addresses, sizes: this.#sizes, names: this.#names, shifts: this.#shifts };
    const total = this.#count;
    const order = sortOrder(from.addresses.subarray(0, 2 * total));
    const addresses = new BigUint64Array(total);
    const sizes = new BigUint64Array(total);
    const names = new Uint32Array(total);
    const shifts = from.shifts ? new BigUint64Array(total) : null;
    const address = halves(addresses);
    const size = halves(sizes);
    let count = 0;
    for (let i = 0; i < total; i++) {
      const index = order ? (order[i] ?? 0) : i;
      const low = from.addresses[2 * index + LOW] ?? 0;
      const high = from.addresses[2 * index + HIGH] ?? 0;
      let to = count - 1;
      if (to < 0 || address[2 * to + LOW] !== low || address[2 * to + HIGH] !== high) {
        to = count++;
        address[2 * to + LOW] = low;
        address[2 * to + HIGH] = high;
        names[to] = from.names[index] ?? 0;
        if (shifts) shifts[to] = from.shifts?.[index] ?? 0n;
      }
      // An address without a name reaches nowhere.
      if (!from.sizes || names[to] === 0 || size[2 * to] !== 0 || size[2 * to + 1] !== 0) continue;
      const sizeHigh = from.sizes[2 * index + HIGH] ?? 0;
      size[2 * to + HIGH] = sizeHigh;
      size[2 * to + LOW] = from.sizes[2 * index + LOW] ?? 0;
      // Past 2^64 only with a sum of the high halves like this one: exact arithmetic for those alone.
      if (sizeHigh + high >= 0xffffffff) sizes[to] = cutSize(addresses[to], sizes[to]);
    }
    const isWhole = count === total;
    const kept = {
      addresses: isWhole ? addresses : addresses.slice(0, count),
      sizes: isWhole ? sizes : sizes.slice(0, count),
      names: isWhole ? names : names.slice(0, count),
      shifts: isWhole ? shifts : (shifts?.slice(0, count) ?? null),
    };
    this.#resize(0);
    this.#count = 0;
    const enclosing = from.sizes ? findEnclosing(kept.addresses, kept.sizes) : null;
    return new SymbolTable({ ...kept, enclosing, pool: this.#pool });
  }

  #push(high: number, low: number, sizeHigh: number, sizeLow: number, name: number): void {
    const index = this.#count;
    if (index === this.#capacity) this.#grow();
    this.#addresses[2 * index + HIGH] = high;
    this.#addresses[2 * index + LOW] = low;
    this.#names[index] = name;
    this.#count = index + 1;
    if ((sizeHigh | sizeLow) === 0) return;
    this.#sizes ??= new Uint32Array(2 * this.#capacity);
    this.#sizes[2 * index + HIGH] = sizeHigh;
    this.#sizes[2 * index + LOW] = sizeLow;
  }

  /** Records that there is room for; their columns at hand, so that nothing is looked up for each. */
  #copyRecords(records: Int32Array): void {
    const { text, base } = this.#pool.adopted();
    const addresses = this.#addresses;
    const names = this.#names;
    let index = this.#count;
    for (let at = 0; at < records.length; at += RECORD, ++index) {
      addresses[2 * index + HIGH] = records[at + HIGH] ?? 0;
      addresses[2 * index + LOW] = records[at + LOW] ?? 0;
      names[index] = base + (records[at + 4] ?? 0);
      text[records[at + 5] ?? 0] = 0;
      const sizeHigh = records[at + 2 + HIGH] ?? 0;
      const sizeLow = records[at + 2 + LOW] ?? 0;
      if ((sizeHigh | sizeLow) === 0) continue;
      this.#sizes ??= new Uint32Array(2 * this.#capacity);
      this.#sizes[2 * index + HIGH] = sizeHigh;
      this.#sizes[2 * index + LOW] = sizeLow;
    }
    this.#count = index;
  }

  /** Of the symbol that was pushed last. */
  #shift(offset: bigint): void {
    if (offset === 0n) return;
    this.#shifts ??= new BigUint64Array(this.#capacity);
    this.#shifts[this.#count - 1] = offset;
  }

  #grow(): void {
    if (this.#count >= this.#maxSymbols) {
      const limit = formatCount(this.#maxSymbols);
      throw new CoregramError("limit", `symbol map holds more than ${limit} symbols`, { isUnnamed: true });
    }
    this.#resize(Math.min(2 * this.#capacity, this.#maxSymbols));
  }

  #resize(capacity: number): void {
    const kept = Math.min(capacity, this.#count);
    this.#addresses = resized(this.#addresses, new Uint32Array(2 * capacity), 2 * kept);
    if (this.#sizes) this.#sizes = resized(this.#sizes, new Uint32Array(2 * capacity), 2 * kept);
    this.#names = resized(this.#names, new Uint32Array(capacity), kept);
    if (this.#shifts) this.#shifts = resized(this.#shifts, new BigUint64Array(capacity), kept);
    this.#capacity = capacity;
  }
}

/** `into`, with the first `kept` elements of `column`. */
function resized<T extends Uint32Array | BigUint64Array>(column: T, into: T, kept: number): T {
  into.set(column.subarray(0, kept) as never);
  return into;
}

function split(value: bigint): [high: number, low: number] {
  const wrapped = BigInt.asUintN(64, value);
  return [Number(wrapped >> 32n), Number(wrapped & 0xffffffffn)];
}

function cutSize(address = 0n, size = 0n): bigint {
  const room = ADDRESS_END - address;
  return size < room ? size : room;
}
