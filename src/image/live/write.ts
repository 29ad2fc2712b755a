import type { PlacedMapping } from "./layout.ts";
import type { MemoryFile } from "./memory-file.ts";
import type { Run } from "./pages.ts";
import { PIECE_BYTES, type Piece, readPieces } from "./pieces.ts";
import { zeroRuns } from "./zero-runs.ts";

/** A file that a core is written to while its process is stopped, its parts in any order. */
export interface CoreSink {
  /** All of the bytes, from a place on; they stay as they are until it is done. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Fills `into` from a place on; what was not written is zeros. */
  read(at: number, into: Uint8Array): void;
}

/** What of a process's memory is read, and written or about to be. */
export interface Written {
  /** By mapping, the pages that could not be read any more, sorted. */
  readonly lost: Run[][];
  /** Waits until all is written, which the process need not be stopped for. @throws what the sink throws */
  finish(): Promise<void>;
}

/** While one piece is written, others are read. */
const LANES = 2;

/**
 * Reads what is planned of a process's memory, and writes each piece to its place meanwhile; not pages that are zeros. The
 * process waits for the sink only where what that has not taken yet would be more than may be kept.
 * @param most bytes that may be kept, beside one piece
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
  const writer = new PieceWriter(sink, most);
  const into = ({ start, end }: Run) => writer.room(end - start);
  const lost = await readPieces(
    memory,
    placed,
    { pageBytes, lanes: LANES },
    () => into,
    (piece, bytes, parts) => {
      writer.take({ piece, bytes, parts });
      progress(bytes.length);
    },
  );
  return { lost, finish: () => writer.finish() };
}

/** A piece that was read. */
interface ReadPiece {
  readonly piece: Piece;
  readonly bytes: Uint8Array;
  /** What of it could be read, from its start on. */
  readonly parts: readonly Run[];
}

/** Writes pieces one after the other, behind whoever reads them. */
class PieceWriter {
  readonly #sink: CoreSink;
  readonly #most: number;
  readonly #queue: ReadPiece[] = [];
  /** Blocks of whole pieces, to be read to again: a new one takes longer to touch than to fill. */
  readonly #free: Uint8Array[] = [];
  readonly #waiting: (() => void)[] = [];
  /** Bytes that are read to, or wait to be written. */
  #held = 0;
  #writing: Promise<void> | null = null;
  #failure: { readonly error: unknown } | null = null;

  constructor(sink: CoreSink, most: number) {
    this.#sink = sink;
    this.#most = most;
  }

  /** Room for so many bytes, once there is some. @throws what the sink threw */
  async room(bytes: number): Promise<Uint8Array> {
    while (this.#failure === null && this.#held > 0 && this.#held + bytes > this.#most)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#fail();
    this.#held += bytes;
    // What is smaller is no block: thousands of them would take two megabytes each.
    if (bytes < PIECE_BYTES) return new Uint8Array(bytes);
    return this.#free.pop() ?? new Uint8Array(PIECE_BYTES);
  }

  /** @throws what the sink threw */
  take(read: ReadPiece): void {
    this.#fail();
    this.#queue.push(read);
    this.#writing ??= this.#write();
  }

  async finish(): Promise<void> {
    await this.#writing;
    this.#fail();
  }

  /** Until there is nothing left. */
  async #write(): Promise<void> {
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        const { piece, bytes, parts } = next;
        for (const { start, end } of parts)
          await this.#writePages(bytes.subarray(start, end), piece.place + start);
        this.#held -= bytes.length;
        if (bytes.length === PIECE_BYTES) this.#free.push(bytes);
        this.#wake();
      }
    } catch (error) {
      this.#failure = { error };
      this.#wake();
    }
    this.#writing = null;
  }

  async #writePages(bytes: Uint8Array, place: number): Promise<void> {
    for (const { start, end, isZero } of zeroRuns(bytes))
      if (!isZero) await this.#sink.write(bytes.subarray(start, end), place + start);
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #fail(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}
