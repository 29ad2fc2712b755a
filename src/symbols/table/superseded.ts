import { sortOrder } from "./order.ts";
import { HIGH, LOW } from "./wide.ts";

/**
 * Which symbols of a log, written as code was placed, a later one has taken memory of: flags, an element a symbol. Null
 * where none. What is in the order of its addresses is no log but a table of somebody's; there nothing goes but what is
 * named once more.
 *
 * A symbol of unknown size (0) takes the name of its own start from others, and nothing else.
 * @param addresses as halves, two a symbol, in the order of the log
 * @param sizes likewise; null while all are unknown
 */
export function findSuperseded(addresses: Uint32Array, sizes: Uint32Array | null): Uint8Array | null {
  const count = addresses.length / 2;
  const order = sortOrder(addresses);
  const places = new Places(addresses, sizes, order);
  const latest = order && sizes ? latestIn(places) : null;
  const gone = new Uint8Array(count);
  let any = 0;
  for (let place = 0; place < count; place += 1) {
    const index = places.index(place);
    // Stable: of one start, the later ones stand behind.
    const isRenamed = place + 1 < count && places.first(place + 1) === places.first(place);
    if (!isRenamed && (latest === null || (latest[place] ?? 0) <= index)) continue;
    gone[index] = 1;
    any = 1;
  }
  return any === 0 ? null : gone;
}

/** Symbols in the order of their starts: what reaches where, in places of that order instead of in addresses. */
class Places {
  readonly count: number;
  readonly #addresses: Uint32Array;
  readonly #sizes: Uint32Array | null;
  readonly #order: Uint32Array | null;
  /** Of each place, the first of the same start. */
  readonly #firsts: Uint32Array;

  constructor(addresses: Uint32Array, sizes: Uint32Array | null, order: Uint32Array | null) {
    this.count = addresses.length / 2;
    this.#addresses = addresses;
    this.#sizes = sizes;
    this.#order = order;
    this.#firsts = new Uint32Array(this.count);
    for (let place = 1; place < this.count; place += 1) {
      const [a, b] = [2 * this.index(place), 2 * this.index(place - 1)];
      const isSame = addresses[a] === addresses[b] && addresses[a + 1] === addresses[b + 1];
      this.#firsts[place] = isSame ? (this.#firsts[place - 1] ?? 0) : place;
    }
  }

  /** Which symbol of the log stands there. */
  index(place: number): number {
    return this.#order ? (this.#order[place] ?? 0) : place;
  }

  first(place: number): number {
    return this.#firsts[place] ?? 0;
  }

  hasSize(place: number): boolean {
    const at = 2 * this.index(place);
    return this.#sizes !== null && (this.#sizes[at] !== 0 || this.#sizes[at + 1] !== 0);
  }

  /** The first place whose symbol starts at the end of this one or behind it. */
  end(place: number): number {
    const at = 2 * this.index(place);
    const low = (this.#addresses[at + LOW] ?? 0) + (this.#sizes?.[at + LOW] ?? 0);
    const carry = low > 0xffffffff ? 1 : 0;
    const high = (this.#addresses[at + HIGH] ?? 0) + (this.#sizes?.[at + HIGH] ?? 0) + carry;
    let [from, to] = [place + 1, this.count];
    while (from < to) {
      const middle = (from + to) >>> 1;
      const here = 2 * this.index(middle);
      const startHigh = this.#addresses[here + HIGH] ?? 0;
      const isBefore =
        startHigh < high || (startHigh === high && (this.#addresses[here + LOW] ?? 0) < low >>> 0);
      if (isBefore) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** Of each place, the latest symbol of known size that has bytes of it in common, itself included: its index in the log. */
function latestIn(places: Places): Uint32Array {
  const { count } = places;
  const ends = new Uint32Array(count);
  // A tree of the latest in each power of two of places: leaves from `count` on.
  const tree = new Uint32Array(2 * count);
  for (let place = 0; place < count; place += 1) {
    ends[place] = places.end(place);
    tree[count + place] = places.hasSize(place) ? places.index(place) : 0;
  }
  for (let node = count - 1; node > 0; node -= 1) {
    tree[node] = Math.max(tree[2 * node] ?? 0, tree[2 * node + 1] ?? 0);
  }
  const latest = new Uint32Array(count);
  const open = new LatestOpen(places, ends);
  for (let place = 0; place < count; place += 1) {
    const before = open.at(place);
    const within = latestOf(tree, count + places.first(place), count + (ends[place] ?? 0));
    latest[place] = Math.max(before, within, places.index(place));
  }
  return latest;
}

/** The greatest of leaves [from, to). */
function latestOf(tree: Uint32Array, from: number, to: number): number {
  let latest = 0;
  for (let [low, high] = [from, to]; low < high; low >>>= 1, high >>>= 1) {
    if (low & 1) latest = Math.max(latest, tree[low++] ?? 0);
    if (high & 1) latest = Math.max(latest, tree[--high] ?? 0);
  }
  return latest;
}

/** Those that start before a place and reach into it, the latest of the log on top: a heap. */
class LatestOpen {
  readonly #places: Places;
  readonly #ends: Uint32Array;
  readonly #heap: Uint32Array;
  #size = 0;
  #next = 0;

  constructor(places: Places, ends: Uint32Array) {
    this.#places = places;
    this.#ends = ends;
    this.#heap = new Uint32Array(places.count);
  }

  /** The index in the log of the latest; 0 where there is none. Places are asked in ascending order. */
  at(place: number): number {
    const first = this.#places.first(place);
    for (; this.#next < first; this.#next += 1) if (this.#places.hasSize(this.#next)) this.#push(this.#next);
    while (this.#size > 0 && (this.#ends[this.#heap[0] ?? 0] ?? 0) <= first) this.#pop();
    return this.#size === 0 ? 0 : this.#places.index(this.#heap[0] ?? 0);
  }

  #isLater(a: number, b: number): boolean {
    return this.#places.index(this.#heap[a] ?? 0) > this.#places.index(this.#heap[b] ?? 0);
  }

  #swap(a: number, b: number): void {
    const kept = this.#heap[a] ?? 0;
    this.#heap[a] = this.#heap[b] ?? 0;
    this.#heap[b] = kept;
  }

  #push(place: number): void {
    let at = this.#size;
    this.#heap[at] = place;
    this.#size += 1;
    for (let up = (at - 1) >> 1; at > 0 && this.#isLater(at, up); up = (at - 1) >> 1) {
      this.#swap(at, up);
      at = up;
    }
  }

  #pop(): void {
    this.#size -= 1;
    this.#heap[0] = this.#heap[this.#size] ?? 0;
    for (let at = 0; ; ) {
      let top = at;
      for (const below of [2 * at + 1, 2 * at + 2])
        if (below < this.#size && this.#isLater(below, top)) top = below;
      if (top === at) return;
      this.#swap(at, top);
      at = top;
    }
  }
}
