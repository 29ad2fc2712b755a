import type { TracedBlocks, TraceGroup } from "../../traced-memory.ts";

/** Numbers by the addresses of tracebacks, of which there may be a hundred thousand to millions of traces. */
export class TracebackNumbers {
  #keys = new Float64Array(1024);
  #numbers = new Uint32Array(1024);
  /** By their numbers. */
  readonly addresses: number[] = [];

  /** The number of the address, in the order in which they came. */
  of(address: number): number {
    const mask = this.#keys.length - 1;
    let slot = hashOf(address) & mask;
    for (let key = this.#keys[slot]; key !== 0; key = this.#keys[slot]) {
      if (key === address) return this.#numbers[slot] ?? 0;
      slot = (slot + 1) & mask;
    }
    const number = this.addresses.length;
    this.addresses.push(address);
    this.#put(slot, address, number);
    if (2 * this.addresses.length > this.#keys.length) this.#grow();
    return number;
  }

  #put(slot: number, address: number, number: number): void {
    this.#keys[slot] = address;
    this.#numbers[slot] = number;
  }

  #grow(): void {
    const size = 2 * this.#keys.length;
    this.#keys = new Float64Array(size);
    this.#numbers = new Uint32Array(size);
    this.addresses.forEach((address, number) => {
      let slot = hashOf(address) & (size - 1);
      while (this.#keys[slot] !== 0) slot = (slot + 1) & (size - 1);
      this.#put(slot, address, number);
    });
  }
}

/** Of both halves of an address, of which the lowest four bits are alike. */
function hashOf(address: number): number {
  const low = address % 0x100000000;
  const high = (address - low) / 0x100000000;
  const mixed = Math.imul((low >>> 4) ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** Python's own domain, of which nearly all traces are (Include/cpython/tracemalloc.h). */
const OWN_DOMAIN = 0;

/** Adds up traces by domain and traceback. */
export class TraceSums {
  count = 0;
  bytes = 0;
  /** Of Python's own domain, by traceback. */
  readonly #own = { counts: new Float64Array(1024), bytes: new Float64Array(1024) };
  /** Of the others, by traceback: a damaged core may name as many as it has traces, each with one. */
  readonly #others = new Map<number, Map<number, { count: number; bytes: number }>>();

  /** False where the sum would be no exact number any more: what no allocator gave. */
  add(domain: number, traceback: number, bytes: number): boolean {
    if (!Number.isSafeInteger(this.bytes + bytes)) return false;
    this.count += 1;
    this.bytes += bytes;
    if (domain === OWN_DOMAIN) {
      const own = this.#own;
      if (traceback >= own.counts.length) {
        own.counts = enlarged(own.counts, traceback);
        own.bytes = enlarged(own.bytes, traceback);
      }
      own.counts[traceback] = (own.counts[traceback] ?? 0) + 1;
      own.bytes[traceback] = (own.bytes[traceback] ?? 0) + bytes;
      return true;
    }
    let sums = this.#others.get(domain);
    if (sums === undefined) {
      sums = new Map();
      this.#others.set(domain, sums);
    }
    const sum = sums.get(traceback);
    if (sum === undefined) sums.set(traceback, { count: 1, bytes });
    else {
      sum.count += 1;
      sum.bytes += bytes;
    }
    return true;
  }

  /** By domain, then traceback. */
  groups(): TraceGroup[] {
    const groups: TraceGroup[] = [];
    const { counts, bytes } = this.#own;
    counts.forEach((count, traceback) => {
      if (count > 0) groups.push({ domain: OWN_DOMAIN, traceback, count, bytes: bytes[traceback] ?? 0 });
    });
    for (const [domain, sums] of [...this.#others].sort(([a], [b]) => a - b))
      for (const [traceback, sum] of [...sums].sort(([a], [b]) => a - b))
        groups.push({ domain, traceback, ...sum });
    return groups;
  }
}

/** Twice as long, or as long as is needed. */
function enlarged(old: Float64Array<ArrayBuffer>, least: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.max(2 * old.length, least + 1));
  larger.set(old);
  return larger;
}

/** Collects numbers that are not known to be how many. */
export class NumberList<Numbers extends Float64Array | Uint32Array> {
  #numbers: Numbers;
  #count = 0;
  readonly #make: (length: number) => Numbers;

  /** @param likely how many there will be, if nothing is damaged */
  constructor(make: (length: number) => Numbers, likely = 2 ** 12) {
    this.#make = make;
    this.#numbers = make(Math.max(1, likely));
  }

  push(number: number): void {
    if (this.#count === this.#numbers.length) {
      const larger = this.#make(2 * this.#count);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#count] = number;
    this.#count += 1;
  }

  get numbers(): Numbers {
    return this.#numbers.subarray(0, this.#count) as Numbers;
  }
}

/** Collects blocks one by one, in any order. */
export class BlockList {
  readonly #starts = new NumberList((length) => new Float64Array(length));
  readonly #bytes = new NumberList((length) => new Float64Array(length));
  readonly #tracebacks = new NumberList((length) => new Uint32Array(length));
  readonly #domains = new NumberList((length) => new Uint32Array(length));

  add(start: number, bytes: number, traceback: number, domain: number): void {
    this.#starts.push(start);
    this.#bytes.push(bytes);
    this.#tracebacks.push(traceback);
    this.#domains.push(domain);
  }

  /** By their addresses; of one address, as they came. */
  sorted(): TracedBlocks {
    const [starts, bytes] = [this.#starts.numbers, this.#bytes.numbers];
    const [tracebacks, domains] = [this.#tracebacks.numbers, this.#domains.numbers];
    const order = addressOrder(starts);
    return {
      starts: Float64Array.from(order, (index) => starts[index] ?? 0),
      bytes: Float64Array.from(order, (index) => bytes[index] ?? 0),
      tracebacks: Uint32Array.from(order, (index) => tracebacks[index] ?? 0),
      domains: Uint32Array.from(order, (index) => domains[index] ?? 0),
    };
  }
}

/** An address of user space in three digits of this many values. */
const DIGIT = 2 ** 16;
const DIGITS = 3;

/** The indices of addresses in their order: by radix, as comparing millions of pairs takes seconds. */
function addressOrder(addresses: Float64Array): Uint32Array {
  let order = Uint32Array.from(addresses, (_, index) => index);
  let next = new Uint32Array(addresses.length);
  for (let digit = 0; digit < DIGITS; digit += 1) {
    const unit = DIGIT ** digit;
    const digitOf = (index: number) => Math.floor((addresses[index] ?? 0) / unit) % DIGIT;
    const places = new Uint32Array(DIGIT + 1);
    for (const index of order) {
      const value = digitOf(index) + 1;
      places[value] = (places[value] ?? 0) + 1;
    }
    for (let value = 1; value <= DIGIT; value += 1)
      places[value] = (places[value] ?? 0) + (places[value - 1] ?? 0);
    for (const index of order) {
      const value = digitOf(index);
      const place = places[value] ?? 0;
      next[place] = index;
      places[value] = place + 1;
    }
    [order, next] = [next, order];
  }
  return order;
}
