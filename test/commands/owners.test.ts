import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Frame } from "../../src/answers/index.ts";
import { checkFrame } from "../views/frame-check.ts";
import { canDump, dump, tool } from "./live.ts";
import { coregram, Scratch, sample } from "./program.ts";

const scratch = new Scratch();
const after = scratch.put(
  "after.core",
  execFileSync("gzip", ["-dc", sample("downstream-after.core.gz")], { maxBuffer: 2 ** 28 }),
);
const truth = JSON.parse(readFileSync(sample("downstream-after-truth.json"), "utf8")).results;

async function owners(...args: string[]): Promise<Frame<"coregram/owners@1">> {
  const { status, stdout, stderr } = await coregram(["owners", "--format", "json", "--no-modules", ...args]);
  expect(status, stderr).toBe(0);
  return JSON.parse(Buffer.from(stdout, "latin1").toString("utf8"));
}

describe("owners of the sample", () => {
  it("names the leak first, with what the process itself counted", async () => {
    const frame = await owners(after);
    expect(checkFrame(frame)).toEqual([]);
    const [first] = frame.rows;
    expect(first).toMatchObject({
      path: truth.path,
      type: truth.type,
      address: truth.address,
      length: truth.length,
      retainedBytes: truth.retainedBytes,
      retainedCount: truth.retainedCount,
    });
    const held = truth.holds.map(
      ({ type, count, bytes }: { type: string; count: number; bytes: number }) => ({
        type,
        count,
        bytes,
      }),
    );
    expect(first?.holds).toEqual(held);
  });

  it("is all there is as folded stacks", async () => {
    const { totals } = await owners(after);
    const folded = ["owners", after, "--no-modules", "-q", "-f", "flamegraph"];
    for (const args of [["--all"], ["--top", "5"]]) {
      const { stdout } = await coregram([...folded, ...args]);
      const lines = stdout.trimEnd().split("\n");
      const weights = lines.map((line) => Number(/^[^;].* (\d+)$/.exec(line)?.[1]));
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(totals.bytes + totals.nativeBytes);
      const { bytes } = truth.holds[0];
      expect(lines).toContain(`downstream;profiler;Profiler;results;${truth.holds[0].type} ${bytes}`);
    }
  });

  it("draws what holds an object", async () => {
    const { stdout } = await coregram([
      "owners",
      after,
      "--of",
      truth.path,
      "--no-modules",
      "-q",
      "-f",
      "dot",
    ]);
    expect(stdout).toMatch(/^digraph owners \{\n/);
    expect(stdout).toContain(`n0 [label="${truth.path}\\n${truth.type}\\nretains 7.8 MiB"];`);
    expect(stdout).toMatch(/n\d+ -> n0 \[label="refers to"\]/);
  });

  it("refuses a format that its rows do not have, before it reads the heap", async () => {
    for (const [args, text] of [
      [["-f", "dot"], "--format dot needs --of"],
      [["-f", "flamegraph", "--of", "app.cache"], "--format flamegraph is for all owners"],
      [["-f", "flamegraph", "--suspects"], "--format flamegraph is for all owners"],
    ] as const) {
      const { status, stderr } = await coregram(["owners", after, ...args]);
      expect([status, stderr.split("\n")[0]]).toEqual([2, expect.stringContaining(text)]);
    }
  });

  it("accounts for all live objects that types counts", async () => {
    const { totals, rows } = await owners(after, "--top", "3");
    const types = await coregram(["types", after, "--format", "json", "--no-modules", "-q"]);
    const counted = JSON.parse(types.stdout).totals;
    expect([totals.count, totals.bytes]).toEqual([counted.count, counted.bytes]);
    const reached = Object.values(totals.reached).map(({ bytes }) => bytes);
    expect(reached.reduce((sum, bytes) => sum + bytes, 0)).toBe(totals.bytes);
    const shown = (await owners(after, "--top", "40")).rows;
    expect(shown.slice(0, 3)).toEqual(rows);
    const others = shown.slice(3).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(totals.restBytes).toBeGreaterThan(others);
    expect(totals.restBytes).toBeLessThan(totals.bytes - (rows[0]?.bytes ?? 0));
    expect(totals.reached.modules.bytes).toBeGreaterThan(0.97 * totals.bytes);
  });

  it("says who puts the items there", async () => {
    const { rows } = await owners(after, "--suspects");
    expect(rows.map(({ path }) => path)).toEqual([truth.path]);
    expect(rows[0]?.suspect).toMatch(
      /20,000 items of .* added to in downstream\/profiler\.py:23 Profiler\.end, and nothing found in the code takes from it$/,
    );
  });

  it("groups the holders of a type", async () => {
    const { stdout } = await coregram([
      "owners",
      after,
      "--type",
      "tuple",
      "--top",
      "2",
      "-q",
      "--no-modules",
    ]);
    expect(stdout).toBe(
      `${"40000".padStart(9)} ${"2240000".padStart(12)}  downstream.profiler.Profiler.results[*][*]\n` +
        `${"20000".padStart(9)} ${"1600000".padStart(12)}  downstream.profiler.Profiler.results[*]\n`,
    );
  });

  it("shows the chain of one object, and owners as a tree", async () => {
    const chain = await owners(after, "--of", truth.address);
    expect(chain.rows.map(({ path }) => path)).toEqual([
      "downstream.profiler.Profiler.results",
      "downstream.profiler.Profiler",
      "downstream.profiler.Profiler",
    ]);
    const tree = await owners(after, "--tree", "--top", "1");
    expect(tree.rows.map(({ path, depth }) => [depth, path])).toContainEqual([1, truth.path]);
  });

  it("refuses what is no type and no object", async () => {
    expect((await coregram(["owners", after, "--type", "no.such", "--no-modules"])).status).toBe(1);
    expect((await coregram(["owners", after, "--of", "0x10", "--no-modules"])).status).toBe(1);
  });
});

const programOf = (name: string) => fileURLToPath(new URL(`../runtimes/programs/${name}`, import.meta.url));

/** What leaks.py leaks: path, items. Only angle brackets differ from version to version. */
const LEAKS: readonly (readonly [string, RegExp, number])[] = [
  ["a module's dict", /^__main__\.CACHE$/, 3000],
  ["lru_cache", /^__main__\.fetch\.<cache>$/, 2900],
  ["a closure", /^__main__\.visit\.<closure seen>$/, 2800],
  ["bound methods", /^__main__\.CALLBACKS$/, 2700],
  ["a thread-local", /^__main__\.local\.rows$/, 2600],
  ["an exception's frames", /^__main__\.ERROR\.__traceback__\..*tb_frame\.f_locals\['payload'\]$/, 2500],
  ["a logging handler", /^logging\.root\.handlers\[0\]\.records$/, 2400],
  ["an asyncio task", /^<task \w+ leaks\.py:\d+>\.rows$/, 2300],
  ["an iterator in C", /^__main__\.CYCLE\./, 2100],
  ["a deque", /^__main__\.RECENT$/, 2000],
  ["a registry of weak references", /^__main__\.Registry\.references$/, 1900],
  ["interned strings", /^__main__\.NAMES$/, 1800],
  ["a thread's frame", /^<thread \d+ handle leaks\.py:118>\.held$/, 1700],
];

const python = tool("python3", "-c", "import sys; print(sys.executable)")?.trim() ?? null;

describe.skipIf(!canDump || python === null)("owners of a process with many leaks", () => {
  it("names each with its length, and the cycle as garbage", async () => {
    const { core } = await dump(python ?? "", ["-B", programOf("leaks.py")], scratch.path("leaks.core"));
    const { rows } = await owners(core, "--top", "30");
    const found = LEAKS.map(([what, path]) => [what, rows.find((row) => path.test(row.path ?? ""))?.length]);
    expect(found).toEqual(LEAKS.map(([what, , length]) => [what, length]));
    const garbage = rows.find(({ path }) => path === "<garbage>");
    expect(garbage?.count).toBeGreaterThanOrEqual(2202);
    expect(garbage?.count).toBeLessThan(3000);
  });

  it("says which functions fill them, whether they name the holder or are its own", async () => {
    const { core } = await dump(python ?? "", ["-B", programOf("feeds.py")], scratch.path("feeds.core"));
    const { rows } = await owners(core, "--suspects");
    expect(Object.fromEntries(rows.map(({ path, suspect }) => [path, placesIn(suspect)]))).toMatchObject({
      "__main__.cache._entries": "added to in programs/feeds.py:10 Cache.remember",
      "__main__.Bus.handlers": "added to in programs/feeds.py:18 Bus.on",
      "__main__.SEEN": "added to in programs/feeds.py:25 note",
    });
  });

  it("says on which lines, and is not taken in by what only looks like it", async () => {
    const program = programOf("fills.py");
    const { core } = await dump(python ?? "", ["-B", program], scratch.path("fills.core"));
    const { rows } = await owners(core, "--suspects");
    const lines = readFileSync(program, "utf8").split("\n");
    const filled: Readonly<Record<string, readonly string[]>> = {
      "jobs.pending": ["Jobs.again", "TimedJobs.submit"],
      "Bus.handlers": ["Bus.on", "LoudBus.loud"],
      SEEN: ["note"],
      QUEUE: ["plan"],
      GROUPS: ["group"],
    };
    const expected = Object.entries(filled).map(([path, functions]) => {
      const at = lines.flatMap((line, index) => (line.endsWith(`# adds: ${path}`) ? [index + 1] : []));
      const places = functions.map((name, index) => `programs/fills.py:${at[index]} ${name}`);
      return [`__main__.${path}`, `added to in ${places.join(", ")}`];
    });
    expect(Object.fromEntries(rows.map(({ path, suspect }) => [path, placesIn(suspect)]))).toEqual(
      Object.fromEntries(expected),
    );
  });
});

/** Where a suspect is said to be added to or named. */
const placesIn = (suspect: string | null | undefined) =>
  /(likely )?(added to|named) in .*?(?=, taken|, and nothing|$)/.exec(suspect ?? "")?.[0];
