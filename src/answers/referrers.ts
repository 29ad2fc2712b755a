import { ReferrerFinder, type RootWord } from "../heap/index.ts";
import { ROOT_NUMBERS } from "../runtimes/index.ts";
import { formatAddress } from "../terms/index.ts";
import type { Heap } from "./read-heap.ts";
import type { ReferrerColumns } from "./results/index.ts";

/** Rows of an object. */
const MOST_REFERRERS = 10;
/** What is referred to by a word that nothing describes. */
const GUESSES: ReadonlySet<number> = new Set([ROOT_NUMBERS.stacks, ROOT_NUMBERS.data]);

/** A runtime's name of a word of a struct that it knows nothing of. */
const UNDESCRIBED = /^\.<(?:an? [^<>]+|\?)>$/;

/** Whether what goes by this name is no reference for sure. */
export function isGuessedName(name: string): boolean {
  return UNDESCRIBED.test(name);
}

/** The same of a root of this kind. */
export function isGuessedRoot(kind: number): boolean {
  return GUESSES.has(kind);
}

/** What no referrers were asked of. */
export const NO_REFERRERS: ReferrerColumns = { referrers: null, referrerCount: null };

/** Tells what refers to the objects of a heap. */
export class HeapReferrers {
  readonly #heap: Heap;
  readonly #finder: ReferrerFinder;

  constructor(heap: Heap) {
    const { graph, paths, labels, references } = heap;
    const { words } = references.roots;
    // Behind the objects' roots are those of blocks: words, all of them.
    const rootWord = (root: number): RootWord => {
      if (root < words.length && words[root] === 0) return "none";
      return isGuessedRoot(graph.roots.kinds[root] ?? 0) ? "guess" : "reference";
    };
    this.#heap = heap;
    this.#finder = new ReferrerFinder(graph, paths, labels, { rootWord, isGuess: isGuessedName });
  }

  /** What refers to a node, as a row has it. */
  of(node: number): ReferrerColumns {
    const { labels, addressOf } = this.#heap;
    const { rows, count } = this.#finder.of(node, MOST_REFERRERS);
    return {
      referrers: rows.map(({ path, node: from, count: references, isGuess }) => ({
        path,
        type: from === null ? null : labels.typeName(from),
        address: from === null ? null : formatAddress(BigInt(addressOf(from))),
        count: references,
        conservative: isGuess,
      })),
      referrerCount: count,
    };
  }
}
