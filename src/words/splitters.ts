import type { Sample } from "./sample.ts";

/** Words of a part: sorted between two buffers of 512 KiB, in the L2 cache. */
const PART_WORDS = 65_536;

/** 2^11 parts: beyond, scattering costs more than larger parts do. */
const MOST_LEVELS = 11;

/** How words are split into 2^levels parts by value; part 0 holds the greatest. */
export interface Splitters {
  readonly levels: number;
  /** 2^levels words in heap order from index 1; a word below a node's goes right. */
  readonly tree: BigUint64Array;
  partOf(word: bigint): number;
}

/**
 * Quantiles of the sample without its keys, so that all parts are of about the same size.
 * `most` parts at the most.
 */
export function splitters(sample: Sample, keys: ReadonlySet<bigint>, words: number, most: number): Splitters {
  const { distinct, counts } = sample;
  // Keys were all seen at least twice: only then is it worth making a bigint.
  const weights = counts.map((count, i) => (count > 1 && keys.has(distinct[i] ?? 0n) ? 0 : count));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const expected = sample.words > 0 ? (total / sample.words) * words : 0;
  let levels = 0;
  while (levels < MOST_LEVELS && expected / 2 ** levels > PART_WORDS && 2 ** (levels + 1) <= most) ++levels;
  const parts = 2 ** levels;
  // sorted[i] is the least word of part i.
  const sorted = new BigUint64Array(parts - 1);
  let before = 0;
  let next = 0;
  for (let i = 0; i < weights.length && next < sorted.length; ++i) {
    before += weights[i] ?? 0;
    while (next < sorted.length && before >= ((next + 1) / parts) * total) sorted[next++] = distinct[i] ?? 0n;
  }
  const tree = new BigUint64Array(parts);
  // In order, node by node: the left child of each level holds the greater half.
  for (let node = 1; node < parts; ++node) {
    const depth = 31 - Math.clz32(node);
    const span = parts >> depth;
    tree[node] = sorted[(node - 2 ** depth) * span + span / 2 - 1] ?? 0n;
  }
  return {
    levels,
    tree,
    partOf(word) {
      let node = 1;
      for (let level = 0; level < levels; ++level) node = 2 * node + (word < (tree[node] ?? 0n) ? 1 : 0);
      return node - parts;
    },
  };
}

/** Words that a part is expected to have: all words spread over the parts. */
export function partWords(words: number, split: Splitters): number {
  return Math.ceil(words / 2 ** split.levels);
}
