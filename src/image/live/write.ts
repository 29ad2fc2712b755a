import type { PlacedMapping } from "./layout.ts";
import type { MemoryFile } from "./memory-file.ts";
import type { Run } from "./pages.ts";
import { PIECE_BYTES, readPieces } from "./pieces.ts";
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
  readonly lost: Run[][];
  /** Writes what is kept in memory, which the process need not be stopped for. */
  finish(): void;
}

/** While one piece is written, another is read. */
const LANES = 2;

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
  const kept: { readonly bytes: Uint8Array; readonly place: number }[] = [];
  const keptBlocks = new Set<ArrayBufferLike>();
  const lane = () => {
    let block = new Uint8Array(PIECE_BYTES);
    return ({ start, end }: Run) => {
      if (keptBlocks.has(block.buffer)) block = new Uint8Array(PIECE_BYTES);
      return block.subarray(0, end - start);
    };
  };
  const lost = await readPieces(memory, placed, { pageBytes, lanes: LANES }, lane, (piece, bytes, parts) => {
    const isKept = sink.isSlow && (keptBlocks.size + 1) * PIECE_BYTES <= most;
    if (isKept) keptBlocks.add(bytes.buffer);
    for (const { start, end } of parts) {
      const part = { bytes: bytes.subarray(start, end), place: piece.place + start };
      if (isKept) kept.push(part);
      else writePages(sink, part);
    }
    progress(piece.end - piece.start);
  });
  return {
    lost,
    finish() {
      for (const part of kept) writePages(sink, part);
    },
  };
}

function writePages(
  sink: CoreSink,
  { bytes, place }: { readonly bytes: Uint8Array; readonly place: number },
): void {
  for (const { start, end, isZero } of zeroRuns(bytes))
    if (!isZero) sink.write(bytes.subarray(start, end), place + start);
}
