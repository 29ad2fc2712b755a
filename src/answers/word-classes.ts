import { formatWord, type WordShape } from "../terms/index.ts";
import type { Counted } from "../words/index.ts";

/** How often words occur that a histogram leaves out, by what they look like. */
export interface WordClasses {
  readonly zeros: number;
  /** Below 2^32, or above -2^32. */
  readonly numbers: number;
  /** Printable ASCII throughout, or up to the zeros that end a text. */
  readonly texts: number;
  readonly others: number;
  /** In words that are too rare to have been looked at. */
  readonly rare: number;
}

/** The most frequent words are looked at. */
const MOST_LOOKED_AT = 100_000;
const TEXT = /^(?:[2-6][0-9a-f]|7[0-9a-e]){2,}(?:00)*$/;

/**
 * What the words are that are not shown.
 * @param rows by count, descending
 * @param words all that were counted
 */
export function classesOf(
  rows: Iterable<Counted>,
  isShown: (word: bigint) => boolean,
  words: number,
  shape: WordShape,
): WordClasses {
  const classes = { zeros: 0, numbers: 0, texts: 0, others: 0 };
  let rare = words;
  let looked = 0;
  for (const { word, count } of rows) {
    if (looked++ >= MOST_LOOKED_AT) break;
    rare -= count;
    if (!isShown(word)) classes[classOf(word, shape)] += count;
  }
  return { ...classes, rare };
}

export function classOf(word: bigint, { bytes }: Pick<WordShape, "bytes">): keyof Omit<WordClasses, "rare"> {
  if (word === 0n) return "zeros";
  const text = formatWord(word, bytes);
  const inMemory = (text.match(/../g) ?? []).reverse().join("");
  if (TEXT.test(inMemory) || TEXT.test(text)) return "texts";
  return word < 2n ** 32n || word > 2n ** BigInt(8 * bytes) - 2n ** 32n ? "numbers" : "others";
}
