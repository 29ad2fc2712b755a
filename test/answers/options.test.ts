import { totalmem } from "node:os";
import { afterEach, describe, expect, it, vi } from "vitest";
import { memoryOf, threadsOf } from "../../src/answers/options.ts";

const processors = vi.hoisted(() => ({ count: 1 }));
vi.mock("node:os", async (original) => ({
  ...(await original<typeof import("node:os")>()),
  availableParallelism: () => processors.count,
}));
afterEach(() => {
  processors.count = 1;
});

describe("threads", () => {
  it.each([
    [1, 1],
    [7, 7],
    [8, 8],
    [9, 8],
    [128, 8],
  ])("on %i processors are %i unless it is said", (count, threads) => {
    processors.count = count;
    expect(threadsOf({})).toBe(threads);
  });

  it("are as many as is said, up to 64", () => {
    expect([1, 9, 64, 65, 1000].map((threads) => threadsOf({ threads }))).toEqual([1, 9, 64, 64, 64]);
  });
});

it("memory is what is said, or a quarter of what there is", () => {
  expect(memoryOf({ memory: 12 })).toBe(12);
  expect(memoryOf({})).toBe(Math.floor(totalmem() / 4));
});
