import { type Image, writableExtents } from "../image/index.ts";
import { type Crew, cutPieces, type Pieces, type Progress } from "../kernel/index.ts";

/** Room for that many type candidates a thread; programs have thousands of types. */
const MOST_CANDIDATES = 2 ** 18;

/** Writable memory after one look at all of it. */
export interface Survey {
  readonly pieces: Pieces;
  /** Where in the kernel's memory the kinds of pages lie: a byte for each 4 KiB, see `surveyPages`. */
  readonly pages: number;
  /** For each piece three u32 in the kernel's memory: pymalloc blocks in use, pools, torn pools. */
  readonly sums: number;
  /** Sorted addresses outside pools of what may be type objects. */
  readonly candidates: Float64Array;
  /** Candidates that there was no room for. */
  readonly lostCandidates: number;
  readonly pools: number;
  /** What has the header of a pool and does not add up: being changed when the core was taken, or damaged. */
  readonly tornPools: number;
  readonly blocksInUse: number;
  /** Bytes looked at. */
  readonly bytes: number;
}

/**
 * Finds pymalloc's pools and what may be CPython's type objects in all writable memory that is saved.
 * @throws CoregramError as reading does, and `limit` where memory runs out
 */
export async function surveyMemory(crew: Crew, image: Image, progress?: Progress): Promise<Survey> {
  const { extents, bytes } = writableExtents(image);
  const pieces = cutPieces(image.file, extents);
  const { memory } = crew;
  const pages = memory.place(pieces.firstPages[pieces.count] ?? 0);
  const sums = memory.place(pieces.count * 12);
  const threads = Array.from({ length: crew.threads }, () => ({
    buffer: memory.place(pieceRoom),
    marks: memory.place(2048),
    candidates: memory.place(MOST_CANDIDATES * 8),
  }));
  const outs = await crew.run(
    "survey",
    pieces.count,
    (thread) => ({
      pieces,
      pages,
      sums,
      most: MOST_CANDIDATES,
      ...(threads[thread] ?? { buffer: 0, marks: 0, candidates: 0 }),
    }),
    progress,
  );
  const { buffer } = memory.wasm;
  let lostCandidates = 0;
  const found = outs.map((out) => {
    const kept = Math.min(out.found, MOST_CANDIDATES);
    lostCandidates += out.found - kept;
    return new BigUint64Array(buffer, threads[out.thread]?.candidates ?? 0, kept);
  });
  const candidates = Float64Array.from(found.flatMap((words) => Array.from(words, Number))).sort();
  const totals = [0, 0, 0];
  new Uint32Array(buffer, sums, pieces.count * 3).forEach((sum, i) => {
    totals[i % 3] = (totals[i % 3] ?? 0) + sum;
  });
  const [blocksInUse = 0, pools = 0, tornPools = 0] = totals;
  return { pieces, pages, sums, candidates, lostCandidates, pools, tornPools, blocksInUse, bytes };
}

/** A piece, its tail, and room to look at what begins at its very end. */
export const pieceRoom = 262_144 + 1024;
