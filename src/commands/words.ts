import { Chunks } from "../kernel/index.ts";
import { Names } from "../symbols/index.ts";
import { CoregramError, formatBytes, formatWord, type WordShape } from "../terms/index.ts";
import { plainHistogram, type WordRow, type WordsTotals, wordsResult } from "../views/index.ts";
import { type Counted, type Counts, countWords, LEAST_MEMORY } from "../words/index.ts";
import { checkPaths, type Input, openInput, requireCore } from "./input.ts";
import { Notes } from "./notes.ts";
import { colorOf, formatNamed, memoryOf, shapeOf, temporaryFolder, threadsOf } from "./options.ts";
import { ProgressLine } from "./progress.ts";
import { readSymbolMaps } from "./symbol-maps.ts";
import { writeAnswer } from "./write-answer.ts";

/** The parsed options of the default command. */
export interface WordsArgs {
  readonly core: string | undefined;
  readonly top: number | undefined;
  readonly all: boolean | undefined;
  readonly minCount: number | undefined;
  readonly symbols: string[] | undefined;
  readonly resolved: boolean | undefined;
  readonly nearest: boolean | undefined;
  readonly noNames: boolean | undefined;
  readonly word: number;
  readonly endian: string;
  readonly format: string;
  readonly output: string | undefined;
  readonly color: string;
  readonly quiet: boolean | undefined;
  readonly memory: number | undefined;
  readonly threads: number | undefined;
}

/** Rows that are printed unless something else is asked for. */
const DEFAULT_TOP = 10;

/** Which rows are wanted. */
interface Wanted {
  /** Infinity for all. */
  readonly limit: number;
  readonly least: number;
  /** Only words with a name. */
  readonly resolved: boolean;
}

/** `coregram CORE`: the words that fill it. */
export async function runWords(args: WordsArgs): Promise<void> {
  const core = requireCore(args.core);
  const maps = args.symbols ?? [];
  checkPaths(core, maps, args.output);
  const memory = memoryOf(args.memory);
  if (memory < LEAST_MEMORY)
    throw new CoregramError("usage", `--memory is ${formatBytes(LEAST_MEMORY)} at the least`);
  const notes = new Notes(args.quiet === true);
  const progress = new ProgressLine(notes);
  try {
    await writeAnswer(args.output, async () => {
      const input = await openInput(core, progress, notes);
      const tables = args.noNames ? [] : await readSymbolMaps(maps, notes);
      const names = tables.length > 0 ? new Names(tables, args.nearest === true) : null;
      if (args.resolved && !names)
        throw new CoregramError("usage", "--resolved needs names to resolve to: give --symbols FILE");
      const shape = shapeOf(args);
      const chunks = new Chunks(input.source, [{ offset: 0, bytes: input.source.size }], shape);
      const wanted = wantedOf(args);
      const counts = await countWords(chunks, {
        ...wanted,
        filtered: wanted.resolved,
        threads: threadsOf(args.threads),
        memory,
        temporaryFolder: temporaryFolder(),
        progress: (done, all) =>
          progress.update("counting", done * chunks.chunkBytes, all * chunks.chunkBytes),
      });
      progress.stop();
      return render(args, input, chunks, counts, wanted, names);
    });
  } finally {
    progress.stop();
  }
}

function wantedOf(args: WordsArgs): Wanted {
  const least = args.minCount ?? 1;
  const unlimited = args.all || (args.minCount !== undefined && args.top === undefined);
  return {
    limit: unlimited ? Number.POSITIVE_INFINITY : (args.top ?? DEFAULT_TOP),
    least,
    resolved: args.resolved === true,
  };
}

function render(
  args: WordsArgs,
  { source, compression }: Input,
  chunks: Chunks,
  counts: Counts,
  wanted: Wanted,
  names: Names | null,
): Iterable<Uint8Array | string> {
  const { shape } = chunks;
  if (args.format === "plain" && counts.kind === "all" && wanted.limit === Number.POSITIVE_INFINITY)
    return plainHistogram(counts.histogram, names, { ...wanted, wordBytes: shape.bytes });
  const input = {
    path: source.name,
    bytes: source.size,
    compression,
    wordBytes: shape.bytes,
    endian: shape.endian,
  };
  const format = formatNamed(args.format);
  const rows = () => selectRows(counts, wanted, names);
  const totals = totalsOf(chunks, counts, args.all === true, rows, format.name !== "plain");
  const color = colorOf(args.color, args.output === undefined && process.stdout.isTTY === true);
  return format.render(
    wordsResult(input, totals, namedRows(rows(), names, shape), { names: !args.noNames }),
    { color },
  );
}

// The wanted rows, in order. Filters come before the limit.
function* selectRows(
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

function* namedRows(rows: Iterable<Counted>, names: Names | null, shape: WordShape): Generator<WordRow> {
  for (const { word, count } of rows)
    yield { count, word: formatWord(word, shape.bytes), symbol: names?.find(word) ?? null, type: null };
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
    distinct: all && counts.kind === "all" ? counts.histogram.distinct : null,
    restCount: chunks.words - shown,
  };
}
