import { expect, it } from "vitest";
import { answerChain } from "../../src/answers/index.ts";
import type { Frame } from "../../src/answers/results/index.ts";
import { openTarget } from "../../src/image/index.ts";
import { pathOf } from "../runtimes/read-core.ts";
import { checkFrame } from "./frame-check.ts";
import { render } from "./word-results.ts";

/** The chain of a real object, with these referrers in place of its own. */
async function chain(): Promise<Frame<"coregram/owners@1">> {
  const target = await openTarget(pathOf("cores/py-3.11.core.xz"));
  try {
    const frame = await answerChain(target, "sys.modules", { modules: false, threads: 1 });
    const [first, ...rest] = frame.rows;
    if (first === undefined) throw new Error("no rows");
    const referrers = [
      { path: "app.cache[*].owner", type: "app.Thing", address: "0x30", count: 2000, conservative: false },
      { path: "<thread 7 stack>", type: null, address: null, count: 1, conservative: true },
    ];
    return { ...frame, rows: [{ ...first, referrers, referrerCount: 12_001 }, ...rest] };
  } finally {
    await target.close();
  }
}

it("what refers to an object is a line each below it, and those in none are counted", async () => {
  const frame = await chain();
  expect(checkFrame(JSON.parse(render("json", frame)))).toEqual([]);
  const lines = render("plain", frame).split("\n");
  expect(lines.slice(0, 4)).toEqual([
    expect.stringMatching(/^ +\d+ +\d+ +\d+ {2}builtins\.dict {2}sys\.modules$/),
    "           -      2000         -    <- app.Thing  app.cache[*].owner",
    "           -         1         -    <- -  <thread 7 stack>: by a word that may be anything",
    "           -     10000         -    <- …  10,000 more references",
  ]);
  expect(lines[4]).toMatch(/builtins\.dict {2}sys$/);
  const table = render("table", frame).split("\n");
  expect(table[1]).toMatch(/^ *[\d.]+ KiB +[\d,]+ +\d+ {2}builtins\.dict {4,}sys\.modules$/);
  expect(table[2]).toMatch(/^ {6,}2,000 {6,}<- app\.Thing {2,}app\.cache\[\*\]\.owner$/);
});
