import { describe, expect, it } from "vitest";
import { makeCounter, naiveDigest } from "./counting.ts";
import { randomWords, spread } from "./distributions.ts";

const { count } = makeCounter();
const MIB = 2 ** 20;

// The sample of a 2 MiB file takes every second piece of 2 KiB, the odd ones. Only the others are different.
function missedBySample(words: number, seen: (i: number) => bigint, missed: (i: number) => bigint): Buffer {
  const list = new BigUint64Array(words);
  for (let i = 0; i < words; ++i) list[i] = (i >> 8) % 2 === 1 ? seen(i) : missed(i);
  return Buffer.from(list.buffer);
}

describe("with less memory than the words take", () => {
  it.each([
    ["distinct", 1],
    ["core", 2],
    ["ties of two", 3],
    ["ascending", 4],
    ["one bucket", 5],
  ])("%s words spill, and the rows are the same", async (distribution, seed) => {
    const bytes = spread(distribution, 2 ** 18 + 3, seed);
    const rows = [naiveDigest(bytes)];
    let spilling = 0;
    for (const memory of [9, 10, 12, 64]) {
      const found = await count({ bytes, filtered: true, asDigest: true, memory: memory * MIB });
      expect(found.rows).toEqual(rows);
      if (found.spilled > 0) ++spilling;
    }
    expect(spilling).toBeGreaterThan(0);
  });

  it("a part that the sample knew nothing of takes rounds", async () => {
    const random = randomWords(9);
    const bytes = missedBySample(
      2 ** 18,
      () => 0n,
      () => random(),
    );
    const found = await count({ bytes, filtered: true, asDigest: true, memory: 8 * MIB });
    expect(found.rounds).toBeGreaterThan(2);
    expect(found.spilled).toBeGreaterThan(0);
    expect(found.rows).toEqual([naiveDigest(bytes)]);
  });

  it("rounds add up what is known of the sample's words, and words that come again rounds apart", async () => {
    // Key words stand once among the words that are sorted; both ends and the middle of the range have some.
    const keys = [0n, 1n, 2n ** 63n, 2n ** 64n - 2n, 2n ** 64n - 1n];
    const random = randomWords(10);
    const pool = Array.from({ length: 90_000 }, () => random());
    const bytes = missedBySample(
      2 ** 18,
      (i) => keys[i % keys.length] ?? 0n,
      (i) => (i % 7 === 0 ? (keys[i % keys.length] ?? 0n) : (pool[i % pool.length] ?? 0n)),
    );
    const found = await count({ bytes, filtered: true, asDigest: true, memory: 8 * MIB });
    expect(found.rounds).toBeGreaterThan(2);
    expect(found.rows).toEqual([naiveDigest(bytes)]);
  });

  it("a part with one value that fills it, unknown to the sample", async () => {
    const random = randomWords(11);
    const bytes = missedBySample(
      2 ** 18,
      () => random(),
      (i) => (i % 50 === 0 ? random() : 0x7f0000000010n),
    );
    for (const memory of [9, 12]) {
      const found = await count({ bytes, filtered: true, asDigest: true, memory: memory * MIB });
      expect(found.rows).toEqual([naiveDigest(bytes)]);
    }
  });

  it("threads spill each from a share of its own, however late they start", async () => {
    const bytes = spread("distinct", 3 * MIB, 12);
    const rows = [naiveDigest(bytes)];
    for (const [threads, memory] of [
      [1, 24],
      [2, 32],
      [3, 48],
      [8, 32],
    ] as const) {
      const found = await count({
        bytes,
        filtered: true,
        asDigest: true,
        threads,
        workerBytes: 0,
        memory: memory * MIB,
      });
      expect(found.rows).toEqual(rows);
      if (memory < 48) expect(found.spilled).toBeGreaterThan(0);
    }
  });

  it("makes no temporary file where there is room", async () => {
    const bytes = spread("distinct", 2 ** 17, 13);
    const given = { bytes, filtered: true, asDigest: true, temporaryFolder: "/nowhere" };
    await count({ ...given, memory: 64 * MIB });
    const more = { ...given, bytes: spread("distinct", 2 ** 18, 13), memory: 9 * MIB };
    await expect(count(more)).rejects.toThrow("no temporary file in /nowhere: no such file");
  });
});

it("uses memory up to what 32-bit addresses reach, with many threads", async () => {
  const bytes = spread("core", 2 ** 18, 14);
  const found = await count({
    bytes,
    filtered: true,
    asDigest: true,
    threads: 40,
    workerBytes: 0,
    memory: 2 ** 33,
  });
  expect(found.rows).toEqual([naiveDigest(bytes)]);
});
