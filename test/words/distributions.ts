// 2^64 divided by the golden ratio, the first multiplier that the key table tries, and what undoes it.
const GOLDEN = 0x9e3779b97f4a7c15n;
const UNDO = inverse(GOLDEN);

function inverse(odd: bigint): bigint {
  let x = odd;
  for (let i = 0; i < 6; ++i) x = BigInt.asUintN(64, x * (2n - odd * x));
  return x;
}

/** A generator of 64-bit numbers that is the same on every run (splitmix64). */
export function randomWords(seed: number): () => bigint {
  let state = BigInt(seed) * 0x2545f4914f6cdd1dn;
  return () => {
    state = BigInt.asUintN(64, state + GOLDEN);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  };
}

type Next = (random: () => bigint, i: number, count: number) => bigint;

/** Ways that the words of a file can be spread, the i-th of `count` words each. */
export const DISTRIBUTIONS: Readonly<Record<string, Next>> = {
  zeros: () => 0n,
  ones: () => 2n ** 64n - 1n,
  few: (random) => random() % 7n,
  distinct: (random) => random(),
  small: (random) => random() % 5000n,
  runs: (_, i) => BigInt(i >> 5),
  ties: (_, i) => BigInt(i % 97),
  "ties of two": (_, i, count) => BigInt(i % Math.max(1, Math.ceil(count / 2))),
  "one bucket": (random) => BigInt.asUintN(64, (random() % 2n ** 40n) * UNDO),
  "one bucket, few": (random) => BigInt.asUintN(64, (random() % 300n) * UNDO),
  ascending: (_, i) => BigInt(i) * 3n,
  descending: (_, i, count) => BigInt(count - i),
  pointers: (random) => 0x7f0000000000n + (random() % 4096n) * 16n,
  high: (random) => 2n ** 63n + (random() % 600n),
  "high and low": (random) => (random() % 2n === 0n ? 2n ** 64n - 1n - (random() % 40n) : random() % 40n),
  core: (random) => {
    const kind = random() % 8n;
    if (kind < 2n) return 0n;
    if (kind < 4n) return 0x958c80n + (random() % 32n) * 64n;
    return kind < 7n ? 0x7f3200000000n + (random() % 100_000n) * 8n : random();
  },
};

/** `count` words, little-endian. */
export function spread(distribution: string, count: number, seed: number): Buffer {
  const next = DISTRIBUTIONS[distribution];
  if (!next) throw new RangeError(distribution);
  const random = randomWords(seed);
  const words = new BigUint64Array(count);
  for (let i = 0; i < count; ++i) words[i] = next(random, i, count);
  return Buffer.from(words.buffer);
}
