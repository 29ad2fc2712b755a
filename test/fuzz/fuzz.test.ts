import { afterAll, expect, it } from "vitest";
import { Fuzzer } from "./cases.ts";

/** `node scripts/fuzz.mjs` runs more of them, and looks at the memory that they take. */
const RUNS = 20_000;
const FIRST_SEED = 1;

const fuzzer = new Fuzzer();
afterAll(() => fuzzer.close());

it(`${RUNS} mutated cores, modules and maps are read, warned of or refused`, async () => {
  const outcomes = new Map<string, number>();
  for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed += 1) {
    const outcome = await fuzzer.run(seed);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  // Each way to end is taken often: else the mutations would test nothing.
  expect([...outcomes.keys()].sort()).toEqual(["named", "not a core", "read", "refused", "warned"]);
  expect(Math.min(...outcomes.values())).toBeGreaterThan(RUNS / 200);
}, 600_000);
