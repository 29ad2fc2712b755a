import { LINK_BYTES, OWN_BYTES } from "../abi/loose.ts";
import { RECORD_BYTES } from "../abi/record.ts";
import { type Pieces, readPiece } from "../pieces.ts";
import type { Take, Thread } from "../thread.ts";

/** Items are pieces. */
export interface LooseObjectsArgs {
  readonly pieces: Pieces;
  readonly plan: number;
  /** Room for a piece and its tail, this thread's. */
  readonly buffer: number;
  /** Room for as many candidates as a piece has words, this thread's: records, and the columns of abi/loose.ts. */
  readonly room: number;
  readonly owns: number;
  readonly links: number;
  /** Four u64 a type, this thread's: what is counted there are candidates. */
  readonly tally: number;
}

/** Items are pieces. */
export interface HoldLooseArgs {
  readonly pieces: Pieces;
  /** As `indexObjects` and the records fill it; see assembly/cpython/edges.ts. */
  readonly graph: number;
  /** Room for a piece and its tail, this thread's. */
  readonly buffer: number;
  /** As the survey left them. */
  readonly pages: number;
  /** The first candidate of each piece; one more entry holds all. */
  readonly firsts: Uint32Array;
  /** As `holdLoose` documents them. */
  readonly held: number;
  readonly links: number;
  readonly linked: number;
}

/** The candidates of a piece, in memory that all threads see. */
export interface FoundLoose {
  readonly item: number;
  /** Their records. */
  readonly words: Uint32Array;
  /** As abi/loose.ts has them. */
  readonly owns: Uint32Array;
  readonly links: BigUint64Array;
}

/** Bytes behind a piece that the kernel may read. */
const TAIL_BYTES = 128;

/** Finds what may be objects of an allocator that is not known. */
export function* looseObjects(
  { kernel, memory }: Thread,
  { pieces, plan, buffer, room, owns, links, tally }: LooseObjectsArgs,
  take: Take,
): Generator<void, FoundLoose[]> {
  const found: FoundLoose[] = [];
  for (let piece = take(); piece !== null; piece = take()) {
    readPiece(pieces, piece, memory, buffer);
    const bytes = pieces.bytes[piece] ?? 0;
    const tail = pieces.tails[piece] ?? 0;
    // An object may end where memory does: what the kernel reads behind it is no other piece's.
    if (tail < TAIL_BYTES) new Uint8Array(memory.buffer, buffer + bytes + tail, TAIL_BYTES - tail).fill(0);
    const wrote = kernel.looseObjects({
      plan,
      at: buffer,
      bytes,
      tail: Math.max(tail, TAIL_BYTES),
      address: BigInt(pieces.starts[piece] ?? 0),
      tally,
      to: room,
      owns,
      links,
    });
    if (wrote > 0) found.push({ item: piece, ...copied(memory, wrote, room, owns, links) });
    yield;
  }
  return found;
}

// Shared, so that it is not copied once more on its way to the main thread.
function copied(
  { buffer }: WebAssembly.Memory,
  bytes: number,
  room: number,
  owns: number,
  links: number,
): Omit<FoundLoose, "item"> {
  const count = bytes / RECORD_BYTES;
  const found = {
    words: new Uint32Array(new SharedArrayBuffer(bytes)),
    owns: new Uint32Array(new SharedArrayBuffer(count * OWN_BYTES)),
    links: new BigUint64Array(new SharedArrayBuffer(count * LINK_BYTES)),
  };
  found.words.set(new Uint32Array(buffer, room, bytes / 4));
  found.owns.set(new Uint32Array(buffer, owns, count));
  found.links.set(new BigUint64Array(buffer, links, count));
  return found;
}

/** Marks what words lead to, and where the collector's lists come back. Its results are in the memory. */
export function* holdLoose(
  { kernel, memory }: Thread,
  { pieces, graph, buffer, pages, firsts, held, links, linked }: HoldLooseArgs,
  take: Take,
): Generator<void, void> {
  for (let piece = take(); piece !== null; piece = take()) {
    readPiece(pieces, piece, memory, buffer);
    kernel.holdLoose({
      graph,
      at: buffer,
      bytes: pieces.bytes[piece] ?? 0,
      address: BigInt(pieces.starts[piece] ?? 0),
      pages: pages + (pieces.firstPages[piece] ?? 0),
      first: firsts[piece] ?? 0,
      end: firsts[piece + 1] ?? 0,
      held,
      links,
      linked,
    });
    yield;
  }
}
