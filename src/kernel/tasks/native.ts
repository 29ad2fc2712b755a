import { WORD_MARKS_BYTES } from "../abi/native.ts";
import { type Pieces, readPiece } from "../pieces.ts";
import type { Take, Thread } from "../thread.ts";
import { type EdgesArgs, type FoundEdges, gather } from "./edges.ts";

/** Items are pieces. */
export interface PoolBlocksArgs extends BlockMarks {
  readonly pieces: Pieces;
  /** For each piece the bits that `tableEdges` left. */
  readonly tables: number;
  /** EDGES_THREAD_ROOM bytes, this thread's. */
  readonly room: number;
}

/** Where the blocks in pools are marked that hold no object. */
export interface BlockMarks {
  /** For each piece a bit a word. */
  readonly blocks: number;
  /** A byte a page. */
  readonly sizes: number;
}

/** Items are pieces. */
export interface LooseEdgesArgs extends EdgesArgs {
  /** The first object of each piece. */
  readonly firsts: Uint32Array;
}

/** Items are places in `places`, as in `TableEdgesArgs`. */
export interface LooseWordsArgs extends EdgesArgs {
  readonly places: Uint32Array;
  readonly firsts: Uint32Array;
  readonly jobs: number;
}

/** The blocks of a piece: pairs of address and bytes. */
export interface FoundBlocks {
  readonly item: number;
  readonly blocks: Float64Array;
}

/** Finds the blocks in pools that hold no object and are no table. */
export function* poolBlocks(
  { kernel, memory }: Thread,
  args: PoolBlocksArgs,
  take: Take,
): Generator<void, FoundBlocks[]> {
  const found: FoundBlocks[] = [];
  const { pieces, blocks, tables, sizes, room } = args;
  for (let piece = take(); piece !== null; piece = take()) {
    const wrote = kernel.poolBlocks({
      address: BigInt(pieces.starts[piece] ?? 0),
      blocks: blocks + piece * WORD_MARKS_BYTES,
      sizes: sizes + (pieces.firstPages[piece] ?? 0),
      tables: tables + piece * WORD_MARKS_BYTES,
      to: room,
    });
    if (wrote > 0)
      found.push({ item: piece, blocks: new Float64Array(memory.buffer, room, wrote / 8).slice() });
    yield;
  }
  return found;
}

/** Follows what objects' structs may lead to beside what is known of them. */
export function* looseEdges(thread: Thread, args: LooseEdgesArgs, take: Take): Generator<void, FoundEdges[]> {
  const found: FoundEdges[] = [];
  const { pieces, buffer, graph, firsts } = args;
  for (let piece = take(); piece !== null; piece = take()) {
    const first = firsts[piece] ?? 0;
    const end = firsts[piece + 1] ?? 0;
    if (!thread.kernel.isLoose(graph, first, end)) continue;
    readPiece(pieces, piece, thread.memory, buffer);
    const address = BigInt(pieces.starts[piece] ?? 0);
    const bytes = (pieces.bytes[piece] ?? 0) + (pieces.tails[piece] ?? 0);
    found.push(
      ...gather(thread, args, piece, first, end, (kernel, from, edges, edgesEnd, jobs, jobsEnd, wrote) =>
        kernel.looseEdges({
          graph,
          first: from,
          end,
          at: buffer,
          bytes,
          address,
          edges,
          edgesEnd,
          jobs,
          jobsEnd,
          wrote,
        }),
      ),
    );
    yield;
  }
  return found;
}

/** Follows words that may lead to blocks or objects. */
export function* looseWords(thread: Thread, args: LooseWordsArgs, take: Take): Generator<void, FoundEdges[]> {
  const found: FoundEdges[] = [];
  const { pieces, buffer, graph, firsts, places, jobs } = args;
  for (let item = take(); item !== null; item = take()) {
    const piece = places[item] ?? 0;
    const end = firsts[item + 1] ?? 0;
    readPiece(pieces, piece, thread.memory, buffer);
    const address = BigInt(pieces.starts[piece] ?? 0);
    const bytes = (pieces.bytes[piece] ?? 0) + (pieces.tails[piece] ?? 0);
    found.push(
      ...gather(thread, args, item, firsts[item] ?? 0, end, (kernel, from, edges, edgesEnd, _j, _e, wrote) =>
        kernel.looseWords({
          graph,
          jobs,
          first: from,
          end,
          at: buffer,
          bytes,
          address,
          edges,
          edgesEnd,
          wrote,
        }),
      ),
    );
    yield;
  }
  return found;
}
