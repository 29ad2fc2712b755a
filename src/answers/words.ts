import type { Target, TargetContents } from "../image/index.ts";
import { typeNamesAt } from "../runtimes/index.ts";
import type { Names } from "../symbols/index.ts";
import { CoregramError, formatWord, type Listener, type WordShape } from "../terms/index.ts";
import type { Counted, Counts } from "../words/index.ts";
import {
  checkMemory,
  closeCounts,
  count,
  countedRows,
  type RowOptions,
  selectRows,
  type Wanted,
  wantedOf,
} from "./counting.ts";
import type { Naming, NamingOptions } from "./naming.ts";
import { type ResourceOptions, rootOf } from "./options.ts";
import { ownWords } from "./own-words.ts";
import { plainHistogram } from "./plain-histogram.ts";
import type { Frame, Result, WordRow } from "./results/index.ts";
import { chunksOf, shapeOf, type WordOptions } from "./scope.ts";
import { inputOf } from "./subject.ts";
import { classesOf, type WordClasses } from "./word-classes.ts";
import { wordsTotals } from "./words-totals.ts";

export interface WordsOptions extends RowOptions, WordOptions, NamingOptions, ResourceOptions {
  /** Only words that have a name; what has none is left out before `limit` counts. */
  readonly resolved?: boolean | undefined;
  /** Also tell how many different words there are: then all are counted, however few rows are wanted. */
  readonly distinct?: boolean | undefined;
  /** Only words that it is true of; others are left out before `limit` counts, and counted by what they look like. */
  readonly only?: ((word: bigint) => boolean) | undefined;
}

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

/**
 * The words that fill a target, and how often each occurs: exact, by count, then by word, descending. Close the result.
 * @throws CoregramError `usage` where options make no sense together, or no name is there to resolve to; `format`
 * where the scope needs an ELF core, or a symbol map cannot be read; `io` or `changed` where the target cannot be read;
 * `limit` where memory or disk run out
 */
export async function answerWords(
  target: Target,
  options: WordsOptions = {},
  listener: Listener = () => {},
): Promise<WordsResult> {
  checkMemory(options);
  return target.ask(async (contents) => {
    const naming = await openNaming(options, contents, listener);
    const chunks = chunksOf(contents, options.scope, shapeOf(options), listener);
    const own = ownWords(contents, options);
    if (own !== null) listener({ kind: "note", target: target.name, text: own });
    const wanted = wantedOf(options, {
      resolved: options.resolved === true,
      distinct: options.distinct === true,
      only: options.only ?? null,
    });
    // What is resolved needs all names anyway, and where there are none nothing need be counted.
    const all = wanted.resolved ? await naming?.names() : null;
    if (wanted.resolved && !all)
      throw new CoregramError(
        "usage",
        "--resolved needs names to resolve to: no module's file was found, and no --symbols FILE given",
      );
    const counts = await count(chunks, wanted, options, listener);
    try {
      const words = namedWords(counts, wanted);
      const { only } = wanted;
      const names = all ?? (await naming?.names(words)) ?? null;
      const { shape } = chunks;
      const types = await typesOf(options, wanted, contents, shape, words ?? [], names);
      const totals = wordsTotals(chunks, counts, wanted, names);
      return {
        schema: "coregram/words@1",
        input: { ...inputOf(target), wordBytes: shape.bytes, endian: shape.endian },
        totals,
        others: only === null ? null : classesOf(countedRows(counts), only, chunks.words, shape),
        rows: { [Symbol.iterator]: () => namedRows(selectRows(counts, wanted, names), names, types, shape) },
        ...(only === null ? plainChunksOf(counts, wanted, names, shape) : {}),
        close: () => closeCounts(counts),
      };
    } catch (error) {
      await closeCounts(counts);
      throw error;
    }
  });
}

/** The same with all of its rows there, and closed. */
export async function wordsFrame(
  target: Target,
  options: WordsOptions,
  listener: Listener,
): Promise<Frame<"coregram/words@1">> {
  const { schema, input, totals, rows, others, close } = await answerWords(target, options, listener);
  try {
    return { schema, input, totals: { ...totals }, rows: [...rows], ...{ others } };
  } finally {
    await close();
  }
}

// All that reads symbols is loaded only where something may have a name: it is a third of the program.
async function openNaming(
  options: WordsOptions,
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
  options: WordsOptions,
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
