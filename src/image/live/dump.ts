import type { ByteSource } from "../../bytes/index.ts";
import type { Listener } from "../../terms/index.ts";
import type { Target } from "../target.ts";
import type { CoreMemory } from "./core-memory.ts";
import { placedRuns } from "./layout.ts";
import { openTaken, type ProcessOptions, takeWithNotes } from "./open.ts";
import type { Run } from "./pages.ts";
import { coreOf, type TakenMemory } from "./take.ts";

/** A part of a core's file, in its order: bytes, or so many zeros. */
export type CoreChunk = Uint8Array | number;

/** A core's file: its size in bytes, and its parts, views of the copy where there is one. */
export interface CoreFile {
  readonly bytes: number;
  readonly chunks: Iterable<CoreChunk>;
  /** Lets a process go on that stayed stopped: of these the parts are read as they are asked for. */
  close(): void;
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
  const taken = await takeWithNotes(pid, options, listener);
  try {
    const core = coreOf(taken, `--pid ${pid}`);
    return { bytes: core.size, chunks: chunksOf(taken, core), close: () => core.close() };
  } catch (error) {
    taken.memory.close();
    throw error;
  }
}

/** A process at one moment: to ask, and to write as a core. */
export interface TakenProcess {
  readonly target: Target;
  /** The same as a file's parts: valid until its room is used again, and the target is closed. */
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
  const taken = await takeWithNotes(pid, options, listener);
  const { target, source } = openTaken(taken);
  const file = { bytes: source.size, close: () => target.close() };
  return { target, core: () => ({ ...file, chunks: chunksOf(taken, source) }) };
}

function* chunksOf(taken: TakenMemory, core: ByteSource): Generator<CoreChunk> {
  let zeros = 0;
  let done = 0;
  for (const { start, end, isFrame } of writtenRuns(taken, core.size)) {
    zeros += start - done;
    done = end;
    for (let at = start; at < end; ) {
      const piece = pieceOf(isFrame ? core : taken.memory, at, Math.min(CHUNK_BYTES, end - at));
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

function pieceOf(from: ByteSource | CoreMemory, at: number, bytes: number): Buffer {
  if ("read" in from) {
    const piece = Buffer.alloc(bytes);
    from.read(at, piece);
    return piece;
  }
  const { buffer, byteOffset, length } = from.view(at, bytes);
  return Buffer.from(buffer, byteOffset, length);
}

/** What of the file is written to: the frame, and what is read of the process. In the file's order. */
function* writtenRuns(
  { placed, end }: TakenMemory,
  size: number,
): Generator<Run & { readonly isFrame: boolean }> {
  yield { start: 0, end: Math.min(PAGE_BYTES, end), isFrame: true };
  for (const run of placedRuns(placed)) yield { ...run, isFrame: false };
  yield { start: end, end: size, isFrame: true };
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
