import type { Target } from "../image/index.ts";
import type { Listener } from "../terms/index.ts";
import { checkMemory, count, type RowOptions, wantedOf } from "./counting.ts";
import type { NamingOptions } from "./naming.ts";
import type { ResourceOptions } from "./options.ts";
import { ownWords } from "./own-words.ts";
import type { Frame } from "./results/index.ts";
import { chunksOf, shapeOf, type WordOptions } from "./scope.ts";
import { inputOf } from "./subject.ts";
import { openNaming, type WordsResult, wordsResult } from "./words-result.ts";

export interface WordsOptions extends RowOptions, WordOptions, NamingOptions, ResourceOptions {
  /** Only words that have a name; what has none is left out before `limit` counts. */
  readonly resolved?: boolean | undefined;
  /** Also tell how many different words there are: then all are counted, however few rows are wanted. */
  readonly distinct?: boolean | undefined;
  /** Only words that it is true of; others are left out before `limit` counts, and counted by what they look like. */
  readonly only?: ((word: bigint) => boolean) | undefined;
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
    return wordsResult(contents, inputOf(target), chunks, wanted, naming, options, () =>
      count(chunks, wanted, options, listener),
    );
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
