import { WORD_MARKS_BYTES } from "../abi/native.ts";
import { LARGE_POOL, SMALL_POOL } from "../abi/pages.ts";
import { PAGE_BYTES, PIECE_BYTES } from "../abi/pieces.ts";
import type { Kernel } from "../interface.ts";
import { type Pieces, readPiece } from "../pieces.ts";
import type { Take, Thread } from "../thread.ts";

/** What the two passes have in common. */
export interface EdgesArgs {
  readonly pieces: Pieces;
  /** As assembly/edges.ts documents it. */
  readonly graph: number;
  /** Room for a piece and its tail, this thread's. */
  readonly buffer: number;
  /** EDGES_ROOM bytes for edges, then JOBS_ROOM for jobs, then 1 KiB; this thread's. */
  readonly room: number;
}

/** Items are pieces. */
export interface ObjectEdgesArgs extends EdgesArgs {
  /** The first object of each piece. */
  readonly firsts: Uint32Array;
  /** Whether to look for thread states' data stacks. */
  readonly seeksStacks: boolean;
  /** Pools' pages as the survey left them, and the objects' records. */
  readonly pages: number;
  readonly records: number;
  /** 2,048 bytes, this thread's. */
  readonly marks: number;
  /** For each piece a bit a word, zero at first, and a byte a page, see `markBlocks`. */
  readonly blocks: number;
  readonly sizes: number;
}

/** Items are places in `places`. */
export interface TableEdgesArgs extends EdgesArgs {
  /** The pieces that have jobs. */
  readonly places: Uint32Array;
  /** For each of them the first of its jobs; one more entry holds all. */
  readonly firsts: Uint32Array;
  /** Where all jobs lie in the memory. */
  readonly jobs: number;
  /** For each piece a bit a word, which is set where a table begins. */
  readonly tables: number;
}

/** What an item led to, in memory that all threads see. */
export interface FoundEdges {
  readonly item: number;
  /** Pairs: from, to. */
  readonly edges: Uint32Array;
  /** Jobs of six u32, as assembly/edges.ts documents them. */
  readonly jobs: Uint32Array;
  /** Addresses of what may be a thread state's fields of its data stack. */
  readonly stacks: Float64Array;
  /** Such addresses that there was no room for. */
  readonly lostStacks: number;
  /** Words of tables that overlap, which were not followed. */
  readonly lostWords: number;
}

/** Every word of a piece and its tail, twice: an edge is 8 bytes. */
const EDGES_ROOM = 2 ** 20;
const JOBS_ROOM = 2 ** 19;
/** Any word of a piece may begin one. */
const STACKS_ROOM = PIECE_BYTES;
/** Addresses of stacks that a thread keeps: no program comes near, and what is made up takes no memory without bound. */
const MOST_STACKS = 2 ** 20;
/** What a thread needs of the memory beside its buffer. */
export const EDGES_THREAD_ROOM = EDGES_ROOM + JOBS_ROOM + 1024 + STACKS_ROOM;

/** Follows the words of the objects' own structs. */
export function* objectEdges(
  thread: Thread,
  args: ObjectEdgesArgs,
  take: Take,
): Generator<void, FoundEdges[]> {
  const found: FoundEdges[] = [];
  const { pieces, buffer, graph, firsts, room } = args;
  let stacksLeft = MOST_STACKS;
  for (let piece = take(); piece !== null; piece = take()) {
    const first = firsts[piece] ?? 0;
    const end = firsts[piece + 1] ?? 0;
    const pages = args.pages + (pieces.firstPages[piece] ?? 0);
    if (first === end && !args.seeksStacks && !hasPool(thread, pages, pieces.bytes[piece] ?? 0)) continue;
    readPiece(pieces, piece, thread.memory, buffer);
    const start = BigInt(pieces.starts[piece] ?? 0);
    const bytes = pieces.bytes[piece] ?? 0;
    const readable = bytes + (pieces.tails[piece] ?? 0);
    found.push(
      ...gather(thread, args, piece, first, end, (kernel, from, edges, edgesEnd, jobs, jobsEnd, wrote) =>
        kernel.objectEdges({
          graph,
          first: from,
          end,
          at: buffer,
          bytes: readable,
          address: start,
          edges,
          edgesEnd,
          jobs,
          jobsEnd,
          wrote,
        }),
      ),
    );
    thread.kernel.markBlocks({
      at: buffer,
      bytes,
      address: start,
      pages,
      marks: args.marks,
      records: args.records,
      first,
      end,
      blocks: args.blocks + piece * WORD_MARKS_BYTES,
      sizes: args.sizes + (pieces.firstPages[piece] ?? 0),
    });
    if (args.seeksStacks) {
      const to = room + EDGES_ROOM + JOBS_ROOM + 1024;
      const count = thread.kernel.findDataStacks({
        at: buffer,
        bytes,
        address: start,
        to,
        most: STACKS_ROOM / 8,
      });
      if (count > 0) {
        const kept = Math.min(count, STACKS_ROOM / 8, stacksLeft);
        stacksLeft -= kept;
        const stacks = Float64Array.from(new BigUint64Array(thread.memory.buffer, to, kept), Number);
        found.push({ ...NOTHING, item: piece, stacks, lostStacks: count - kept });
      }
    }
    yield;
  }
  return found;
}

/** Follows tables' words. */
export function* tableEdges(thread: Thread, args: TableEdgesArgs, take: Take): Generator<void, FoundEdges[]> {
  const found: FoundEdges[] = [];
  const { pieces, buffer, graph, firsts, places, room } = args;
  const budget = room + EDGES_ROOM + JOBS_ROOM + 16;
  for (let item = take(); item !== null; item = take()) {
    const piece = places[item] ?? 0;
    const first = firsts[item] ?? 0;
    const end = firsts[item + 1] ?? 0;
    readPiece(pieces, piece, thread.memory, buffer);
    const start = BigInt(pieces.starts[piece] ?? 0);
    const readable = (pieces.bytes[piece] ?? 0) + (pieces.tails[piece] ?? 0);
    // Tables are disjoint: a piece has an entry for each 16 bytes. Twice that leaves room for a few that are not what they seem.
    const counts = new BigUint64Array(thread.memory.buffer, budget, 2);
    counts.set([BigInt(Math.floor(readable / 8)), 0n]);
    found.push(
      ...gather(thread, args, item, first, end, (kernel, from, edges, edgesEnd, next, nextEnd, wrote) =>
        kernel.tableEdges({
          graph,
          jobs: args.jobs,
          first: from,
          end,
          at: buffer,
          bytes: readable,
          address: start,
          edges,
          edgesEnd,
          next,
          nextEnd,
          wrote,
          budget,
          tables: args.tables + piece * WORD_MARKS_BYTES,
        }),
      ),
    );
    const lostWords = Number(counts[1] ?? 0n);
    if (lostWords > 0) found.push({ ...NOTHING, item, lostWords });
    yield;
  }
  return found;
}

function hasPool({ memory }: Thread, pages: number, bytes: number): boolean {
  return new Uint8Array(memory.buffer, pages, Math.ceil(bytes / PAGE_BYTES)).some(
    (page) => page === SMALL_POOL || page === LARGE_POOL,
  );
}

const NONE = new Uint32Array(0);
const NOTHING = { edges: NONE, jobs: NONE, stacks: new Float64Array(0), lostStacks: 0, lostWords: 0 };

type Step = (
  kernel: Kernel,
  from: number,
  edges: number,
  edgesEnd: number,
  jobs: number,
  jobsEnd: number,
  wrote: number,
) => number;

/** Runs the kernel over a range as often as its room fills, and copies what it wrote. */
export function* gather(
  { kernel, memory }: Thread,
  { room }: EdgesArgs,
  item: number,
  first: number,
  end: number,
  step: Step,
): Generator<FoundEdges> {
  const jobs = room + EDGES_ROOM;
  const wrote = jobs + JOBS_ROOM;
  for (let from = first; from < end; ) {
    const came = step(kernel, from, room, jobs, jobs, wrote, wrote) >>> 0;
    const [edgeBytes = 0, jobBytes = 0] = new Uint32Array(memory.buffer, wrote, 2);
    if (edgeBytes + jobBytes > 0)
      yield {
        ...NOTHING,
        item,
        edges: shared(memory, room, edgeBytes),
        jobs: shared(memory, jobs, jobBytes),
      };
    // The room takes any one: what does not move is over.
    if (came === from) return;
    from = came;
  }
}

// Shared, so that the worker's results are not copied once more on their way to the main thread.
function shared(memory: WebAssembly.Memory, at: number, bytes: number): Uint32Array {
  if (bytes === 0) return NONE;
  const copy = new Uint32Array(new SharedArrayBuffer(bytes));
  copy.set(new Uint32Array(memory.buffer, at, bytes / 4));
  return copy;
}
