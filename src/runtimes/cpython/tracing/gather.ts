import { type Span, spanAt, writableSpans } from "../../../blocks/index.ts";
import type { Image } from "../../../image/index.ts";
import { CoregramError, formatCount } from "../../../terms/index.ts";

/** What malloc gives begins at a multiple of this: MALLOC_ALIGNMENT of glibc's, and of others for 16 bytes and more. */
const UNIT_BYTES = 16;
/** Memory is read in pieces of a megabyte: what lies in one is looked at while the processor's cache has it. */
const PIECE_UNITS = 2 ** 16;
const PIECE_BYTES = UNIT_BYTES * PIECE_UNITS;
/** So that a position is a number of 32 bits: 64 GiB. */
const MOST_PIECES = 2 ** 16;
/** Items are shorter than that; what reaches over the end of a piece is read with it. */
const MOST_ITEM_BYTES = 64;

/** No position. */
const NOWHERE = 2 ** 32 - 1;

/** Gets words of 32 bits and the place of an item's first; they hold until it returns. `index` is the item's. */
export type VisitItem = (words: Uint32Array, at: number, index: number) => void;

/** A part of writable memory, and the number of its first piece. */
interface Part extends Span {
  readonly firstPiece: number;
}

/**
 * Writable memory, to be read at millions of addresses that have no order: each piece of it is read once, in the order of
 * memory, however many addresses lie in it. One by one they would take a microsecond or more each. An address is a position,
 * half as long.
 */
export class Gatherer {
  readonly #image: Image;
  readonly #parts: readonly Part[];
  readonly #pieces: number;
  #last: Part = { start: 0, end: 0, firstPiece: 0 };

  /** @throws CoregramError `limit` where there is more memory than positions */
  constructor(image: Image) {
    this.#image = image;
    let pieces = 0;
    this.#parts = writableSpans(image, "saved").map((span) => {
      const firstPiece = pieces;
      pieces += Math.ceil((span.end - span.start) / PIECE_BYTES);
      return { ...span, firstPiece };
    });
    if (pieces >= MOST_PIECES)
      throw new CoregramError(
        "limit",
        `traces are not read of more than ${formatCount(MOST_PIECES)} MiB of writable memory: there are ${formatCount(pieces)}`,
        { isUnnamed: true },
      );
    this.#pieces = pieces;
  }

  /** The position of an address; NOWHERE where nothing of malloc's can be there. Neighbours are often in one part. */
  positionOf(address: number): number {
    if (!(address >= this.#last.start && address < this.#last.end)) {
      const part = spanAt(this.#parts, address);
      if (part === null) return NOWHERE;
      this.#last = part;
    }
    const inside = address - this.#last.start;
    return inside % UNIT_BYTES === 0 ? PIECE_UNITS * this.#last.firstPiece + inside / UNIT_BYTES : NOWHERE;
  }

  /**
   * Looks at `bytes` bytes at each position; those at NOWHERE, or beyond what is saved, are not visited.
   * @param isNumbered whether the visitor is told the index of each; else it is without meaning
   * @returns how many were visited
   * @throws CoregramError as reading does
   */
  visit(positions: Uint32Array, bytes: number, isNumbered: boolean, visit: VisitItem): number {
    const { sorted, order, ends } = this.#partition(positions, isNumbered);
    const words = new Uint32Array((PIECE_BYTES + MOST_ITEM_BYTES) / 4);
    const buffer = new Uint8Array(words.buffer);
    let visited = 0;
    let from = 0;
    for (const { start, end, firstPiece } of this.#parts)
      for (let piece = firstPiece, at = start; at < end; piece += 1, at += PIECE_BYTES) {
        const to = ends[piece] ?? 0;
        if (to === from) continue;
        const got = this.#image.saved.read(BigInt(at), buffer);
        for (; from < to; from += 1) {
          const offset = ((sorted[from] ?? 0) % PIECE_UNITS) * UNIT_BYTES;
          if (offset + bytes > got) continue;
          visit(words, offset / 4, order[from] ?? 0);
          visited += 1;
        }
      }
    return visited;
  }

  /** The positions by piece, and their indices where these are wanted; and where those of each piece end. */
  #partition(positions: Uint32Array, isNumbered: boolean) {
    const ends = new Uint32Array(this.#pieces + 1);
    for (const position of positions) {
      const piece = position === NOWHERE ? this.#pieces : Math.floor(position / PIECE_UNITS);
      ends[piece] = (ends[piece] ?? 0) + 1;
    }
    let sum = 0;
    for (let piece = 0; piece <= this.#pieces; piece += 1) {
      const count = ends[piece] ?? 0;
      ends[piece] = sum;
      sum += count;
    }
    const sorted = new Uint32Array(positions.length);
    const order = new Uint32Array(isNumbered ? positions.length : 0);
    for (let index = 0; index < positions.length; index += 1) {
      const position = positions[index] ?? NOWHERE;
      const piece = position === NOWHERE ? this.#pieces : Math.floor(position / PIECE_UNITS);
      // What was a piece's start becomes its end.
      const slot = ends[piece] ?? 0;
      ends[piece] = slot + 1;
      sorted[slot] = position;
      if (isNumbered) order[slot] = index;
    }
    return { sorted, order, ends };
  }
}
