import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TABLE } from "../../../src/kernel/index.ts";
import { kernelMemory, type Run, runsOf, word, words } from "../memory-of.ts";

const { memory, kernel, a, put, takeRuns } = kernelMemory();
const BITS = 6;
const at = memory.place(TABLE.bytes(BITS));
const totals = memory.place(TABLE.bytes(BITS));
const hotAt = memory.place(2 ** BITS);

// The table's counters as the kernel has them after folding: others and equals of each slot.
function tableOf(keys: readonly bigint[]) {
  const chosen = TABLE.choose(keys, BITS);
  TABLE.write(memory.wasm, at, chosen.table, chosen.keys);
  new Uint8Array(memory.buffer, totals, TABLE.bytes(BITS)).fill(0);
  return chosen;
}

describe("sketch and fold", () => {
  it("count each slot's key exactly, and all other words of the slot together", () => {
    fc.assert(
      fc.property(words, fc.array(word, { maxLength: 40 }), fc.boolean(), (values, others, foldOften) => {
        const { table, keys } = tableOf([...new Set([...values.slice(0, 10), ...others])]);
        put(a, values);
        const shift = TABLE.shift(table);
        const step = foldOften ? 7 : 1000;
        for (let i = 0; i < values.length; i += step) {
          kernel.sketch({
            chunk: a + 8 * i,
            words: Math.min(step, values.length - i),
            table: at,
            multiplier: table.multiplier,
            shift,
          });
          kernel.fold(at, 2 ** BITS, totals);
        }
        const expected = Array.from({ length: 2 ** BITS }, (): [bigint, bigint] => [0n, 0n]);
        for (const value of values) {
          const slot = TABLE.slot(value, table);
          const sums = expected[slot] ?? [0n, 0n];
          sums[keys.get(slot) === value ? 1 : 0] += 1n;
        }
        expect(takeRuns(totals, 2 ** BITS)).toEqual(expected);
      }),
    );
  });

  it("fold moves counters near 2^32 without a carry between them", () => {
    const { table } = tableOf([5n]);
    new Uint32Array(memory.buffer, at, 4).set([2 ** 32 - 1, 2 ** 32 - 2], 2);
    kernel.fold(at, 2 ** BITS, totals);
    new Uint32Array(memory.buffer, at, 4).set([2 ** 32 - 1, 2 ** 32 - 1], 2);
    kernel.fold(at, 2 ** BITS, totals);
    kernel.fold(at, 2 ** BITS, totals);
    expect(takeRuns(totals, 1)).toEqual([[2n ** 33n - 2n, 2n ** 33n - 3n]]);
    expect(table.bits).toBe(BITS);
  });
});

describe("tally", () => {
  const ENTRIES = 512;
  const counts = memory.place(ENTRIES * 16);

  function tally(
    values: readonly bigint[],
    keys: readonly bigint[],
    hot: (slot: number) => boolean,
    mask: number,
  ) {
    const chosen = tableOf(keys);
    new Uint8Array(memory.buffer, hotAt, 2 ** BITS).set(
      Array.from({ length: 2 ** BITS }, (_, slot) => (hot(slot) ? 1 : 0)),
    );
    new Uint8Array(memory.buffer, counts, ENTRIES * 16).fill(0);
    put(a, values);
    const { multiplier } = chosen.table;
    const shift = TABLE.shift(chosen.table);
    const lost = kernel.tally({
      chunk: a,
      words: values.length,
      table: at,
      multiplier,
      shift,
      hot: hotAt,
      counts,
      mask,
    });
    const found = takeRuns(counts, ENTRIES).filter(([, count]) => count > 0n);
    return { ...chosen, lost, found };
  }

  it("counts the words of hot slots, keys excepted", () => {
    fc.assert(
      fc.property(words, (values) => {
        const { table, keys, lost, found } = tally(
          values,
          values.slice(0, 5),
          (slot) => slot % 2 === 0,
          ENTRIES - 1,
        );
        const hot = values.filter((value) => {
          const slot = TABLE.slot(value, table);
          return slot % 2 === 0 && keys.get(slot) !== value;
        });
        const sum = found.reduce((all, [, count]) => all + count, 0n);
        expect(sum + BigInt(lost)).toBe(BigInt(hot.length));
        if (lost === 0) expect(found.sort(byWord)).toEqual(runsOf(hot));
      }),
    );
  });

  it("says how many words found no place, and counts the others exactly", () => {
    const values = Array.from({ length: 40 }, (_, i) => BigInt(i) + 1n);
    const { lost, found } = tally([...values, ...values], [], () => true, 15);
    expect(found).toHaveLength(16);
    expect(lost).toBe(2 * (40 - 16));
    for (const [, count] of found) expect(count).toBe(2n);
  });
});

function byWord([x]: Run, [y]: Run): number {
  return x < y ? 1 : -1;
}
