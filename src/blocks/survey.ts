import { type Image, writableExtents } from "../image/index.ts";
import {
  type Crew,
  cutPieces,
  PAGE_SUMS,
  PIECE_BUFFER_BYTES,
  type Pieces,
  type Progress,
} from "../kernel/index.ts";

/** Room for that many type candidates a thread; programs have thousands of types. */
const MOST_CANDIDATES = 2 ** 18;

/** PyObject of the default build (CPython, Include/object.h). */
const HEADER_BYTES = 16;

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
 * @param header bytes that objects begin with, ob_type the last of them
 * @throws CoregramError as reading does, and `limit` where memory runs out
 */
export async function surveyMemory(
  crew: Crew,
  image: Image,
  progress?: Progress,
  header = HEADER_BYTES,
): Promise<Survey> {
  const { extents, bytes } = writableExtents(image);
  const pieces = cutPieces(image.file, extents);
  const { memory } = crew;
  const pages = memory.place(pieces.firstPages[pieces.count] ?? 0);
  const sums = memory.place(pieces.count * PAGE_SUMS.SUMS_BYTES);
  const threads = Array.from({ length: crew.threads }, () => ({
    buffer: memory.place(PIECE_BUFFER_BYTES),
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
      header,
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
  const counts = new Uint32Array(buffer, sums, (pieces.count * PAGE_SUMS.SUMS_BYTES) / 4);
  const total = (offset: number) => {
    let sum = 0;
    for (let at = offset / 4; at < counts.length; at += PAGE_SUMS.SUMS_BYTES / 4) sum += counts[at] ?? 0;
    return sum;
  };
  return {
    pieces,
    pages,
    sums,
    candidates,
    lostCandidates,
    pools: total(PAGE_SUMS.POOLS),
    tornPools: total(PAGE_SUMS.TORN_POOLS),
    blocksInUse: total(PAGE_SUMS.BLOCKS_IN_USE),
    bytes,
  };
}
