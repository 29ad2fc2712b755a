import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { answerTraces } from "../../../../src/answers/index.ts";
import { type StatisticsOptions, traceStatistics } from "../../../../src/answers/trace-statistics.ts";
import { openCore, openTarget } from "../../../../src/image/index.ts";
import { readTracedMemory } from "../../../../src/runtimes/cpython/tracing/traced-memory.ts";
import type { TracedMemory } from "../../../../src/runtimes/index.ts";
import { dumpProgram, findPythons } from "../../pythons.ts";
import { openCoreFile } from "../../read-core.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-traces-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function tracedOf(path: string, wantsBlocks = false): Promise<TracedMemory> {
  const source = await openCoreFile(path);
  try {
    const core = openCore(source);
    if (core === null) throw new Error(`${path} is no core`);
    const found = readTracedMemory(core, null, wantsBlocks);
    if ("reason" in found) throw new Error(found.reason);
    return found;
  } finally {
    source.close();
  }
}

/** The same, by the core: objects by type and line. */
async function heldByResults(path: string): Promise<Record<string, number>> {
  const target = await openTarget(path);
  try {
    const options = { by: "owner", limit: Number.POSITIVE_INFINITY, modules: false } as const;
    const { totals, rows } = await answerTraces(target, options);
    expect(rows.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(totals.bytes);
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(totals.traces);
    expect(totals.untraced?.count).toBeGreaterThan(100);
    const own = rows.filter((row) => row.path === "__main__.Profiler.results");
    return Object.fromEntries(
      own.map(({ type, file, line, count }) => [`${type?.replace("builtins.", "")} ${file}:${line}`, count]),
    );
  } finally {
    target.close();
  }
}

type Row = [frames: [file: string, line: number][], bytes: number, count: number];

interface Truth {
  readonly traced: number;
  readonly peak: number;
  readonly overhead: number;
  readonly traces: number;
  /** What Profiler.results leads to, by type and line. */
  readonly results: Readonly<Record<string, number>>;
  /** The first line of the program that made the truth. */
  readonly own: number;
  readonly [by: string]: unknown;
}

const GROUPINGS: readonly [name: string, options: Partial<StatisticsOptions>][] = [
  ["line", { by: "line" }],
  ["file", { by: "file" }],
  ["traceback", { by: "traceback" }],
  ["cumulative line", { by: "line", cumulative: true }],
  ["cumulative file", { by: "file", cumulative: true }],
];

const ALL = { cumulative: false, domain: null, frames: null };
const FRAMES = 5;
/** What taking the truth allocates, and a dump does not have, or the other way around: a few objects. */
const TAKING = { bytes: 2048, traces: 20 };

describe.each(findPythons().filter((path) => !path.endsWith("/python3.6")))("%s", (python) => {
  it("has what tracemalloc says", { timeout: 120_000 }, async () => {
    const made = await dumpProgram(python, "traces.py", scratch, {}, [String(FRAMES), "on"]);
    if (made === null) throw new Error("gcore may not trace it");
    const truth: Truth = JSON.parse(readFileSync(made.truth, "utf8"));
    const found = await tracedOf(made.core, true);
    const held = await heldByResults(made.core);
    rmSync(made.core);
    expect(held).toMatchObject(truth.results);
    expect(Object.keys(truth.results).length).toBeGreaterThan(3);

    expect(found.runtime).toContain(basename(python).replace("python", ""));
    expect(found).toMatchObject({ isTracing: true, wasLoaded: true, limit: FRAMES, remarks: [] });
    expect(found.count).toBe(found.said);
    expect(found.ownBytes).toBe(found.bytes);
    expect(Math.abs(found.bytes - truth.traced)).toBeLessThan(TAKING.bytes);
    expect(Math.abs((found.peakBytes ?? 0) - truth.peak)).toBeLessThan(TAKING.bytes);
    expect(Math.abs(found.count - truth.traces)).toBeLessThan(TAKING.traces);
    expect(Math.abs(found.tablesBytes - truth.overhead)).toBeLessThan(64 * TAKING.traces);
    expect(found.overheadBytes).toBeGreaterThan(found.tablesBytes);

    const tracked = found.groups.filter(({ domain }) => domain === 4711);
    expect(tracked.reduce((sum, { count }) => sum + count, 0)).toBe(300);
    expect(tracked.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(300 * 1000 + (299 * 300) / 2);
    for (const [name, options] of GROUPINGS) {
      const rows = traceStatistics(found, { ...ALL, by: "line", ...options });
      const mine = rows.map(
        ({ frames, bytes, count }): Row => [
          frames.map(({ file, line }): [string, number] => [file ?? "?", line ?? 0]).reverse(),
          bytes,
          count,
        ],
      );
      const theirs = (truth[name] as Row[]).map(([frames, bytes, count]) => [frames, bytes, count]);
      const isOthers = ([frames]: readonly unknown[]) => !isTaking(frames as Row[0], truth.own, name);
      expect(theirs.length).toBeGreaterThan(name.endsWith("file") ? 5 : 20);
      expect(mine.filter(isOthers)).toEqual(theirs.filter(isOthers));
    }

    const { starts, bytes, tracebacks, domains } = found.blocks ?? {
      starts: [],
      bytes: [],
      tracebacks: [],
      domains: [],
    };
    expect(starts).toHaveLength(found.count);
    expect([...starts]).toEqual([...starts].sort((a, b) => a - b));
    expect([...bytes].reduce((sum, one) => sum + one, 0)).toBe(found.bytes);
    expect([...domains].filter((domain) => domain === 4711)).toHaveLength(300);
    expect(Math.max(...tracebacks)).toBe(found.tracebacks.length - 1);
    const first = [...domains].indexOf(4711);
    expect([starts[first], bytes[first]]).toEqual([0x10000, 1000]);
  });

  it("says that nothing is left where tracing was stopped", { timeout: 120_000 }, async () => {
    const made = await dumpProgram(python, "traces.py", scratch, {}, [String(FRAMES), "off"]);
    if (made === null) throw new Error("gcore may not trace it");
    const found = await tracedOf(made.core);
    rmSync(made.core);
    expect(found).toMatchObject({ isTracing: false, wasLoaded: true, count: 0, bytes: 0, groups: [] });
  });

  it("says that it never was where it was not loaded", { timeout: 120_000 }, async () => {
    const made = await dumpProgram(python, "fills.py", scratch);
    if (made === null) throw new Error("gcore may not trace it");
    const found = await tracedOf(made.core);
    rmSync(made.core);
    expect(found).toMatchObject({ isTracing: false, count: 0 });
  });
});

/** Whether a row has a frame of what made the truth: its lines, in cumulative ones and files the whole program. */
function isTaking(frames: Row[0], own: number, name: string): boolean {
  return frames.some(
    ([file, line]) =>
      file.endsWith("/tracemalloc.py") ||
      (file.endsWith("/traces.py") && (line >= own || name.endsWith("file") || /^cumulative/.test(name))),
  );
}
