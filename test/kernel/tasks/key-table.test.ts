import fc from "fast-check";
import { expect, it } from "vitest";
import { TABLE } from "../../../src/kernel/index.ts";
import { kernelMemory, words } from "../memory-of.ts";

const { memory, take } = kernelMemory();
const BITS = 10;
const at = memory.place(TABLE.bytes(BITS));

it("each key has a slot of its own, and no slot without one can be hit by what stands in it", () => {
  fc.assert(
    fc.property(words, (values) => {
      const likely = [...new Set(values)];
      const { table, keys } = TABLE.choose(likely, BITS);
      TABLE.write(memory.wasm, at, table, keys);
      const slots = take(at, 2 * 2 ** BITS);
      for (let slot = 0; slot < 2 ** BITS; ++slot) {
        const stands = slots[2 * slot] ?? 0n;
        expect(slots[2 * slot + 1]).toBe(0n);
        if (keys.has(slot)) expect(stands).toBe(keys.get(slot));
        expect(TABLE.slot(stands, table) === slot).toBe(keys.has(slot));
      }
      // Of words that share a slot, the first, which is the more frequent one.
      for (const word of likely) {
        const key = keys.get(TABLE.slot(word, table));
        expect(likely.indexOf(key ?? -1n)).toBeLessThanOrEqual(likely.indexOf(word));
        expect(key).toBeDefined();
      }
    }),
  );
});

it("a small multiplier, under which 1 falls into slot 0 as well, has a word for slot 0", () => {
  const table = { bits: BITS, multiplier: 3n };
  TABLE.write(memory.wasm, at, table, new Map());
  expect(TABLE.slot(take(at, 1)[0] ?? 0n, table)).not.toBe(0);
});
