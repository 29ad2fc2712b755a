import { type Crew, NATIVE } from "../../../kernel/index.ts";
import type { Traces } from "../edges/edges.ts";
import type { Python } from "../python.ts";
import type { Blocks } from "./block-index.ts";

const { WORD_MARKS_BYTES } = NATIVE;

/** Finds the blocks in use of pymalloc and malloc that hold no object and in which no object's table begins, and what objects have mapped. */
export async function findBlocks(
  crew: Crew,
  python: Python,
  { tables, blocks, sizes, threads }: Traces,
): Promise<Blocks> {
  const { pieces } = python.survey;
  const found = await crew.run("poolBlocks", pieces.count, (thread) => ({
    pieces,
    tables,
    blocks,
    sizes,
    room: threads[thread]?.room ?? 0,
  }));
  const mapped = new Map(python.mapped.map(({ start, end }) => [start, end - start]));
  const pairs = [
    ...found.flat().map((some) => some.blocks),
    ...python.records.chunkBlocks,
    Float64Array.from([...mapped].flat()),
  ];
  const marks = new Uint8Array(crew.memory.buffer, tables, pieces.count * WORD_MARKS_BYTES);
  const savedInPieces = savedBytes(python);
  // What is shared with other processes was not surveyed.
  const savedAt = (start: number) => mapped.get(start) ?? savedInPieces(start);
  return disjoint(pairs, savedAt, (start, end) => hasTable(python, marks, start, end));
}

/** In order, as far as they are saved, without those that begin in another and those with a table. */
function disjoint(
  pairs: readonly Float64Array[],
  savedAt: (start: number) => number,
  isTable: (start: number, end: number) => boolean,
): Blocks {
  const all = new Float64Array(pairs.reduce((sum, { length }) => sum + length, 0));
  let next = 0;
  for (const some of pairs) {
    all.set(some, next);
    next += some.length;
  }
  const order = Uint32Array.from({ length: all.length / 2 }, (_, block) => block).sort(
    (a, b) => (all[a * 2] ?? 0) - (all[b * 2] ?? 0),
  );
  const starts = new Float64Array(order.length);
  const bytes = new Float64Array(order.length);
  let count = 0;
  let last = 0;
  for (const block of order) {
    const start = all[block * 2] ?? 0;
    const size = Math.min(all[block * 2 + 1] ?? 0, savedAt(start));
    if (start < last || size < 8 || isTable(start, start + size)) continue;
    starts[count] = start;
    bytes[count] = size;
    last = start + size;
    count += 1;
  }
  return { count, starts: starts.slice(0, count), bytes: bytes.slice(0, count) };
}

/** How much is saved from an address on without a gap; asked in ascending order. */
function savedBytes({ survey: { pieces } }: Python): (start: number) => number {
  const { starts, bytes, count } = pieces;
  let piece = 0;
  let end = 0;
  let endPiece = -1;
  return (start) => {
    while (piece < count && (starts[piece] ?? 0) + (bytes[piece] ?? 0) <= start) piece += 1;
    if (piece >= count || (starts[piece] ?? 0) > start) return 0;
    if (endPiece < piece) {
      endPiece = piece;
      end = (starts[piece] ?? 0) + (bytes[piece] ?? 0);
    }
    while (starts[endPiece + 1] === end) {
      endPiece += 1;
      end += bytes[endPiece] ?? 0;
    }
    return end - start;
  };
}

/** Whether a table begins in the range, which is saved and does not lie in a pool. */
function hasTable({ survey: { pieces } }: Python, marks: Uint8Array, start: number, end: number): boolean {
  const { starts, bytes, count } = pieces;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) + (bytes[middle] ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  for (let piece = low; piece < count && (starts[piece] ?? 0) < end; piece += 1) {
    const first = Math.max(0, start - (starts[piece] ?? 0)) >>> 3;
    const last = Math.min(bytes[piece] ?? 0, end - (starts[piece] ?? 0)) >>> 3;
    const base = piece * WORD_MARKS_BYTES;
    for (let word = first; word < last; ) {
      // Eight words at once where none is marked.
      if ((word & 7) === 0 && marks[base + (word >>> 3)] === 0) word += 8;
      else if (((marks[base + (word >>> 3)] ?? 0) & (1 << (word & 7))) !== 0) return true;
      else word += 1;
    }
  }
  return false;
}
