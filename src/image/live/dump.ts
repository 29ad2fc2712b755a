import type { Listener } from "../../terms/index.ts";
import type { Target } from "../target.ts";
import { placedRuns } from "./layout.ts";
import { copyWithNotes, type ProcessOptions, targetOf } from "./open.ts";
import type { Run } from "./pages.ts";
import { frameCopy, type ProcessCopy } from "./take.ts";

/** A part of a core's file, in its order: bytes, or so many zeros. */
export type CoreChunk = Uint8Array | number;

/** A core's file: its size in bytes, and its parts. They are views of the copy. */
export interface CoreFile {
  readonly bytes: number;
  readonly chunks: Iterable<CoreChunk>;
}

const CHUNK_BYTES = 2 ** 20;
const PAGE_BYTES = 4096;
const ZEROS = Buffer.alloc(PAGE_BYTES);

/**
 * Copies a living process, as `openProcess` does, and returns the core as a file's parts: what was never touched, and pages
 * that hold nothing, as zeros, so that they need not be written.
 * @throws CoregramError as `openProcess` does
 */
export async function dumpProcess(
  pid: number,
  options: ProcessOptions,
  listener: Listener,
): Promise<CoreFile> {
  const copy = await copyWithNotes(pid, options, listener);
  const bytes = frameCopy(copy);
  return { bytes, chunks: chunksOf(copy, bytes) };
}

/** A process at one moment: to ask, and to write as a core. */
export interface TakenProcess {
  readonly target: Target;
  /** The same copy as a file's parts: valid until its room is used again. */
  core(): CoreFile;
}

/**
 * Copies a living process, as `openProcess` does, to ask it and to write a core of that very moment.
 * @throws CoregramError as `openProcess` does
 */
export async function takeProcess(
  pid: number,
  options: ProcessOptions,
  listener: Listener,
): Promise<TakenProcess> {
  const copy = await copyWithNotes(pid, options, listener);
  const target = targetOf(copy);
  return { target, core: () => ({ bytes: target.bytes, chunks: chunksOf(copy, target.bytes) }) };
}

function* chunksOf(copy: ProcessCopy, size: number): Generator<CoreChunk> {
  let zeros = 0;
  let done = 0;
  for (const { start, end } of writtenRuns(copy, size)) {
    zeros += start - done;
    done = end;
    for (let at = start; at < end; ) {
      const piece = Buffer.from(copy.bytes, at, Math.min(CHUNK_BYTES, end - at));
      at += piece.length;
      for (const { start, end, isZero } of zeroRuns(piece)) {
        if (isZero) zeros += end - start;
        else {
          if (zeros > 0) yield zeros;
          zeros = 0;
          yield piece.subarray(start, end);
        }
      }
    }
  }
  if (zeros > 0) yield zeros;
}

/** What of the file was written to: the frame, and what was read of the process. In the file's order. */
function* writtenRuns({ placed, end }: ProcessCopy, size: number): Generator<Run> {
  yield { start: 0, end: Math.min(PAGE_BYTES, end) };
  yield* placedRuns(placed);
  yield { start: end, end: size };
}

/** A piece cut where pages of zeros begin and end. */
function* zeroRuns(piece: Buffer): Generator<Run & { readonly isZero: boolean }> {
  const isZeroAt = (at: number) => {
    const page = piece.subarray(at, at + PAGE_BYTES);
    return page[0] === 0 && page.equals(ZEROS.subarray(0, page.length));
  };
  for (let start = 0; start < piece.length; ) {
    const isZero = isZeroAt(start);
    let end = start + PAGE_BYTES;
    while (end < piece.length && isZeroAt(end) === isZero) end += PAGE_BYTES;
    yield { start, end: Math.min(end, piece.length), isZero };
    start = end;
  }
}
