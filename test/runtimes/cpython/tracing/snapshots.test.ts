import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { answerTracesSince, type Frame, type TracesSinceOptions } from "../../../../src/answers/index.ts";
import { openTarget } from "../../../../src/image/index.ts";
import { findFormat, render, tracemalloc } from "../../../../src/views/index.ts";
import { checkFrame } from "../../../views/frame-check.ts";
import { dumpProgram, findPythons } from "../../pythons.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-snapshots-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Truth {
  /** The first line of what made the truth. */
  readonly own: number;
  /** Of keeper.first, keeper.later[0], keeper.later[1]. */
  readonly traces: readonly number[];
  readonly bytes: readonly number[];
  /** Lines of compare_to() by the snapshot and what is compared. */
  readonly grew: Readonly<Record<string, readonly string[]>>;
}

const KEPT = ["first", "later[0]", "later[1]"] as const;
const WAYS = [
  ["lineno", { by: "line" }],
  ["traceback", { by: "traceback" }],
  ["cumulative", { by: "line", cumulative: true }],
] as const;

/** What taking the truth allocates, or the dump alone has. A traceback prints as its oldest frame: that of the program. */
function isTaking(line: string, own: number): boolean {
  const [, file = "", number = "0"] = /^(.*):(\d+): size=/.exec(line) ?? [];
  return file.endsWith("/tracemalloc.py") || (file.endsWith("/snapshots.py") && Number(number) >= own);
}

describe.each(findPythons().filter((path) => !path.endsWith("/python3.6")))("%s", (python) => {
  it("has grown since the snapshots that it kept as it says", { timeout: 120_000 }, async () => {
    const made = await dumpProgram(python, "snapshots.py", scratch);
    if (made === null) throw new Error("gcore may not trace it");
    const truth: Truth = JSON.parse(readFileSync(made.truth, "utf8"));
    const target = await openTarget(made.core);
    const told: string[] = [];
    const since = async (options: TracesSinceOptions): Promise<Frame<"coregram/diff@1">> => {
      const all = { limit: Number.POSITIVE_INFINITY, order: "tracemalloc", modules: false } as const;
      return answerTracesSince(target, { ...all, ...options }, ({ kind, ...event }) => {
        if (kind === "note" || kind === "warning") told.push("text" in event ? event.text : "");
      });
    };
    try {
      for (const name of KEPT)
        for (const [way, options] of name === "first" ? WAYS : WAYS.slice(0, 1)) {
          const frame = await since({ ...options, snapshot: `__main__.keeper.${name}` });
          const theirs = truth.grew[`${name} ${way}`] ?? [];
          const isTold = (line: string) => !isTaking(line, truth.own);
          const mine = await textOf(frame);
          expect(mine.filter(isTold)).toEqual(theirs.filter(isTold));
          expect(mine.filter(isTold).length).toBeGreaterThan(6);
        }
      const frame = await since({ order: "growth" });
      expect(checkFrame(JSON.parse((await textOf(frame, "json")).join("\n")))).toEqual([]);
      const kept = frame.totals.snapshots ?? [];
      const byPath = KEPT.map((name) => kept.find(({ path }) => path === `__main__.keeper.${name}`));
      expect(byPath.map((one) => one?.traces)).toEqual(truth.traces);
      expect(byPath.map((one) => one?.bytes)).toEqual(truth.bytes);
      expect(byPath.map((one) => one?.limit)).toEqual([3, 3, 3]);
      // Nearest to now is the last.
      expect(kept.filter(({ isCompared }) => isCompared).map(({ path }) => path)).toEqual([
        "__main__.keeper.later[1]",
      ]);
      expect(told.at(-1)).toMatch(
        /^3 snapshots are kept: 1 0x[0-9a-f]+ __main__\.keeper\.later\[1\] \([\d,]+ traces, .*; compared with the first/,
      );
      const third = await since({ snapshot: "3" });
      expect(third.totals.snapshots?.[2]?.isCompared).toBe(true);
      const named = await since({ snapshot: kept[2]?.address });
      expect(named.rows).toEqual(third.rows);
      await expect(since({ snapshot: "4" })).rejects.toThrow(/^--since 4: 3 snapshots are kept: 1 0x/);
      await expect(since({ snapshot: "__main__.keeper" })).rejects.toThrow(
        /is no tracemalloc\.Snapshot: 3 snap/,
      );
    } finally {
      target.close();
      rmSync(made.core);
    }
  });
});

async function textOf(frame: Frame<"coregram/diff@1">, format?: string): Promise<string[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of render(findFormat(format ?? "") ?? tracemalloc, frame, { color: false }))
    chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks).toString("utf8").trimEnd().split("\n");
}
