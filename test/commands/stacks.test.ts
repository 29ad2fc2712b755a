import { describe, expect, it } from "vitest";
import type { Frame } from "../../src/answers/index.ts";
import { checkFrame } from "../views/frame-check.ts";
import { coregram, sample } from "./program.ts";

const after = sample("downstream-after.core.gz");

async function stacks(...args: readonly string[]): Promise<Frame<"coregram/stacks@1">> {
  const { status, stdout, stderr } = await coregram(["stacks", "--format", "json", ...args]);
  expect(status, stderr).toBe(0);
  return JSON.parse(Buffer.from(stdout, "latin1").toString("utf8"));
}

describe("the sample", () => {
  it("is in its server's loop", async () => {
    const frame = await stacks(after);
    expect(checkFrame(frame)).toEqual([]);
    expect(frame.rows.map(({ function: name }) => name)).toContain("BaseServer.serve_forever");
    expect(frame.rows.at(-1)).toMatchObject({
      function: "_run_module_as_main",
      depth: frame.rows.length - 1,
    });
    expect(frame.totals).toMatchObject({ runtime: "CPython 3.11", processThreads: 1, isCut: false });
    expect(frame.totals.threads).toMatchObject([
      { interpreter: 0, frames: frame.rows.length, isWhole: true },
    ]);
  });

  it("has the most recent call last on request", async () => {
    const { rows } = await stacks(after);
    const reversed = await stacks(after, "--reverse");
    expect(reversed.rows).toEqual([...rows].reverse());
  });

  it("prints a frame a line, and a thread once in the table", async () => {
    const plain = await coregram(["stacks", after, "-q"]);
    expect(plain.stdout).toMatch(
      /^\d+ 1 0 {2}_PollLikeSelector\.select {2}\/usr\/lib\/python3\.11\/selectors\.py:\d+ {2}in poll\n/,
    );
    const table = await coregram(["stacks", after, "-q", "-f", "table"]);
    const lines = table.stdout.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^Thread +Function +File and line +State$/);
    expect(lines.filter((line) => /^\d+ +\S/.test(line) && line.includes(".py:"))).toHaveLength(1);
    expect(lines.at(-2)).toBe("threads with Python: 1, 0 of them running none");
  });

  it("has variables below each frame on request", async () => {
    const plain = await coregram(["stacks", after, "-q", "--locals"]);
    expect(plain.stdout).toMatch(/^\d+ 1 4 {4}pkg_name {2}builtins\.str {2}59 {2}'downstream'$/m);
    const table = await coregram(["stacks", after, "-q", "--locals", "-f", "table"]);
    expect(table.stdout).toMatch(/^ + {2}poll_interval +builtins\.float, 24 B: 0\.5 *$/m);
  });

  it("is what py-spy dump prints on request, whichever comes first in rows", async () => {
    const { totals, rows } = await stacks(after);
    const frames = rows.map((row) => `    ${row.function} (${row.file}:${row.line})`);
    for (const args of [[], ["--reverse"]]) {
      const { status, stdout } = await coregram(["stacks", after, "-q", "-f", "pyspy", ...args]);
      expect(status).toBe(0);
      expect(stdout.split("\n")).toEqual([
        `Process ${totals.pid}: ${totals.command}`,
        "Python v3.11",
        "",
        `Thread ${totals.pid} (idle): "MainThread"`,
        ...frames,
        "",
      ]);
    }
    const tasks = await coregram(["stacks", after, "-q", "-f", "pyspy", "--tasks"]);
    expect(tasks.status).toBe(2);
    expect(tasks.stderr).toContain("--format pyspy is for stacks of threads");
  });

  it("is a folded stack, from the oldest call on, whichever comes first in rows", async () => {
    for (const args of [[], ["--reverse"]]) {
      const { stdout } = await coregram(["stacks", after, "-q", "-f", "flamegraph", ...args]);
      expect(stdout).toMatch(
        /^_run_module_as_main \(<frozen runpy>:198\);.*;main \(.*app\.py:\d+\);.*;_PollLikeSelector\.select \(.*\) 1\n$/,
      );
    }
  });
});

it("says what a process without Python looks like", async () => {
  const { status, stderr } = await coregram(["stacks", sample("downstream-report.html")]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/is no ELF core/);
});
