import type { Take, Thread } from "../thread.ts";
import { rounds } from "./rounds.ts";
import { readPlace, type Spill, writePlace } from "./spill.ts";
import { readSteps } from "./steps.ts";

/** The blocks of all parts: those of part p are [firsts[p], firsts[p + 1]). Shared between threads. */
export interface BlockList {
  readonly firsts: Uint32Array;
  readonly words: Uint32Array;
  /** In memory or in the spill file, as `Spill` has them. */
  readonly place: Float64Array;
}

/** Items are parts. */
export interface GroupArgs {
  readonly blocks: BlockList;
  /** Two buffers of `room` words and `known.slack` more, this thread's. */
  readonly buffers: readonly [number, number];
  readonly room: number;
  /** (word u64, count u64) of the keys, greatest word first; those of part p are [firsts[p], firsts[p + 1]). */
  readonly known: { readonly at: number; readonly firsts: Uint32Array; readonly slack: number };
  /** 8 KiB, this thread's. */
  readonly histogram: number;
  /** A u32, this thread's. */
  readonly once: number;
  /** Room for (count u64, rows u64) of each different count in a part, this thread's. */
  readonly steps: number;
  readonly spill: Spill | null;
}

/** Rows of one part, or of one round of a part too large for the buffers. */
export interface Group {
  readonly part: number;
  /** Rounds of one part hold lesser and lesser words. */
  readonly round: number;
  /** Where its words are, in the order of the rows; null: in the part's own blocks, from the first on. */
  readonly place: number | null;
  /** (count, rows) in turn, greatest count first. */
  readonly steps: Float64Array;
}

/** Sorts each part's words, counts equal ones, and leaves the rows' words where the part's words were. */
export function* group(thread: Thread, args: GroupArgs, take: Take): Generator<void, Group[]> {
  const groups: Group[] = [];
  const { firsts, words } = args.blocks;
  for (let part = take(); part !== null; part = take()) {
    const first = firsts[part] ?? 0;
    const end = firsts[part + 1] ?? first;
    let count = 0;
    for (let block = first; block < end; ++block) count += words[block] ?? 0;
    if (count <= args.room) groups.push(groupPart(thread, args, part, first, end));
    else groups.push(...(yield* rounds(thread, args, part, first, end)));
    yield;
  }
  return groups;
}

function groupPart(thread: Thread, args: GroupArgs, part: number, first: number, end: number): Group {
  const { kernel, memory } = thread;
  const { words, place } = args.blocks;
  const [front, back] = args.buffers;
  let count = 0;
  for (let block = first; block < end; ++block) {
    const here = words[block] ?? 0;
    readPlace(memory, args.spill, place[block] ?? 0, here * 8, front + count * 8);
    count += here;
  }
  const sorted = kernel.sortDescending(front, back, count, args.histogram);
  const other = sorted === front ? back : front;
  const known = args.known.at + (args.known.firsts[part] ?? 0) * 16;
  const knownCount = (args.known.firsts[part + 1] ?? 0) - (args.known.firsts[part] ?? 0);
  const runs = kernel.countRuns({
    words: sorted,
    count,
    known,
    knownCount,
    runs: other,
    apart: 1,
    once: args.once,
  });
  const singles = new Uint32Array(memory.buffer, args.once, 1)[0] ?? 0;
  const stepCount = kernel.orderByCount({
    runs: other,
    count: runs,
    spare: sorted + singles * 8,
    histogram: args.histogram,
    words: other,
    steps: args.steps,
  });
  const steps = readSteps(memory, args.steps, stepCount, singles);
  new Uint8Array(memory.buffer).copyWithin(other + runs * 8, sorted, sorted + singles * 8);
  let written = 0;
  const rows = runs + singles;
  for (let block = first; block < end && written < rows; ++block) {
    const here = Math.min(rows - written, words[block] ?? 0);
    writePlace(memory, args.spill, place[block] ?? 0, other + written * 8, here * 8);
    written += here;
  }
  return { part, round: 0, place: null, steps };
}
