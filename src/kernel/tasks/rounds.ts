import { CoregramError } from "../../terms/index.ts";
import type { Thread } from "../thread.ts";
import type { Group, GroupArgs } from "./parts.ts";
import { readPlace, takeSpill, writePlace } from "./spill.ts";
import { readSteps } from "./steps.ts";

const GREATEST = 2n ** 64n - 1n;

/** Blocks after which others get a turn, about a chunk's worth: rounds on hostile data last for minutes. */
const BLOCKS_A_TURN = 32;

/** What one round leaves: where its (word, count) are, how many, the least word where lesser ones were dropped. */
interface Round {
  readonly runs: number;
  readonly count: number;
  readonly floor: bigint | null;
}

/**
 * A part with more words than the buffers hold: as many rounds over its blocks as it takes, each of which
 * keeps the greatest words below those of the round before, and drops the least when the buffers are full.
 * What is kept was kept from the start of the round, so its counts are exact. Every round ends with at least
 * an eighth of the buffer's words done, whatever the data.
 */
export function* rounds(
  thread: Thread,
  args: GroupArgs,
  part: number,
  first: number,
  end: number,
): Generator<void, Group[]> {
  const groups: Group[] = [];
  for (let high: bigint | null = GREATEST; high !== null; ) {
    const { runs, count, floor }: Round = yield* oneRound(thread, args, part, first, end, high);
    if (count > 0) groups.push(store(thread, args, part, groups.length, runs, count));
    high = floor === null ? null : floor - 1n;
  }
  return groups;
}

// The greatest words not above `high` with their counts.
function* oneRound(
  thread: Thread,
  args: GroupArgs,
  part: number,
  first: number,
  end: number,
  high: bigint,
): Generator<void, Round> {
  const { kernel, memory } = thread;
  const eighth = Math.floor(args.room / 8);
  const [front, runs] = args.buffers;
  const spare = front + eighth * 8;
  const fresh = spare + eighth * 8;
  const merged = runs + eighth * 16;
  const knownAt = args.known.at + (args.known.firsts[part] ?? 0) * 16;
  const knownCount = (args.known.firsts[part + 1] ?? 0) - (args.known.firsts[part] ?? 0);
  let count = 0;
  let low = 0n;
  let dropped = false;
  let pending = 0;

  const empty = () => {
    const sorted = kernel.sortDescending(front, spare, pending, args.histogram);
    const added = kernel.countRuns({
      words: sorted,
      count: pending,
      known: 0,
      knownCount: 0,
      runs: fresh,
      apart: 0,
      once: args.once,
    });
    pending = 0;
    const all = kernel.mergeRuns({ a: runs, aCount: count, b: fresh, bCount: added, to: merged });
    count = Math.min(all, eighth);
    new Uint8Array(memory.buffer).copyWithin(runs, merged, merged + count * 16);
    if (all > count) {
      dropped = true;
      low = new BigUint64Array(memory.buffer, runs, 2 * count)[2 * count - 2] ?? 0n;
    }
  };

  for (let block = first; block < end; ++block) {
    if ((block - first) % BLOCKS_A_TURN === BLOCKS_A_TURN - 1) yield;
    const words = args.blocks.words[block] ?? 0;
    for (let done = 0; done < words; ) {
      const piece = Math.min(words - done, eighth - pending);
      const to = front + pending * 8;
      readPlace(memory, args.spill, (args.blocks.place[block] ?? 0) + done * 8, piece * 8, to);
      pending += kernel.between({ words: to, count: piece, low, high, to });
      done += piece;
      if (pending === eighth) empty();
    }
  }
  empty();
  replaceKnown(memory, runs, count, knownAt, knownCount);
  return { runs, count, floor: dropped ? low : null };
}

// Known words stand once among the words for all their occurrences.
function replaceKnown(
  memory: WebAssembly.Memory,
  runs: number,
  count: number,
  knownAt: number,
  knownCount: number,
): void {
  const list = new BigUint64Array(memory.buffer, runs, 2 * count);
  const known = new BigUint64Array(memory.buffer, knownAt, 2 * knownCount);
  for (let i = 0, k = 0; i < list.length && k < known.length; ) {
    const word = list[i] ?? 0n;
    const key = known[k] ?? 0n;
    if (word === key) list[i + 1] = (list[i + 1] ?? 0n) + (known[k + 1] ?? 0n) - 1n;
    if (word >= key) i += 2;
    if (key >= word) k += 2;
  }
}

// Writes the rows' words to the end of the temporary file.
function store(
  thread: Thread,
  args: GroupArgs,
  part: number,
  round: number,
  runs: number,
  count: number,
): Group {
  const { kernel, memory } = thread;
  if (!args.spill) throw new CoregramError("limit", `part ${part} does not fit, and nowhere to spill to`);
  const spare = args.buffers[0];
  const steps = kernel.orderByCount({
    runs,
    count,
    spare,
    histogram: args.histogram,
    words: spare,
    steps: args.steps,
  });
  const place = takeSpill(args.spill, count * 8);
  writePlace(memory, args.spill, place, spare, count * 8);
  return { part, round, place, steps: readSteps(memory, args.steps, steps, 0) };
}
