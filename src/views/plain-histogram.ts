import { lastRangeFrom, type NamedRanges, type Names } from "../symbols/index.ts";
import { printable } from "../terms/index.ts";
import type { Histogram, Piece } from "../words/index.ts";
import { plainCount } from "./words.ts";

/** Text that is collected before it is handed on. */
const BUFFER_BYTES = 2 ** 18;

/** A row without its name is shorter: a count of up to 16 digits, a space, 16 digits, a line feed. */
const ROW_BYTES = 48;

/** Rows that one call formats at the most, so that a buffer takes them. */
const ROWS_AT_ONCE = BUFFER_BYTES / ROW_BYTES;

export interface PlainOptions {
  readonly wordBytes: 4 | 8;
  /** The least count to print. */
  readonly least: number;
  /** Only words with a name. */
  readonly resolved: boolean;
}

/**
 * All rows of a histogram in the plain format: the same text as `plain.ts` makes of row objects, at the speed
 * of the kernel. Fourteen million rows take a tenth of a second, where objects would take ten.
 * A chunk is valid until the next one is asked for.
 */
export function* plainHistogram(
  histogram: Histogram,
  names: Names | null,
  options: PlainOptions,
): Generator<Uint8Array> {
  const text = new PlainText(histogram, options.wordBytes);
  const ranges = names?.namedRanges() ?? new BigUint64Array(0);
  for (const piece of histogram.pieces()) {
    if (piece.count < options.least) break;
    text.startCount(piece.count);
    if (ranges.length === 0) {
      if (!options.resolved) yield* text.rows(piece.at, piece.rows);
    } else if (names) yield* namedPiece(text, piece, ranges, names, options.resolved);
  }
  yield* text.flush();
}

// A piece's words descend: walk them and the ranges together, and format what lies between ranges in bulk.
function* namedPiece(
  text: PlainText,
  { at, rows }: Piece,
  ranges: NamedRanges,
  names: Names,
  resolved: boolean,
): Generator<Uint8Array> {
  const words = new BigUint64Array(text.memory.buffer, at, rows);
  for (let row = 0; row < rows; ) {
    const word = words[row] ?? 0n;
    const range = lastRangeFrom(ranges, word);
    // An end of 2^64 is stored as 0; without a range below, nothing more is named.
    const end = range < 0 ? 0n : (ranges[2 * range + 1] ?? 0n);
    if (range >= 0 && (end === 0n || word < end)) {
      yield* text.row(at + row * 8, names.find(word));
      ++row;
      continue;
    }
    const next = range < 0 ? rows : firstBelow(words, row, end);
    if (!resolved) yield* text.rows(at + row * 8, next - row);
    row = next;
  }
}

// The first of the descending words from `from` on that is below `bound`.
function firstBelow(words: BigUint64Array, from: number, bound: bigint): number {
  let low = from;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((words[middle] ?? 0n) < bound) high = middle;
    else low = middle + 1;
  }
  return low;
}

// Rows as text, in a buffer in the kernel's memory.
class PlainText {
  readonly memory: WebAssembly.Memory;
  private readonly kernel: Histogram["crew"]["kernel"];
  private readonly wide: 0 | 1;
  private readonly rowTail: number;
  private readonly prefix: number;
  private readonly buffer: number;
  private prefixBytes = 0;
  private filled = 0;

  constructor({ crew }: Histogram, wordBytes: 4 | 8) {
    this.memory = crew.arena.memory;
    this.kernel = crew.kernel;
    this.wide = wordBytes === 8 ? 1 : 0;
    this.rowTail = 2 * wordBytes + 1;
    this.prefix = crew.arena.place(32);
    this.buffer = crew.arena.place(BUFFER_BYTES + 64);
  }

  startCount(count: number): void {
    const text = `${plainCount(count)} `;
    this.prefixBytes = text.length;
    new Uint8Array(this.memory.buffer, this.prefix, 32).set(new TextEncoder().encode(text));
  }

  *rows(words: number, rows: number): Generator<Uint8Array> {
    for (let done = 0; done < rows; ) {
      const some = Math.min(rows - done, Math.floor(ROWS_AT_ONCE));
      if (this.filled + some * ROW_BYTES > BUFFER_BYTES) yield* this.flush();
      this.format(words + done * 8, some);
      done += some;
    }
  }

  *row(word: number, name: string | null): Generator<Uint8Array> {
    yield* this.rows(word, 1);
    if (name === null) return;
    // Over the row's line feed.
    const text = Buffer.from(`  ${printable(name)}\n`);
    if (this.filled - 1 + text.length > BUFFER_BYTES) {
      const last = new Uint8Array(this.memory.buffer, this.buffer, this.filled - 1);
      yield last;
      yield text;
      this.filled = 0;
      return;
    }
    new Uint8Array(this.memory.buffer, this.buffer + this.filled - 1, text.length).set(text);
    this.filled += text.length - 1;
  }

  *flush(): Generator<Uint8Array> {
    if (this.filled > 0) yield new Uint8Array(this.memory.buffer, this.buffer, this.filled);
    this.filled = 0;
  }

  private format(words: number, rows: number): void {
    const { kernel, prefix, prefixBytes, wide, buffer, filled } = this;
    kernel.formatRows(words, rows, prefix, prefixBytes, wide, buffer + filled);
    this.filled += rows * (prefixBytes + this.rowTail);
  }
}
