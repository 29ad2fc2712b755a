import { expect, it } from "vitest";
import { answerChain, answerWhatis } from "../../src/answers/index.ts";
import { openTarget } from "../../src/image/index.ts";
import { address, CoregramError } from "../../src/terms/index.ts";
import { makeScratch, readAll } from "../bytes/scratch.ts";
import { openCoreFile, pathOf } from "../runtimes/read-core.ts";

const scratch = makeScratch();
const OPTIONS = { modules: false, threads: 1 };
const PATHS = [
  "sys.modules",
  "__main__.held",
  "sys.modules[*].<key>",
  "<garbage>.x",
  "builtins.<key>",
  "no.such",
];

it("paths and referrers of any damaged core come to an end, with rows or an error that says why", async () => {
  const source = await openCoreFile(pathOf("cores/py-3.13.core.xz"));
  const original = await readAll(source);
  source.close();
  let state = 11;
  const next = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const place = () => 65_536 + 8 * next((original.length - 131_072) / 8);
  let rows = 0;
  for (const changes of [2000, 20_000, 60_000]) {
    const bytes = Buffer.from(original);
    // Sizes that are none, and pointers elsewhere: circles, tables in tables.
    for (let change = 0; change < changes; change += 1) {
      if (change % 3 === 0)
        bytes.writeBigUInt64LE([0n, 1n, 2n ** 40n, 2n ** 64n - 1n][next(4)] ?? 0n, place());
      else {
        const from = place();
        bytes.set(original.subarray(from, from + 8), place());
      }
    }
    const target = await openTarget(scratch.put(`damaged-${changes}`, bytes));
    try {
      for (const path of PATHS)
        try {
          const found = await answerWhatis(target, [path], OPTIONS);
          rows += found.rows.length;
          const [first] = found.rows;
          const chain = await answerChain(target, address(BigInt(first?.address ?? 0)), OPTIONS);
          expect(chain.rows[0]?.referrers?.length ?? 0).toBeLessThanOrEqual(10);
        } catch (error) {
          if (!(error instanceof CoregramError)) throw error;
          expect(error.message.length).toBeLessThan(5000);
        }
    } finally {
      await target.close();
    }
  }
  expect(rows).toBeGreaterThan(10);
});
