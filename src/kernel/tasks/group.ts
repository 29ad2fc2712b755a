import type { Take, Thread } from "../thread.ts";
import type { Group, GroupArgs } from "./parts.ts";
import { rounds } from "./rounds.ts";
import { readPlace, writePlace } from "./spill.ts";
import { readSteps } from "./steps.ts";

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
