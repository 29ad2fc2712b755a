import fc from "fast-check";
import { expect, it } from "vitest";
import { TABLE } from "../../../src/kernel/index.ts";
import { splitters } from "../../../src/words/splitters.ts";
import { descending, kernelMemory, runsOf, word, words } from "../memory-of.ts";

const { memory, kernel, a, b, put, take } = kernelMemory();
const BITS = 8;
const table = memory.place(TABLE.bytes(BITS));

it("sift counts the keys and keeps all other words in order, in place too", () => {
  fc.assert(
    fc.property(words, fc.boolean(), (values, inPlace) => {
      const chosen = TABLE.choose([...new Set(values.filter((_, i) => i % 3 === 0))], BITS);
      TABLE.write(memory.wasm, table, chosen.table, chosen.keys);
      put(a, values);
      const to = inPlace ? a : b;
      const { multiplier } = chosen.table;
      const kept = kernel.sift({
        chunk: a,
        words: values.length,
        table,
        multiplier,
        shift: TABLE.shift(chosen.table),
        to,
      });
      const isKey = (value: bigint) => chosen.keys.get(TABLE.slot(value, chosen.table)) === value;
      expect(take(to, kept)).toEqual(values.filter((value) => !isKey(value)));
      const counters = new Uint32Array(memory.buffer, table, 4 * 2 ** BITS);
      for (const [slot, key] of chosen.keys)
        expect(counters[4 * slot + 3]).toBe(values.filter((value) => value === key).length);
    }),
  );
});

const BLOCK_BYTES = 64;
const BLOCKS = 600;
const pool = memory.place(BLOCKS * BLOCK_BYTES, BLOCK_BYTES);
const free = memory.place(4 + 4 * BLOCKS);
const cursors = memory.place(4 * 16);
const owners = memory.place(4 * (pool / BLOCK_BYTES + BLOCKS));
const tree = memory.place(8 * 16);

it("scatter appends each word to its part, in order, and says whose each block is", () => {
  fc.assert(
    fc.property(
      words,
      fc.array(word, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 0, max: 4 }),
      (values, seen, levels) => {
        const runs = runsOf(seen);
        const split = splitters(
          {
            words: seen.length,
            distinct: BigUint64Array.from(runs.map(([value]) => value)),
            counts: Uint32Array.from(runs.map(([, count]) => Number(count))),
            likely: () => [],
            top: () => [],
          },
          new Set(),
          65_536 * 2 ** levels,
          16,
        );
        expect(split.levels).toBe(levels);
        const parts = 2 ** levels;
        const { buffer } = memory;
        new BigUint64Array(buffer, tree, parts).set(split.tree);
        const stack = new Uint32Array(buffer, free, 1 + BLOCKS);
        stack[0] = BLOCKS - parts;
        for (let i = 0; i < BLOCKS - parts; ++i) stack[1 + i] = pool + (BLOCKS - 1 - i) * BLOCK_BYTES;
        const cursor = new Uint32Array(buffer, cursors, parts);
        const owner = new Uint32Array(buffer, owners, pool / BLOCK_BYTES + BLOCKS);
        cursor.forEach((_, part) => {
          cursor[part] = pool + part * BLOCK_BYTES;
          owner[pool / BLOCK_BYTES + part] = part;
        });
        put(a, values);
        kernel.scatter({
          chunk: a,
          words: values.length,
          tree,
          levels,
          cursors,
          blockBytes: BLOCK_BYTES,
          free,
          owners,
        });

        const found: bigint[][] = Array.from({ length: parts }, () => []);
        const opened = BLOCKS - (stack[0] ?? 0);
        for (let block = 0; block < opened; ++block) {
          const start = pool + block * BLOCK_BYTES;
          const part = owner[start / BLOCK_BYTES] ?? 0;
          const at = cursor[part] ?? 0;
          const filled = at >= start && at < start + BLOCK_BYTES ? at - start : BLOCK_BYTES;
          found[part]?.push(...take(start, filled / 8));
        }
        for (let part = 0; part < parts; ++part)
          expect(found[part]).toEqual(values.filter((value) => split.partOf(value) === part));
        // Part 0 holds the greatest: sorted parts, one after the other, are sorted.
        expect(found.flatMap(descending)).toEqual(descending(values));
      },
    ),
  );
});
