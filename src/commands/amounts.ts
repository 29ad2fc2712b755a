import { type Amount, chooseOwners, GARBAGE, type Owners } from "../heap/index.ts";
import { type Core, readModules } from "../image/index.ts";
import { Crew } from "../kernel/index.ts";
import { type Python, readPython, typeTotals } from "../runtimes/index.ts";
import { CoregramError, formatWord, printable } from "../terms/index.ts";
import { countGiven, countWords } from "../words/index.ts";
import type { Notes } from "./notes.ts";
import type { ProgressLine } from "./progress.ts";
import { type PythonHeap, readHeap } from "./python-heap.ts";
import { memoryOf, temporaryFolder, threadsOf } from "./settings.ts";
import { chunksOf, requireElfCore, type Subject } from "./subject.ts";
import { findSuspects, type Suspect } from "./suspects.ts";

/** What is compared. */
export type By = "type" | "owner" | "word";

/** How cores are read to be compared. */
export interface AmountsArgs {
  readonly sysroot: string | undefined;
  readonly noModules: boolean | undefined;
  readonly threads: number | undefined;
}

/** All names of one core, and what its owners look like as leaks. */
export interface CoreAmounts {
  readonly amounts: readonly Amount[];
  /** What looks like a leak; none of a core that is not the last. */
  readonly suspects: readonly Suspect[];
}

/**
 * Reads the amounts of one core; of words, see `wordAmounts`.
 * @param suspects whether leaks are looked for: for that, types alone are not enough
 */
export async function readAmounts(
  subject: Subject,
  by: "type" | "owner",
  suspects: boolean,
  args: AmountsArgs,
  progress: ProgressLine,
  notes: Notes,
): Promise<CoreAmounts> {
  const core = requireElfCore(subject);
  if (by === "type" && !suspects)
    return { amounts: await typeAmounts(subject, core, args, progress, notes), suspects: [] };
  const heap = await readHeap(core, subject.source.name, {
    root: rootOf(args),
    threads: threadsOf(args.threads),
    progress: (stage) => (done, all) => progress.update(stage, done, all),
  });
  for (const remark of heap.python.remarks) notes.warn(`${subject.source.name}: ${remark}`);
  // All of them: what is large in one core may be small in the other.
  const owners = chooseOwners(heap.graph, heap.tree, by === "owner" ? 0 : 1024);
  return {
    amounts: by === "owner" ? ownerAmounts(heap, owners) : amountsOf(heap.python),
    suspects: suspects ? findSuspects(heap, owners.rows) : [],
  };
}

async function typeAmounts(
  { source }: Subject,
  core: Core,
  args: AmountsArgs,
  progress: ProgressLine,
  notes: Notes,
): Promise<Amount[]> {
  const crew = new Crew(threadsOf(args.threads));
  try {
    const python = await readPython(crew, core, readModules(core), {
      root: rootOf(args),
      progress: (done, all) => progress.update("finding objects", done, all),
    });
    if ("reason" in python)
      throw new CoregramError(
        "format",
        `${printable(source.name)}: ${python.reason}; --by word compares its words`,
      );
    for (const remark of python.remarks) notes.warn(`${source.name}: ${remark}`);
    return amountsOf(python);
  } finally {
    await crew.close();
  }
}

function amountsOf(python: Python): Amount[] {
  return typeTotals(python).map(({ name, count, bytes }) => ({ name, count, bytes }));
}

function ownerAmounts({ names, paths }: PythonHeap, owners: Owners): Amount[] {
  const amounts = owners.rows.map(({ node, bytes, count }) => {
    const length = names.lengthOf(node);
    return { name: paths.pathOf(node), bytes, count, ...(length === null ? {} : { length }) };
  });
  const { garbage } = owners;
  if (garbage.count > 0) amounts.push({ name: GARBAGE, bytes: garbage.bytes, count: garbage.count });
  return amounts;
}

const rootOf = ({ noModules, sysroot }: AmountsArgs) => (noModules ? null : (sysroot ?? "/"));

/** Words that are compared: the most frequent of each input. */
const MOST_WORDS = 1000;

/** How often the most frequent words of each input occur in all of them: exact counts of 8-byte words. */
export async function wordAmounts(
  subjects: readonly Subject[],
  args: AmountsArgs,
  progress: ProgressLine,
  notes: Notes,
): Promise<CoreAmounts[]> {
  const threads = threadsOf(args.threads);
  const inputs = subjects.map((subject) => chunksOf(subject, "all", { bytes: 8, endian: "little" }, notes));
  const words = new Set<bigint>();
  for (const chunks of inputs) {
    const counts = await countWords(chunks, {
      limit: MOST_WORDS,
      least: 1,
      filtered: false,
      threads,
      memory: memoryOf(undefined),
      temporaryFolder: temporaryFolder(),
      progress: (done, all) => progress.update("counting", done * chunks.chunkBytes, all * chunks.chunkBytes),
    });
    const rows = counts.kind === "top" ? counts.rows : counts.histogram.rows();
    let taken = 0;
    for (const { word } of rows) {
      if (taken++ >= MOST_WORDS) break;
      words.add(word);
    }
  }
  const amounts: CoreAmounts[] = [];
  for (const chunks of inputs) {
    const counts = await countGiven(chunks, [...words], threads);
    amounts.push({
      suspects: [],
      amounts: [...counts].map(([word, count]) => ({ name: formatWord(word, 8), count, bytes: 8 * count })),
    });
  }
  return amounts;
}
