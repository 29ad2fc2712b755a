import { JOB, type Pieces } from "../../../kernel/index.ts";

/** u32 of a job. */
const JOB_WORDS = JOB.JOB_BYTES / 4;
/** Bytes of an item of each kind; 0 where a job is one table or object. */
const ITEM_BYTES: readonly number[] = Object.assign([], {
  [JOB.WORDS]: 8,
  [JOB.PAIRS]: 16,
  [JOB.ENTRIES_24]: 24,
  [JOB.ENTRIES_16]: 16,
  [JOB.KEYS]: 0,
  [JOB.SPLIT]: 0,
  [JOB.SPECIAL]: 0,
  [JOB.PLAIN]: 0,
  [JOB.ATTRIBUTES]: 8,
});

/** A job that the kernel leaves to its caller. */
export interface Job {
  readonly address: number;
  readonly owner: number;
}

/** Jobs for the kernel, sorted by the piece that they begin in. */
export interface SortedJobs {
  readonly places: Uint32Array;
  /** For each place the first of its jobs, and one more. */
  readonly firsts: Uint32Array;
  readonly bytes: Uint32Array;
}

/**
 * Gathers jobs, cuts those that go on in another piece, and sorts them by pieces, so that memory is read in order and
 * once a round. Tables are disjoint: words beyond what there is were made up, and are left out.
 */
export class JobQueue {
  readonly #pieces: Pieces;
  readonly #jobs: Uint32Array[] = [];
  #jobPieces: Uint32Array[] = [];
  #wordsLeft: number;
  count = 0;
  lostWords = 0;

  /** @param bytes of memory there are */
  constructor(pieces: Pieces, bytes: number) {
    this.#pieces = pieces;
    this.#wordsLeft = Math.ceil(bytes / 4);
  }

  add(jobs: Uint32Array, special: (job: Job) => void): void {
    const made = new Rows();
    for (let at = 0; at < jobs.length; at += JOB_WORDS) {
      const kind = (jobs[at + 1] ?? 0) >>> 16;
      const address = (jobs[at] ?? 0) + ((jobs[at + 1] ?? 0) & 0xffff) * 2 ** 32;
      const owner = jobs[at + 2] ?? 0;
      if (kind === JOB.SPECIAL) special({ address, owner });
      else this.#cut(made, kind, address, owner, jobs[at + 3] ?? 0, jobs[at + 4] ?? 0, jobs[at + 5] ?? 0);
    }
    if (made.count === 0) return;
    this.#jobs.push(made.jobs());
    this.#jobPieces.push(made.pieces());
    this.count += made.count;
  }

  #cut(
    made: Rows,
    kind: number,
    start: number,
    owner: number,
    count: number,
    low: number,
    high: number,
  ): void {
    const { starts, bytes } = this.#pieces;
    const item = ITEM_BYTES[kind] ?? 0;
    let at = start;
    let left = count;
    while (left > 0) {
      const piece = this.#find(at);
      if (piece < 0) return;
      const end = (starts[piece] ?? 0) + (bytes[piece] ?? 0);
      const here = item === 0 ? 1 : Math.min(left, Math.ceil((end - at) / item));
      const words = item === 0 ? 8 : (here * item) / 8;
      if (words > this.#wordsLeft) {
        this.lostWords += words;
        return;
      }
      this.#wordsLeft -= words;
      made.add(piece, kind, at, owner, here, low, high);
      left -= here;
      at += here * item;
    }
  }

  /** The piece that has the address, or -1. */
  #find(at: number): number {
    const { starts, bytes, count } = this.#pieces;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    const piece = low - 1;
    return piece >= 0 && at - (starts[piece] ?? 0) < (bytes[piece] ?? 0) ? piece : -1;
  }

  /** All jobs since the last time. */
  sorted(): SortedJobs {
    const counts = new Uint32Array(this.#pieces.count + 1);
    for (const pieces of this.#jobPieces)
      for (const piece of pieces) counts[piece + 1] = (counts[piece + 1] ?? 0) + 1;
    const places: number[] = [];
    const firsts: number[] = [];
    let sum = 0;
    counts.forEach((jobs, i) => {
      sum += jobs;
      counts[i] = sum;
      if (jobs === 0) return;
      places.push(i - 1);
      firsts.push(sum - jobs);
    });
    const bytes = new Uint32Array(this.count * JOB_WORDS);
    this.#jobs.forEach((jobs, batch) => {
      const pieces = this.#jobPieces[batch] ?? new Uint32Array(0);
      for (let row = 0; row < pieces.length; row += 1) {
        const piece = pieces[row] ?? 0;
        const to = counts[piece] ?? 0;
        counts[piece] = to + 1;
        for (let word = 0; word < JOB_WORDS; word += 1)
          bytes[to * JOB_WORDS + word] = jobs[row * JOB_WORDS + word] ?? 0;
      }
    });
    this.#jobs.length = 0;
    this.#jobPieces = [];
    this.count = 0;
    return { places: Uint32Array.from(places), firsts: Uint32Array.from([...firsts, sum]), bytes };
  }
}

/** Rows of jobs in a growing array, and the piece of each. */
class Rows {
  #words = new Uint32Array(JOB_WORDS * 64);
  #pieces = new Uint32Array(64);
  count = 0;

  add(
    piece: number,
    kind: number,
    at: number,
    owner: number,
    count: number,
    low: number,
    high: number,
  ): void {
    if (this.count === this.#pieces.length) {
      const words = new Uint32Array(this.#words.length * 2);
      words.set(this.#words);
      this.#words = words;
      const pieces = new Uint32Array(this.#pieces.length * 2);
      pieces.set(this.#pieces);
      this.#pieces = pieces;
    }
    const to = this.count * JOB_WORDS;
    const words = this.#words;
    words[to] = at % 2 ** 32;
    words[to + 1] = Math.floor(at / 2 ** 32) + kind * 65_536;
    words[to + 2] = owner;
    words[to + 3] = count;
    words[to + 4] = low;
    words[to + 5] = high;
    this.#pieces[this.count] = piece;
    this.count += 1;
  }

  jobs(): Uint32Array {
    return this.#words.slice(0, this.count * JOB_WORDS);
  }

  pieces(): Uint32Array {
    return this.#pieces.slice(0, this.count);
  }
}
