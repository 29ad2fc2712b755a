import { plainHistogram, type Result, type WordRow, type WordsTotals } from "../answers/index.ts";
import type { Chunks } from "../kernel/index.ts";
import type { Names } from "../symbols/index.ts";
import { type Address, CoregramError, formatBytes, formatWord, type WordShape } from "../terms/index.ts";
import { render } from "../views/index.ts";
import { type Counted, type Counts, countWords, LEAST_MEMORY } from "../words/index.ts";
import type { Naming, NamingArgs } from "./naming.ts";
import { answer } from "./shell/answer.ts";
import { checkPaths, requireCore } from "./shell/input.ts";
import type { Notes } from "./shell/notes.ts";
import type { ProgressLine } from "./shell/progress.ts";
import { formatNamed, memoryOf, shapeOf, temporaryFolder, threadsOf } from "./shell/settings.ts";
import { chunksOf, openSubject, type ScopeName, type Subject } from "./subject.ts";

/** The options that decide which words are counted, and how. */
export interface CountingArgs {
  readonly top: number | undefined;
  readonly all: boolean | undefined;
  readonly minCount: number | undefined;
  readonly scope: string;
  readonly word: number | undefined;
  readonly endian: string | undefined;
  readonly memory: number | undefined;
  readonly threads: number | undefined;
}

/** The parsed options of the default command. */
export interface WordsArgs extends NamingArgs, CountingArgs {
  readonly core: string | undefined;
  readonly base: Address | undefined;
  readonly resolved: boolean | undefined;
  readonly format: string;
  readonly output: string | undefined;
  readonly color: string;
  readonly quiet: boolean | undefined;
}

/** Rows that are printed unless something else is asked for. */
const DEFAULT_TOP = 10;

/** Which rows are wanted. */
export interface Wanted {
  /** Infinity for all. */
  readonly limit: number;
  readonly least: number;
  /** Only words with a name. */
  readonly resolved: boolean;
}

/** `coregram CORE`: the words that fill it. */
export async function runWords(args: WordsArgs): Promise<undefined> {
  const name = requireCore(args.core);
  checkPaths(name, args.symbols ?? [], args.output);
  checkMemory(args);
  return answer(args, async ({ notes, progress, color }) => {
    const subject = await openSubject(name, args.base, progress, notes);
    const naming = await openNaming(args, subject, notes);
    const chunks = chunksOf(subject, args.scope as ScopeName, shapeOf(args), notes);
    suggestShape(subject, args, notes);
    const wanted = wantedOf(args, args.resolved === true);
    // What is resolved needs all names anyway, and where there are none nothing need be counted.
    const all = wanted.resolved ? await naming?.names() : null;
    if (wanted.resolved && !all)
      throw new CoregramError(
        "usage",
        "--resolved needs names to resolve to: no module's file was found, and no --symbols FILE given",
      );
    const counts = await count(chunks, wanted, args, progress);
    const words = namedWords(counts, wanted);
    const names = all ?? (await naming?.names(words)) ?? null;
    const types = await typesOf(args, wanted, subject, chunks.shape, words ?? [], names);
    const result = resultOf(args, { subject, chunks, counts, wanted, names, types });
    return render(formatNamed(args.format), result, { color, names: !args.noNames });
  });
}

// All that reads symbols is loaded only where something may have a name: it is a third of the program.
async function openNaming(args: WordsArgs, subject: Subject, notes: Notes): Promise<Naming | null> {
  const hasModules = subject.core !== null && !args.noModules;
  if (args.noNames || (!hasModules && (args.symbols ?? []).length === 0)) return null;
  const { Naming } = await import("./naming.ts");
  return Naming.open(args, subject, notes);
}

/** @throws CoregramError `usage` where --memory is too small for anything */
export function checkMemory(args: CountingArgs): void {
  if (memoryOf(args.memory) < LEAST_MEMORY)
    throw new CoregramError("usage", `--memory is ${formatBytes(LEAST_MEMORY)} at the least`);
}

export function wantedOf(args: CountingArgs, resolved: boolean): Wanted {
  const unlimited = args.all || (args.minCount !== undefined && args.top === undefined);
  return {
    limit: unlimited ? Number.POSITIVE_INFINITY : (args.top ?? DEFAULT_TOP),
    least: args.minCount ?? 1,
    resolved,
  };
}

/** Counts what is wanted of the words in scope. */
export function count(
  chunks: Chunks,
  wanted: Wanted,
  args: CountingArgs,
  progress: ProgressLine,
): Promise<Counts> {
  return countWords(chunks, {
    ...wanted,
    // With --all the total of different words is told, those below --min-count among them.
    least: args.all ? 1 : wanted.least,
    filtered: wanted.resolved,
    threads: threadsOf(args.threads),
    memory: memoryOf(args.memory),
    temporaryFolder: temporaryFolder(),
    progress: (done, all) => progress.update("counting", done * chunks.chunkBytes, all * chunks.chunkBytes),
    sorting: (done, all) => progress.update("sorting", done, all, null),
  });
}

// Of a few rows, only the modules that their words lie in have to be read.
function namedWords(counts: Counts, { limit }: Wanted): bigint[] | undefined {
  if (counts.kind === "top") return counts.rows.map(({ word }) => word);
  if (limit === Number.POSITIVE_INFINITY) return undefined;
  return [...firstRows(counts.histogram.rows(), limit)].map(({ word }) => word);
}

/** Where more rows are asked for, none has a type: each is looked at in memory on its own. */
const MOST_TYPED_ROWS = 10_000;

// What is left unnamed may be a type of the core's own, which says its name. The same rows in all formats.
async function typesOf(
  args: WordsArgs,
  wanted: Wanted,
  { core }: Subject,
  shape: WordShape,
  words: readonly bigint[],
  names: Names | null,
): Promise<ReadonlyMap<bigint, string>> {
  // What is resolved has a symbol.
  if (!core || args.noNames || wanted.resolved || wanted.limit > MOST_TYPED_ROWS) return new Map();
  if (shape.bytes !== 8 || shape.endian !== "little") return new Map();
  const unnamed = words.filter((word) => names?.find(word) == null);
  const { typeNamesAt } = await import("./type-words.ts");
  return typeNamesAt(core, args.noModules ? null : (args.sysroot ?? "/"), unnamed);
}

function* firstRows(rows: Iterable<Counted>, limit: number): Generator<Counted> {
  let left = limit;
  for (const row of rows) {
    if (left-- === 0) return;
    yield row;
  }
}

function suggestShape({ core }: Subject, args: WordsArgs, notes: Notes): void {
  if (!core) return;
  const { class: bits, endian, machineName } = core.header;
  const options: string[] = [];
  if (bits === 32 && args.word === undefined) options.push("--word 4");
  if (endian === "big" && args.endian === undefined) options.push("--endian big");
  if (options.length > 0)
    notes.say(
      `a ${bits}-bit ${endian}-endian ${machineName} core: ${options.join(" ")} counts its own words`,
    );
}

/** All that the rows are made of. */
interface Found {
  readonly subject: Subject;
  readonly chunks: Chunks;
  readonly counts: Counts;
  readonly wanted: Wanted;
  readonly names: Names | null;
  readonly types: ReadonlyMap<bigint, string>;
}

function resultOf(args: WordsArgs, found: Found): Result<"coregram/words@1"> {
  const { chunks, counts, wanted, names, types } = found;
  const { source, compression } = found.subject;
  const { shape } = chunks;
  const input = {
    path: source.name,
    bytes: source.size,
    compression,
    wordBytes: shape.bytes,
    endian: shape.endian,
  };
  const rows = () => selectRows(counts, wanted, names);
  const isAll = counts.kind === "all" && wanted.limit === Number.POSITIVE_INFINITY;
  return {
    schema: "coregram/words@1",
    input,
    totals: totalsOf(chunks, counts, args.all === true, rows, args.format !== "plain"),
    rows: namedRows(rows(), names, types, shape),
    ...(isAll && {
      plainChunks: () => plainHistogram(counts.histogram, names, { ...wanted, wordBytes: shape.bytes }),
    }),
  };
}

/** The wanted rows, in order. Filters come before the limit. */
export function* selectRows(
  counts: Counts,
  { limit, least, resolved }: Wanted,
  names: Names | null,
): Generator<Counted> {
  const rows = counts.kind === "top" ? counts.rows : counts.histogram.rows();
  let left = limit;
  for (const row of rows) {
    if (left === 0 || row.count < least) return;
    if (resolved && names?.find(row.word) === null) continue;
    yield row;
    --left;
  }
}

function* namedRows(
  rows: Iterable<Counted>,
  names: Names | null,
  types: ReadonlyMap<bigint, string>,
  shape: WordShape,
): Generator<WordRow> {
  for (const { word, count } of rows)
    yield {
      count,
      word: formatWord(word, shape.bytes),
      symbol: names?.find(word) ?? null,
      type: types.get(word) ?? null,
    };
}

// `restCount` needs a walk over the rows: only for formats that print it.
function totalsOf(
  chunks: Chunks,
  counts: Counts,
  all: boolean,
  rows: () => Iterable<Counted>,
  needed: boolean,
): WordsTotals {
  let shown = 0;
  if (needed) for (const { count } of rows()) shown += count;
  return {
    bytes: chunks.bytes,
    words: chunks.words,
    distinct: all ? distinctOf(counts) : null,
    restCount: chunks.words - shown,
  };
}

// Only where all words were counted: few of them may have come out as a top N that is long enough.
function distinctOf(counts: Counts): number {
  return counts.kind === "all" ? counts.histogram.distinct : counts.rows.length;
}
