import { setImmediate as nextTurn } from "node:timers/promises";
import type { PlacedMapping } from "./layout.ts";
import type { MemoryFile } from "./memory-file.ts";
import type { Run } from "./pages.ts";
import { zeroRuns } from "./zero-runs.ts";

/** A file that a core is written to while its process is stopped, its parts in any order. */
export interface CoreSink {
  /** All of the bytes, from a place on. */
  write(bytes: Uint8Array, at: number): void;
  /** Fills `into` from a place on; what was not written is zeros. */
  read(at: number, into: Uint8Array): void;
  /** Whether it takes them so slowly that the process had better not wait for it. */
  readonly isSlow: boolean;
}

/** What of a process's memory is written, or will be. */
export interface Written {
  /** By mapping, the pages that could not be read any more, sorted. */
  readonly lost: readonly (readonly Run[])[];
  /** Writes what is kept in memory, which the process need not be stopped for. */
  finish(): void;
}

/** Read at once: it is still in the processor's cache when it is written. */
const PIECE_BYTES = 1 << 21;
/** While one is written another is read, by a thread of Node's. */
const LANES = 2;
/** What is smaller is read faster than a thread is asked to. */
const LEAST_FOR_THREAD = 1 << 16;
/** Of such, between two turns of the event loop. */
const SMALL_A_TURN = 256;

/** A part of a mapping, and where it goes. */
interface Piece extends Run {
  readonly place: number;
  /** Its mapping's number. */
  readonly mapping: number;
}

/**
 * Reads what is planned of a process's memory, and writes each piece to its place while the next is read; not pages that are
 * zeros. What a slow sink has not taken when all is read is kept in memory, so that the process need not wait for it.
 * @param most bytes that may be kept
 * @param progress hears the bytes of each piece
 * @throws CoregramError `changed` where the process ended, and what the sink throws
 */
export async function writeMemory(
  memory: MemoryFile,
  placed: readonly PlacedMapping[],
  sink: CoreSink,
  { most, pageBytes }: { readonly most: number; readonly pageBytes: number },
  progress: (bytes: number) => void,
): Promise<Written> {
  const lost = placed.map((): Run[] => []);
  const kept: { readonly bytes: Buffer; readonly place: number }[] = [];
  let keptBytes = 0;
  // Who takes the next piece of it fails, ends it for all.
  const pieces = piecesOf(placed);
  const lane = async () => {
    let block = Buffer.alloc(PIECE_BYTES);
    let small = 0;
    for (const piece of pieces) {
      const size = piece.end - piece.start;
      const isSmall = size < LEAST_FOR_THREAD;
      const read = (at: number, into: Buffer) =>
        isSmall ? memory.read(at, into) : memory.readByThread(at, into);
      if (isSmall && ++small % SMALL_A_TURN === 0) await nextTurn();
      const bytes = block.subarray(0, size);
      for (const { start, end } of await readPiece(piece, bytes, pageBytes, read, lost)) {
        const part = { bytes: bytes.subarray(start, end), place: piece.place + start };
        if (!sink.isSlow || keptBytes + PIECE_BYTES > most) writePages(sink, part);
        else {
          kept.push(part);
          keptBytes += PIECE_BYTES;
          block = Buffer.alloc(PIECE_BYTES);
        }
      }
      progress(size);
    }
  };
  // One that fails waits for the other, which uses the same memory and sink.
  for (const end of await Promise.allSettled(Array.from({ length: LANES }, lane)))
    if (end.status === "rejected") throw end.reason;
  for (const runs of lost) runs.sort((a, b) => a.start - b.start);
  return {
    lost,
    finish() {
      for (const part of kept) writePages(sink, part);
    },
  };
}

function* piecesOf(placed: readonly PlacedMapping[]): Generator<Piece> {
  for (const [mapping, { parts }] of placed.entries())
    for (const { start: first, offset, runs } of parts)
      for (const run of runs)
        for (let start = run.start; start < run.end; start += PIECE_BYTES) {
          const end = Math.min(run.end, start + PIECE_BYTES);
          yield { start, end, place: offset + start - first, mapping };
        }
}

/** Fills `into`. Returns what of it could be read, counted from its start; the other pages are lost. */
async function readPiece(
  { start, mapping }: Piece,
  into: Buffer,
  pageBytes: number,
  read: (at: number, into: Buffer) => number | Promise<number>,
  lost: readonly Run[][],
): Promise<Run[]> {
  const parts: Run[] = [];
  for (let at = 0; at < into.length; ) {
    const end = at + (await read(start + at, into.subarray(at)));
    if (end > at) parts.push({ start: at, end });
    if (end === into.length) break;
    // A page of which a part was read is lost as well.
    const page = end - (end % pageBytes);
    at = page + pageBytes;
    lost[mapping]?.push({ start: start + page, end: start + at });
  }
  return parts;
}

function writePages(
  sink: CoreSink,
  { bytes, place }: { readonly bytes: Buffer; readonly place: number },
): void {
  for (const { start, end, isZero } of zeroRuns(bytes))
    if (!isZero) sink.write(bytes.subarray(start, end), place + start);
}
