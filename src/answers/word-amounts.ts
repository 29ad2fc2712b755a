import type { Target } from "../image/index.ts";
import { typeNamesAt } from "../runtimes/index.ts";
import { formatWord, type Listener } from "../terms/index.ts";
import { countGiven, countWords } from "../words/index.ts";
import type { CoreAmounts } from "./amounts.ts";
import { closeCounts } from "./counting.ts";
import {
  type ModuleOptions,
  memoryOf,
  type ResourceOptions,
  rootOf,
  temporaryFolderOf,
  threadsOf,
} from "./options.ts";
import { chunkProgress } from "./progress.ts";
import { chunksOf } from "./scope.ts";

/** Words that are compared: the most frequent of each input. */
const MOST_WORDS = 1000;

/** How often the most frequent words of each input occur in all of them: exact counts of 8-byte words. */
export async function wordAmounts(
  targets: readonly Target[],
  options: ResourceOptions,
  listener: Listener,
): Promise<CoreAmounts[]> {
  const words = new Set<bigint>();
  for (const target of targets)
    for (const word of await frequentWords(target, options, listener)) words.add(word);
  const amounts: CoreAmounts[] = [];
  for (const target of targets) {
    const counts = await target.ask((contents) =>
      countGiven(chunksOf(contents, undefined, SHAPE, listener), [...words], threadsOf(options)),
    );
    amounts.push({
      leftOutBytes: 0,
      memory: 0,
      suspects: null,
      addressed: null,
      typeNames: new Map(),
      balance: null,
      amounts: [...counts].map(([word, count]) => ({ name: formatWord(word, 8), count, bytes: 8 * count })),
    });
  }
  return amounts;
}

const SHAPE = { bytes: 8, endian: "little" } as const;

function frequentWords(target: Target, options: ResourceOptions, listener: Listener): Promise<bigint[]> {
  return target.ask(async (contents) => {
    const chunks = chunksOf(contents, undefined, SHAPE, listener);
    const counts = await countWords(chunks, {
      limit: MOST_WORDS,
      least: 1,
      filtered: false,
      threads: threadsOf(options),
      memory: memoryOf(options),
      temporaryFolder: temporaryFolderOf(options),
      progress: chunkProgress(listener, chunks),
    });
    try {
      const words: bigint[] = [];
      for (const { word } of counts.kind === "top" ? counts.rows : counts.histogram.rows()) {
        if (words.length >= MOST_WORDS) break;
        words.push(word);
      }
      return words;
    } finally {
      await closeCounts(counts);
    }
  });
}

/** What words are called in a target: by its modules' symbols, else by the type that is there. By the word's digits. */
export function wordNames(
  target: Target,
  amounts: readonly { readonly name: string }[],
  options: ModuleOptions,
  listener: Listener,
): Promise<ReadonlyMap<string, string>> {
  const words = amounts.map(({ name }) => BigInt(`0x${name}`));
  return target.ask(async (contents) => {
    if (contents.core === null) return new Map();
    const { Naming } = await import("./naming.ts");
    const naming = await Naming.open(options, contents, listener);
    const names = await naming.names(words);
    const unnamed = words.filter((word) => names?.find(word) == null);
    const types = await typeNamesAt(contents.core, rootOf(options), unnamed);
    const named = words.map(
      (word) => [formatWord(word, 8), names?.find(word) ?? types.get(word) ?? null] as const,
    );
    return new Map(named.flatMap(([word, name]) => (name === null ? [] : [[word, name]])));
  });
}
