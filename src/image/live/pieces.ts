import { setImmediate as nextTurn } from "node:timers/promises";
import type { PlacedMapping } from "./layout.ts";
import type { MemoryFile } from "./memory-file.ts";
import type { Run } from "./pages.ts";

/** Read at once: of two such one is still in the processor's cache while the other is read. */
export const PIECE_BYTES = 1 << 21;
/** What is smaller is read faster than a thread is asked to. */
const LEAST_FOR_THREAD = 1 << 16;
/** Read by this thread between two turns of the event loop: some 5 ms. */
const BYTES_A_TURN = 1 << 23;
/** The same of small pieces, as each has a cost of its own. */
const PIECES_A_TURN = 256;

/** A part of a mapping, and where it goes in a core. */
export interface Piece extends Run {
  readonly place: number;
  /** Its mapping's number. */
  readonly mapping: number;
}

/** How pieces are read. */
export interface Reading {
  readonly pageBytes: number;
  /** Pieces that are read at once, by threads of Node's; of one at a time all are read by this thread. */
  readonly lanes: number;
}

/** Where a lane reads to: as many bytes as the piece has, at once or when there is room. */
export type Into = (piece: Piece) => Uint8Array | Promise<Uint8Array>;

/** Hears what of a piece could be read, in parts of it that are counted from its start. */
export type OnRead = (piece: Piece, bytes: Uint8Array, parts: readonly Run[]) => void;

/**
 * Reads what is planned of a process's memory, piece by piece. Returns of each mapping the pages that could not be read any
 * more, sorted.
 * @param lane makes what one lane reads to
 * @throws CoregramError `changed` where the process ended, and what `onRead` throws
 */
export async function readPieces(
  memory: MemoryFile,
  placed: readonly PlacedMapping[],
  { pageBytes, lanes }: Reading,
  lane: () => Into,
  onRead: OnRead,
): Promise<Run[][]> {
  const lost = placed.map((): Run[] => []);
  // Who takes a piece of it and fails ends it for all.
  const pieces = piecesOf(placed);
  const readLane = async () => {
    const into = lane();
    let turnBytes = 0;
    let turnPieces = 0;
    for (const piece of pieces) {
      const given = into(piece);
      const bytes = given instanceof Promise ? await given : given;
      const isOwn = lanes === 1 || bytes.length < LEAST_FOR_THREAD;
      const read = (at: number, to: Uint8Array) =>
        isOwn ? memory.read(at, to) : memory.readByThread(at, to);
      onRead(piece, bytes, await readPiece(piece, bytes, pageBytes, read, lost));
      turnBytes += isOwn ? bytes.length : 0;
      turnPieces += isOwn ? 1 : 0;
      if (turnBytes < BYTES_A_TURN && turnPieces < PIECES_A_TURN) continue;
      [turnBytes, turnPieces] = [0, 0];
      await nextTurn();
    }
  };
  // One that fails waits for the others, which use the same memory.
  for (const end of await Promise.allSettled(Array.from({ length: lanes }, readLane)))
    if (end.status === "rejected") throw end.reason;
  for (const runs of lost) runs.sort((a, b) => a.start - b.start);
  return lost;
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

/** Fills `into`. Returns what of it could be read; the other pages are lost. */
async function readPiece(
  { start, mapping }: Piece,
  into: Uint8Array,
  pageBytes: number,
  read: (at: number, into: Uint8Array) => number | Promise<number>,
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
