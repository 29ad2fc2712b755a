import { expect, it } from "vitest";
import { HeapFuzzer, type HeapOutcome } from "./heaps.ts";

const RUNS = 5000;
const FIRST_SEED = 1;

it(`${RUNS} heaps with words changed are read, warned of or refused`, async () => {
  const fuzzer = new HeapFuzzer();
  const outcomes = new Map<HeapOutcome, number>();
  for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed += 1) {
    const outcome = await fuzzer.run(seed);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  // Each way to end is taken often: else the changes would test nothing.
  expect([...outcomes.keys()].sort()).toEqual(["read", "refused", "warned"]);
  expect(Math.min(...outcomes.values())).toBeGreaterThan(RUNS / 100);
}, 600_000);
