import { type Addressed, type Amount, chooseOwners, GARBAGE, type Owners } from "../heap/index.ts";
import { type Core, readModules } from "../image/index.ts";
import { Crew } from "../kernel/index.ts";
import { ObjectTable, type Python, readPython, typeTotals } from "../runtimes/index.ts";
import { CoregramError, formatWord, printable } from "../terms/index.ts";
import { countGiven, countWords } from "../words/index.ts";
import { type PythonHeap, readHeap } from "./python-heap.ts";
import type { Notes } from "./shell/notes.ts";
import type { ProgressLine } from "./shell/progress.ts";
import { memoryOf, temporaryFolder, threadsOf } from "./shell/settings.ts";
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
  /** All objects by address, where asked for; and the names of their types by number. */
  readonly addressed: Addressed | null;
  readonly typeNames: ReadonlyMap<number, string>;
}

/** Numbers of types by their address, the same for all cores of a process. */
export type TypeNumbers = Map<number, number>;

/**
 * Reads the amounts of one core; of words, see `wordAmounts`.
 * @param suspects whether leaks are looked for: for that, types alone are not enough
 * @param numbers where objects are wanted by address: types get their numbers there
 */
export async function readAmounts(
  subject: Subject,
  by: "type" | "owner",
  suspects: boolean,
  numbers: TypeNumbers | null,
  args: AmountsArgs,
  progress: ProgressLine,
  notes: Notes,
): Promise<CoreAmounts> {
  const core = requireElfCore(subject);
  if (by === "type" && !suspects) return typeAmounts(subject, core, numbers, args, progress, notes);
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
    addressed: numbers === null ? null : addressedOf(heap.python, heap.table, numbers),
    typeNames: typeNamesOf(heap.python, numbers),
  };
}

async function typeAmounts(
  { source }: Subject,
  core: Core,
  numbers: TypeNumbers | null,
  args: AmountsArgs,
  progress: ProgressLine,
  notes: Notes,
): Promise<CoreAmounts> {
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
    const table = numbers === null ? null : new ObjectTable(crew.arena, python.records);
    const addressed = numbers === null || table === null ? null : addressedOf(python, table, numbers);
    return { amounts: amountsOf(python), suspects: [], addressed, typeNames: typeNamesOf(python, numbers) };
  } finally {
    await crew.close();
  }
}

function amountsOf(python: Python): Amount[] {
  return typeTotals(python).map(({ name, count, bytes }) => ({ name, count, bytes }));
}

function typeNamesOf({ names }: Python, numbers: TypeNumbers | null): Map<number, string> {
  return new Map([...(numbers ?? [])].map(([at, number]) => [number, names.get(at)?.name ?? ""]));
}

function addressedOf({ types }: Python, table: ObjectTable, numbers: TypeNumbers): Addressed {
  const ofTypes = types.map(({ type: { address } }) => {
    const number = numbers.get(address) ?? numbers.size;
    numbers.set(address, number);
    return number;
  });
  const addresses = new Float64Array(table.count);
  const numbered = new Uint32Array(table.count);
  const sizes = new Uint32Array(table.count);
  for (let object = 0; object < table.count; object += 1) {
    addresses[object] = table.address(object);
    numbered[object] = ofTypes[table.type(object)] ?? 0;
    sizes[object] = table.bytes(object);
  }
  return { addresses, types: numbered, sizes };
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
      addressed: null,
      typeNames: new Map(),
      amounts: [...counts].map(([word, count]) => ({ name: formatWord(word, 8), count, bytes: 8 * count })),
    });
  }
  return amounts;
}
