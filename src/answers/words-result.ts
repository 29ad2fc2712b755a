import type { TargetContents } from "../image/index.ts";
import { typeNamesAt } from "../runtimes/index.ts";
import type { Names } from "../symbols/index.ts";
import { CoregramError, formatWord, type Listener, type WordShape } from "../terms/index.ts";
import type { Counted, Counts } from "../words/index.ts";
import { closeCounts, countedRows, selectRows, type Wanted } from "./counting.ts";
import type { Naming, NamingOptions } from "./naming.ts";
import { rootOf } from "./options.ts";
import { plainHistogram } from "./plain-histogram.ts";
import type { Result, WordRow, WordsInput } from "./results/index.ts";
import { classesOf, type WordClasses } from "./word-classes.ts";
import { wordsTotals } from "./words-totals.ts";

/**
 * The histogram of words. Its rows are made from what was counted, as they are asked for: threads and memory stay taken,
 * and temporary files open, until it is closed. Read `totals` before the rows or after, not in between.
 */
export interface WordsResult extends Result<"coregram/words@1"> {
  /** What was left out by `only`, as far as it was looked at; null without it. */
  readonly others: WordClasses | null;
  /** Gives up what the rows are made from. Twice does no harm. */
  close(): Promise<void>;
}

/** What was to be counted. */
interface CountedOf {
  readonly bytes: number;
  readonly words: number;
  readonly shape: WordShape;
}

/**
 * The histogram of what `count` counts, named by what is in the target.
 * @param contents what the words are named by; without a core by symbol maps alone
 * @throws what `count` throws, and CoregramError as `answerWords` does
 */
export async function wordsResult(
  contents: TargetContents,
  input: Omit<WordsInput, "wordBytes" | "endian">,
  of: CountedOf,
  wanted: Wanted,
  naming: Naming | null,
  options: NamingOptions,
  count: () => Promise<Counts>,
): Promise<WordsResult> {
  // What is resolved needs all names anyway, and where there are none nothing need be counted.
  const all = wanted.resolved ? await naming?.names() : null;
  if (wanted.resolved && !all)
    throw new CoregramError(
      "usage",
      "--resolved needs names to resolve to: no module's file was found, and no --symbols FILE given",
    );
  const counts = await count();
  try {
    const words = namedWords(counts, wanted);
    const { only } = wanted;
    const names = all ?? (await naming?.names(words)) ?? null;
    const { shape } = of;
    const types = await typesOf(options, wanted, contents, shape, words ?? [], names);
    const totals = wordsTotals(of, counts, wanted, names);
    return {
      schema: "coregram/words@1",
      input: { ...input, wordBytes: shape.bytes, endian: shape.endian },
      totals,
      others: only === null ? null : classesOf(countedRows(counts), only, of.words, shape),
      rows: { [Symbol.iterator]: () => namedRows(selectRows(counts, wanted, names), names, types, shape) },
      ...(only === null ? plainChunksOf(counts, wanted, names, shape) : {}),
      close: () => closeCounts(counts),
    };
  } catch (error) {
    await closeCounts(counts);
    throw error;
  }
}

/**
 * Reads symbol maps, and nothing else yet. All that reads symbols is loaded only where something may have a name: it is a
 * third of the program. Null where nothing has.
 */
export async function openNaming(
  options: NamingOptions,
  contents: TargetContents,
  listener: Listener,
): Promise<Naming | null> {
  const hasModules = contents.core !== null && options.modules !== false;
  if (options.names === false || (!hasModules && (options.symbols ?? []).length === 0)) return null;
  const { Naming } = await import("./naming.ts");
  return Naming.open(options, contents, listener);
}

// Of a few rows, only the modules that their words lie in have to be read.
function namedWords(counts: Counts, wanted: Wanted): bigint[] | undefined {
  if (counts.kind === "top" && wanted.only === null) return counts.rows.map(({ word }) => word);
  if (wanted.limit === Number.POSITIVE_INFINITY) return undefined;
  return [...selectRows(counts, { ...wanted, least: 1, resolved: false }, null)].map(({ word }) => word);
}

/** Where more rows are asked for, none has a type: each is looked at in memory on its own. */
const MOST_TYPED_ROWS = 10_000;

// What is left unnamed may be a type of the core's own, which says its name. The same rows in all formats.
async function typesOf(
  options: NamingOptions,
  wanted: Wanted,
  { core }: TargetContents,
  shape: WordShape,
  words: readonly bigint[],
  names: Names | null,
): Promise<ReadonlyMap<bigint, string>> {
  // What is resolved has a symbol.
  if (!core || options.names === false || wanted.resolved || wanted.limit > MOST_TYPED_ROWS) return new Map();
  if (shape.bytes !== 8 || shape.endian !== "little") return new Map();
  const unnamed = words.filter((word) => names?.find(word) == null);
  return typeNamesAt(core, rootOf(options), unnamed);
}

function plainChunksOf(
  counts: Counts,
  wanted: Wanted,
  names: Names | null,
  shape: WordShape,
): Pick<WordsResult, "plainChunks"> {
  if (counts.kind !== "all" || wanted.limit !== Number.POSITIVE_INFINITY) return {};
  const options = { ...wanted, wordBytes: shape.bytes };
  return { plainChunks: () => plainHistogram(counts.histogram, names, options) };
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
