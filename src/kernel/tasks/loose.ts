import { LINK_BYTES, OWN_BYTES, PREVIOUS_BYTES } from "../abi/loose.ts";
import { RECORD_BYTES } from "../abi/record.ts";
import { Slabs } from "../kernel-memory.ts";
import { isZeroPiece, type Pieces, readPiece } from "../pieces.ts";
import type { Take, Thread } from "../thread.ts";

/** Items are pieces. */
export interface LooseObjectsArgs {
  readonly pieces: Pieces;
  /** As the survey left them. */
  readonly pages: number;
  /** Where an allocator that is not known may have objects: by address, disjoint. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** For each piece the first of these that ends behind its start. */
  readonly firsts: Uint32Array;
  readonly plan: number;
  /** The first type's address, and how far behind it the last one is. */
  readonly lowType: bigint;
  readonly typeSpan: bigint;
  /** Bytes of the collector's head. */
  readonly gcHead: number;
  /** What words lead to, as `markLoose` has it. */
  readonly low: bigint;
  readonly span: bigint;
  readonly hash: number;
  readonly hashMask: number;
  readonly marks: number;
  /** Room for a piece and its tail, this thread's. */
  readonly buffer: number;
  /** Four u64 a type, this thread's: what is counted there are candidates. */
  readonly tally: number;
  /** A u32, this thread's. */
  readonly wrote: number;
}

/** What may be objects in one span's part of a piece, and where in the kernel's memory that is. */
export interface FoundLoose {
  readonly piece: number;
  readonly span: number;
  readonly count: number;
  readonly records: number;
  readonly owns: number;
  readonly linkCount: number;
  readonly links: number;
  readonly previous: number;
}

/** Bytes behind a piece that the kernel may read. */
const TAIL_BYTES = 128;

/** Finds what may be objects of an allocator that is not known, and what words of all memory lead to. */
export function* looseObjects(
  { kernel, memory }: Thread,
  args: LooseObjectsArgs,
  take: Take,
): Generator<void, FoundLoose[]> {
  const { pieces, starts, ends, firsts, buffer, low, span, hash, hashMask, marks } = args;
  const found: FoundLoose[] = [];
  const [records, owns, links, previous] = [
    new Slabs(memory),
    new Slabs(memory),
    new Slabs(memory),
    new Slabs(memory),
  ];
  for (let piece = take(); piece !== null; piece = take()) {
    // Nothing begins there, and nothing there leads anywhere.
    if (isZeroPiece(pieces, piece, memory, args.pages)) continue;
    readPiece(pieces, piece, memory, buffer);
    const start = pieces.starts[piece] ?? 0;
    const bytes = pieces.bytes[piece] ?? 0;
    const tail = pieces.tails[piece] ?? 0;
    const pages = args.pages + (pieces.firstPages[piece] ?? 0);
    kernel.markLoose({ at: buffer, bytes, pages, low, span, hash, hashMask, marks });
    // An object may end where memory does: what the kernel reads behind it is no other piece's.
    if (tail < TAIL_BYTES) new Uint8Array(memory.buffer, buffer + bytes + tail, TAIL_BYTES - tail).fill(0);
    for (let index = firsts[piece] ?? 0; index < starts.length; index += 1) {
      const from = Math.max(0, (starts[index] ?? 0) - start);
      if (from >= bytes) break;
      const to = Math.min(bytes, (ends[index] ?? 0) - start);
      const most = (to - from) / 8;
      const places = {
        records: records.room(most * RECORD_BYTES),
        owns: owns.room(most * OWN_BYTES),
        links: links.room(most * LINK_BYTES),
        previous: previous.room(most * PREVIOUS_BYTES),
      };
      const wrote = kernel.looseObjects({
        plan: args.plan,
        at: buffer,
        from,
        to,
        end: bytes + Math.max(tail, TAIL_BYTES),
        address: BigInt(start),
        pages,
        low: args.lowType,
        span: args.typeSpan,
        gcHead: args.gcHead,
        tally: args.tally,
        ...places,
        wrote: args.wrote,
      });
      if (wrote === 0) continue;
      const count = wrote / RECORD_BYTES;
      const linkCount = new Uint32Array(memory.buffer, args.wrote, 1)[0] ?? 0;
      records.take(wrote);
      owns.take(count * OWN_BYTES);
      links.take(linkCount * LINK_BYTES);
      previous.take(linkCount * PREVIOUS_BYTES);
      found.push({ piece, span: index, count, linkCount, ...places });
    }
    yield;
  }
  return found;
}
