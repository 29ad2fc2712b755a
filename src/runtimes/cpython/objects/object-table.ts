import { type KernelMemory, RECORD } from "../../../kernel/index.ts";
import type { ObjectList } from "../../references.ts";
import { NO_TYPE, recordAddress, recordBytes, recordType, RECORD_WORDS as WORDS } from "./record-words.ts";
import type { RecordRange, Records } from "./records.ts";

const { RECORD_BYTES } = RECORD;
const NO_WORDS = new Uint32Array(0);

/** Sizes and types of objects, by number. */
export interface ObjectColumns {
  readonly sizes: Uint32Array;
  readonly types: Uint32Array;
}

interface Detached extends ObjectColumns {
  readonly addresses: Float64Array;
}

/**
 * All live objects by number, in the order of their addresses: 16 bytes an object, in the kernel's memory until they are
 * detached. Objects are numbers below `count`; nothing is made for each.
 */
export class ObjectTable implements ObjectList {
  readonly count: number;
  /** Where in the kernel's memory the records lie. */
  readonly place: number;
  #words: Uint32Array;
  #detached: Detached | null = null;

  /** Brings the records into one order; they are not to be used by their ranges after that. */
  constructor(memory: KernelMemory, records: Records) {
    const pools = compact(memory, records.pools);
    const outside = sorted(memory, records.outside);
    const bytes = (pools.count + outside.length / WORDS) * RECORD_BYTES;
    this.count = bytes / RECORD_BYTES;
    const at = memory.place(bytes, 16);
    this.place = at;
    const words = new Uint32Array(memory.buffer, at, bytes / 4);
    merge(new Uint32Array(memory.buffer, pools.at, pools.count * WORDS), outside, words);
    this.#words = words;
  }

  /**
   * Moves the records out of the kernel's memory, which can go then; `place` means nothing any more.
   * @param room for so many more entries behind the objects' in what is returned
   */
  detach(room: number): ObjectColumns {
    const { count } = this;
    const words = this.#words;
    const addresses = new Float64Array(count);
    const sizes = new Uint32Array(count + room);
    const types = new Uint32Array(count + room);
    for (let object = 0; object < count; object += 1) {
      const at = object * WORDS;
      addresses[object] = recordAddress(words, at);
      sizes[object] = recordBytes(words, at);
      types[object] = recordType(words, at);
    }
    this.#detached = { addresses, sizes, types };
    this.#words = NO_WORDS;
    return this.#detached;
  }

  address(object: number): number {
    const detached = this.#detached;
    return detached === null ? recordAddress(this.#words, object * WORDS) : (detached.addresses[object] ?? 0);
  }

  /** The index of its type in `Python.types`. */
  type(object: number): number {
    const detached = this.#detached;
    return detached === null ? recordType(this.#words, object * WORDS) : (detached.types[object] ?? NO_TYPE);
  }

  /** What sys.getsizeof says, at most 2^32 - 1. */
  bytes(object: number): number {
    const detached = this.#detached;
    return detached === null ? recordBytes(this.#words, object * WORDS) : (detached.sizes[object] ?? 0);
  }

  /** The object that begins at the address, or -1. */
  find(address: number): number {
    const object = this.lastAtOrBelow(address);
    return object >= 0 && this.address(object) === address ? object : -1;
  }

  /** The last object that begins at or below the address, or -1. */
  lastAtOrBelow(address: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.address(middle) <= address) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** Moves the pools' records, which are in order, to where the first of them are: gaps go, and what has no type. */
function compact(memory: KernelMemory, ranges: readonly RecordRange[]): { at: number; count: number } {
  const words = new Uint32Array(memory.buffer);
  const first = (ranges[0]?.at ?? 0) / 4;
  let to = first;
  for (const { at, bytes } of ranges) {
    const end = (at + bytes) / 4;
    for (let from = at / 4; from < end; from += WORDS) {
      const runEnd = findDropped(words, from, end);
      if (from !== to) words.copyWithin(to, from, runEnd);
      to += runEnd - from;
      from = runEnd;
    }
  }
  return { at: first * 4, count: (to - first) / WORDS };
}

/** The first record of those from `start` on that stands for nothing, or `end`. */
function findDropped(words: Uint32Array, start: number, end: number): number {
  let at = start;
  while (at < end && recordType(words, at) !== NO_TYPE) at += WORDS;
  return at;
}

/** A sorted copy of records that come in any order. */
function sorted(memory: KernelMemory, ranges: readonly RecordRange[]): Uint32Array {
  const views = ranges.map(({ at, bytes }) => new Uint32Array(memory.buffer, at, bytes / 4));
  const all = new Uint32Array(views.reduce((sum, { length }) => sum + length, 0));
  let next = 0;
  for (const view of views) {
    all.set(view, next);
    next += view.length;
  }
  const address = (record: number) => recordAddress(all, record * WORDS);
  const order = Uint32Array.from({ length: all.length / WORDS }, (_, record) => record)
    .filter((record) => recordType(all, record * WORDS) !== NO_TYPE)
    .sort((a, b) => address(a) - address(b));
  const result = new Uint32Array(order.length * WORDS);
  order.forEach((record, place) => {
    result.set(all.subarray(record * WORDS, (record + 1) * WORDS), place * WORDS);
  });
  return result;
}

/** Both are sorted: between two of `b`, which are few, those of `a` are copied as one. Equal ones of `a` come first. */
function merge(a: Uint32Array, b: Uint32Array, into: Uint32Array): void {
  let fromA = 0;
  let to = 0;
  for (let fromB = 0; fromB < b.length; fromB += WORDS) {
    const endA = skipUpTo(a, fromA, recordAddress(b, fromB));
    into.set(a.subarray(fromA, endA), to);
    to += endA - fromA;
    fromA = endA;
    for (let word = 0; word < WORDS; word += 1) into[to + word] = b[fromB + word] ?? 0;
    to += WORDS;
  }
  into.set(a.subarray(fromA), to);
}

/** The first record from `start` on that begins above the address, or the end. */
function skipUpTo(words: Uint32Array, start: number, address: number): number {
  let at = start;
  while (at < words.length && recordAddress(words, at) <= address) at += WORDS;
  return at;
}
