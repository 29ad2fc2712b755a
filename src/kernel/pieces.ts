import { readAt, type SharedBytes, sharedBytes } from "../bytes/index.ts";
import { USER_SPACE_END } from "../terms/index.ts";
import { ZEROS } from "./abi/pages.ts";
import { PAGE_BYTES, PIECE_BYTES, TAIL_BYTES } from "./abi/pieces.ts";

/** A range of saved memory. */
export interface SavedRange {
  readonly start: bigint;
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Saved memory cut at the multiples of PIECE_BYTES, in the order of its addresses; plain data for worker threads.
 * Unlike `Chunks`, which are parts of a file, pieces are parts of an address space.
 */
export interface Pieces {
  /** Where the file's bytes are read. */
  readonly from: SharedBytes;
  readonly count: number;
  readonly starts: Float64Array;
  readonly offsets: Float64Array;
  readonly bytes: Uint32Array;
  /** Bytes that follow in memory and can be read with it, at most TAIL_BYTES. */
  readonly tails: Uint32Array;
  /** The number of pages of 4 KiB in the pieces before; one more entry holds all. */
  readonly firstPages: Float64Array;
}

/**
 * Cuts ranges into pieces. They may come in any order and must be disjoint. What lies above user space is left out,
 * and so are bytes before the first multiple of 8.
 */
export function cutPieces(from: SharedBytes, ranges: readonly SavedRange[]): Pieces {
  const sorted = ranges
    .filter(({ start, bytes }) => start < BigInt(USER_SPACE_END - bytes))
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  let most = 0;
  for (const { bytes } of sorted) most += Math.ceil(bytes / PIECE_BYTES) + 1;
  const starts = new Float64Array(most);
  const offsets = new Float64Array(most);
  const bytes = new Uint32Array(most);
  const tails = new Uint32Array(most);
  let count = 0;
  for (const range of sorted) {
    const first = Number(range.start);
    const end = first + range.bytes;
    for (let at = Math.ceil(first / 8) * 8; at < end; ) {
      const next = Math.min(end, (Math.floor(at / PIECE_BYTES) + 1) * PIECE_BYTES);
      starts[count] = at;
      offsets[count] = range.offset + (at - first);
      bytes[count] = next - at;
      tails[count] = Math.min(TAIL_BYTES, end - next);
      count += 1;
      at = next;
    }
  }
  const firstPages = new Float64Array(count + 1);
  for (let piece = 0; piece < count; piece += 1)
    firstPages[piece + 1] = (firstPages[piece] ?? 0) + Math.ceil((bytes[piece] ?? 0) / PAGE_BYTES);
  return {
    from: sharedBytes(from),
    count,
    starts: starts.subarray(0, count),
    offsets: offsets.subarray(0, count),
    bytes: bytes.subarray(0, count),
    tails: tails.subarray(0, count),
    firstPages,
  };
}

/** Whether the survey that left `pages` found nothing but zeros in the piece. */
export function isZeroPiece(
  { firstPages, bytes }: Pieces,
  piece: number,
  memory: WebAssembly.Memory,
  pages: number,
): boolean {
  const count = Math.ceil((bytes[piece] ?? 0) / PAGE_BYTES);
  return new Uint8Array(memory.buffer, pages + (firstPages[piece] ?? 0), count).every(
    (kind) => kind === ZEROS,
  );
}

/**
 * Reads a piece and its tail to `at` in the memory.
 * @throws CoregramError `changed` where the file has become shorter, `io` on a read error
 */
export function readPiece(pieces: Pieces, piece: number, memory: WebAssembly.Memory, at: number): void {
  const bytes = (pieces.bytes[piece] ?? 0) + (pieces.tails[piece] ?? 0);
  readAt(pieces.from, pieces.offsets[piece] ?? 0, new Uint8Array(memory.buffer, at, bytes));
}
