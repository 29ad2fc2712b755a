import { type KernelMemory, RECORD } from "../../../kernel/index.ts";
import type { ObjectList } from "../../references.ts";
import { NO_TYPE, recordAddress, recordBytes, recordType, RECORD_WORDS as WORDS } from "./record-words.ts";
import type { RecordRange, Records } from "./records.ts";

const { RECORD_BYTES } = RECORD;
const NO_WORDS = new Uint32Array(0);
/** Runs that a range may go on. */
const MOST_OPEN_RUNS = 16;

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

/** A copy of the records of ranges that come in any order, most of them sorted by themselves, as one. */
function sorted(memory: KernelMemory, ranges: readonly RecordRange[]): Uint32Array {
  const views = ranges
    .map(({ at, bytes }) => inOrder(withoutDropped(new Uint32Array(memory.buffer, at, bytes / 4))))
    .filter(({ length }) => length > 0)
    .sort((a, b) => recordAddress(a, 0) - recordAddress(b, 0));
  // Ranges that lie one behind the other are one run: there are few of those.
  const runs: { parts: Uint32Array[]; last: number }[] = [];
  for (const view of views) {
    const first = recordAddress(view, 0);
    const last = recordAddress(view, view.length - WORDS);
    const run = runs.slice(0, MOST_OPEN_RUNS).find((known) => known.last < first);
    if (run === undefined) runs.push({ parts: [view], last });
    else {
      run.parts.push(view);
      run.last = last;
    }
  }
  let joined = runs.map(({ parts }) => join(parts));
  while (joined.length > 1)
    joined = Array.from({ length: Math.ceil(joined.length / 2) }, (_, pair) =>
      mergedPair(joined[2 * pair] ?? NO_WORDS, joined[2 * pair + 1] ?? NO_WORDS),
    );
  return joined[0] ?? NO_WORDS;
}

function mergedPair(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(a.length + b.length);
  if (a.length < b.length) merge(b, a, both);
  else merge(a, b, both);
  return both;
}

/** The same records, copied only where some stand for nothing. */
function withoutDropped(words: Uint32Array): Uint32Array {
  let at = findDropped(words, 0, words.length);
  if (at === words.length) return words;
  const parts = [words.subarray(0, at)];
  while (at < words.length) {
    const end = findDropped(words, at + WORDS, words.length);
    parts.push(words.subarray(at + WORDS, end));
    at = end;
  }
  return join(parts);
}

/** The same records by address, copied only where they are not. */
function inOrder(words: Uint32Array): Uint32Array {
  let last = 0;
  for (let at = 0; at < words.length; at += WORDS) {
    const address = recordAddress(words, at);
    if (address < last) return reordered(words);
    last = address;
  }
  return words;
}

function reordered(words: Uint32Array): Uint32Array {
  const address = (record: number) => recordAddress(words, record * WORDS);
  const order = Uint32Array.from({ length: words.length / WORDS }, (_, record) => record).sort(
    (a, b) => address(a) - address(b),
  );
  const result = new Uint32Array(words.length);
  order.forEach((record, place) => {
    result.set(words.subarray(record * WORDS, (record + 1) * WORDS), place * WORDS);
  });
  return result;
}

function join(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let next = 0;
  for (const part of parts) {
    all.set(part, next);
    next += part.length;
  }
  return all;
}

/** Both are sorted: between two of `b`, which are fewer, those of `a` are copied as one. Equal ones of `a` come first. */
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
