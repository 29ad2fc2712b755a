import type { BlockList, Chunks, Crew, Progress, Spill } from "../kernel/index.ts";
import { CoregramError, printable } from "../terms/index.ts";
import { Histogram } from "./histogram.ts";
import { KEY_BITS, Keys } from "./keys.ts";
import { openSpill } from "./open-spill.ts";
import { listBlocks } from "./part-blocks.ts";
import type { Sample } from "./sample.ts";
import { type Splitters, splitters } from "./splitters.ts";
import { addTotals } from "./totals.ts";
import { mostParts, Workspace } from "./workspace.ts";

export interface SortOptions {
  readonly memory: number;
  readonly temporaryFolder: string;
  readonly foldAfter: number;
  readonly progress?: Progress;
  readonly sorting?: Progress;
}

/** What both steps of the sort work on. */
interface Sort {
  readonly crew: Crew;
  readonly chunks: Chunks;
  readonly keys: Keys;
  readonly split: Splitters;
  readonly space: Workspace;
  /** Where each part's keys start among all. */
  readonly keyFirsts: Uint32Array;
}

/**
 * The full histogram: a sample sort in two steps. All words are split by value into parts, by a tree of
 * splitters drawn from the sample, the sample's frequent words counted on the way; then each part is sorted in the
 * cache and its equal words counted. Parts that outgrow the memory are spilled to an unlinked temporary file.
 */
export async function sortWords(
  crew: Crew,
  chunks: Chunks,
  sample: Sample,
  options: SortOptions,
): Promise<Histogram> {
  const keys = new Keys(sample);
  const split = splitters(sample, new Set(keys.words), chunks.words, mostParts(crew, options.memory));
  const space = new Workspace(crew, chunks, keys, split, options.memory);
  const sort = { crew, chunks, keys, split, space, keyFirsts: keys.firsts(split) };
  const spill = space.holds(chunks.words, 2 ** split.levels)
    ? null
    : await openSpill(crew, options.temporaryFolder);
  const blocks = await splitWords(sort, spill, options);
  const histogram = await sortParts(sort, blocks, spill, options);
  if (histogram.words === chunks.words) return histogram;
  throw new CoregramError(
    "changed",
    `${printable(chunks.from.name)}: changed while it was read: ${chunks.words} words at first, ${histogram.words} counted`,
  );
}

async function splitWords(sort: Sort, spill: Spill | null, options: SortOptions): Promise<BlockList> {
  const { crew, chunks, keys, split, space } = sort;
  const directories = await crew.run(
    "partition",
    chunks.count,
    (thread) => ({
      ...space.of(thread),
      chunks,
      table: keys.table,
      foldAfter: options.foldAfter,
      tree: space.tree,
      levels: split.levels,
      first: space.first,
      owners: space.owners,
      pool: space.pool,
      share: spill ? Math.floor(space.poolBlocks / crew.threads) : space.poolBlocks,
      spill,
    }),
    options.progress,
  );
  const { equals } = addTotals(crew.memory, space.totals, KEY_BITS);
  keys.writeCounts(crew.memory, space.known, equals, printable(chunks.from.name));
  return listBlocks(directories.flat(), 2 ** split.levels);
}

async function sortParts(
  sort: Sort,
  blocks: BlockList,
  spilled: Spill | null,
  options: SortOptions,
): Promise<Histogram> {
  const { crew, keys, split, space, keyFirsts } = sort;
  const { room, largest, of } = space.buffersFor(blocks);
  // Rounds write their rows behind everything else.
  const spill = spilled ?? (largest > room ? await openSpill(crew, options.temporaryFolder) : null);
  const args = (thread: number) => {
    const { histogram, once } = space.of(thread);
    const { pair, steps } = of(thread);
    const known = { at: space.known, firsts: keyFirsts, slack: keys.words.length };
    return { blocks, buffers: pair, room, known, histogram, once, steps, spill };
  };
  const groups = await crew.run("group", 2 ** split.levels, args, options.sorting);
  return new Histogram(crew, groups.flat(), blocks, spill);
}
