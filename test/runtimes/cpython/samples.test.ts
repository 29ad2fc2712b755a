import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { pathOf, readCore } from "../read-core.ts";

interface SampleTruth {
  readonly results: {
    readonly address: string;
    readonly length: number;
    readonly holds: readonly {
      readonly type: string;
      readonly address: string;
      readonly count: number;
      readonly bytes: number;
    }[];
  };
}

const sample = (name: string) => pathOf(`../../samples/downstream-${name}`);

it("tells what a leak added, type by type, from a core before and one after", async () => {
  const before = await readCore(sample("before.core.gz"), { root: null });
  const after = await readCore(sample("after.core.gz"), { root: null });
  const truth: SampleTruth = JSON.parse(readFileSync(sample("after-truth.json"), "utf8"));
  const { results } = truth;
  for (const { type, address, count, bytes } of results.holds) {
    const find = ({ totals }: typeof after) => totals.find((total) => total.address === BigInt(address));
    const [was, is] = [find(before), find(after)];
    expect(is?.name).toBe(type);
    // Besides the leak, a request leaves next to nothing: a cache fills, a free list shrinks.
    const grown = (is?.count ?? 0) - (was?.count ?? 0);
    expect(Math.abs(grown - count), type).toBeLessThan(Math.max(150, count * 0.003));
    if (count > 1000) {
      const grownBytes = (is?.bytes ?? 0) - (was?.bytes ?? 0);
      expect(Math.abs(grownBytes - bytes) / bytes, type).toBeLessThan(0.01);
    }
  }
  const list = after.objects.find(Number(results.address));
  expect(list).toBeGreaterThanOrEqual(0);
  expect(after.python.names.get(after.python.types[after.objects.type(list)]?.type.address ?? 0)?.name).toBe(
    "builtins.list",
  );
  expect(after.objects.bytes(list)).toBeGreaterThanOrEqual(results.length * 8);
});
