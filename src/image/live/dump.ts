import { setImmediate as nextTurn } from "node:timers/promises";
import type { ByteSource } from "../../bytes/index.ts";
import type { Listener } from "../../terms/index.ts";
import type { Target } from "../target.ts";
import { readAboutProcess } from "./about.ts";
import type { CoreMemory } from "./core-memory.ts";
import { placedRuns, segmentsOf } from "./layout.ts";
import { MemoryFile } from "./memory-file.ts";
import { accessError, requireProcess } from "./no-access.ts";
import { openTaken, type ProcessOptions, takeWithNotes, warnOf } from "./open.ts";
import type { Run } from "./pages.ts";
import { bytesOf, coreOf, frameOf, planProcess, type TakenMemory } from "./take.ts";
import { type CoreSink, writeMemory } from "./write.ts";
import { zeroRuns } from "./zero-runs.ts";

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

/**
 * Writes a core of a living process while it is stopped: the process waits for its memory to be read, and for no slow file,
 * as long as what that has not taken yet fits into `memory`. Returns the core's size in bytes.
 * @throws CoregramError as `openProcess` does, but for `limit`, and what the sink throws
 */
export async function writeProcess(
  pid: number,
  { memory: most, stop }: Pick<ProcessOptions, "memory" | "stop">,
  sink: CoreSink,
  listener: Listener,
): Promise<number> {
  const target = `--pid ${pid}`;
  requireProcess(pid);
  const memory = new MemoryFile(pid);
  let resume: (() => void) | undefined;
  try {
    const about = readAboutProcess(pid);
    const look = () => planProcess(about, memory);
    // A second look takes half the time, in which the process stands still: the first is had while the watchdog starts.
    const [stopped] = await Promise.allSettled([stop?.(pid), nextTurn().then(look)]);
    if (stopped.status === "rejected") throw stopped.reason;
    resume = stopped.value;
    const plan = look();
    const { placed, threads, end, bytes: all } = plan;
    let done = 0;
    const limits = { most, pageBytes: about.pageBytes };
    const { lost, finish } = await writeMemory(memory, placed, sink, limits, (bytes) => {
      done += bytes;
      listener({ kind: "progress", target, stage: "copying", done, all, bytes: done });
    });
    resume?.();
    resume = undefined;
    await finish();
    warnOf({ lostBytes: bytesOf(lost), threads }, (text) => listener({ kind: "warning", target, text }));
    const segments = placed.flatMap((mapping, index) => segmentsOf(mapping, lost[index] ?? []));
    const { head, tail } = frameOf({
      ...plan,
      segments,
      memory: { view: (at, bytes) => viewOf(sink, at, bytes) },
    });
    await sink.write(head, 0);
    await sink.write(tail, end);
    return end + tail.length;
  } catch (error) {
    throw accessError(pid, error);
  } finally {
    resume?.();
    memory.close();
  }
}

function viewOf(sink: CoreSink, at: number, bytes: number): Uint8Array {
  const into = new Uint8Array(bytes);
  sink.read(at, into);
  return into;
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
