import type { Span } from "../../blocks/index.ts";
import type { Image, Thread } from "../../image/index.ts";
import type { Records } from "./records.ts";
import type { StaticSpans } from "./statics.ts";

/** Parts of memory that are disjoint and add up to `saved`. All in bytes. */
export interface Balance {
  readonly saved: number;
  /** pymalloc's blocks that hold live objects. */
  readonly poolObjects: number;
  /** pymalloc's other blocks in use: tables and buffers that objects own. */
  readonly poolTables: number;
  readonly poolFreed: number;
  /** Pools' headers, and blocks that were never handed out. */
  readonly poolRest: number;
  readonly mallocObjects: number;
  /** malloc's other chunks in use: tables, buffers, and what other libraries hold. */
  readonly mallocTables: number;
  readonly mallocFreed: number;
  /** Writable data of modules. */
  readonly statics: number;
  readonly stacks: number;
  /** Memory that is not writable: what is saved of files. */
  readonly notWritable: number;
  /** The remainder: arenas' pages without a pool, other allocators, memory mapped for other ends. */
  readonly other: number;
  /** A part of poolTables and mallocTables: the dict of interned strings, where no program can reach it. */
  readonly internTable: number;
}

/** Adds up where the saved bytes of an image went. */
export function balanceOf(
  image: Image,
  { sums }: Records,
  threads: readonly Thread[],
  { all }: StaticSpans,
  internTable: number,
): Balance {
  const stackStarts = new Set(threads.flatMap(({ stack }) => (stack === null ? [] : [stack.start])));
  const isStatic = (start: bigint) => all.some((span: Span) => BigInt(span.start) === start);
  let saved = 0;
  let notWritable = 0;
  let stacks = 0;
  for (let index = 0; index < image.segmentCount; index += 1) {
    const segment = image.segment(index);
    const { bytes } = segment.extent;
    saved += bytes;
    if (!segment.permissions.includes("w")) notWritable += bytes;
    // A thread that stands on malloc's memory or in a module's has no stack of its own there.
    else if (stackStarts.has(segment.start) && !isStatic(segment.start)) stacks += bytes;
  }
  const parts = {
    poolObjects: sums.poolObjectBytes,
    poolTables: sums.poolBytes - sums.poolObjectBytes,
    poolFreed: sums.poolFreeBytes,
    poolRest: sums.poolRestBytes,
    mallocObjects: sums.chunkObjectBytes + sums.mappedObjectBytes,
    mallocTables: sums.chunkBytes - sums.chunkObjectBytes + sums.mappedBytes - sums.mappedObjectBytes,
    mallocFreed: sums.freeChunkBytes,
    statics: sums.staticBytes,
    stacks,
    notWritable,
  };
  const other = saved - Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  return { saved, ...parts, other, internTable };
}
