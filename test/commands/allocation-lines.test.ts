import { describe, expect, it } from "vitest";
import type { Frame } from "../../src/answers/index.ts";
import type { SchemaName } from "../../src/answers/results/index.ts";
import { checkFrame } from "../views/frame-check.ts";
import { coregram, sample } from "./program.ts";

const after = sample("traced-after.core.xz");
const RESULTS = "downstream.profiler.Profiler.results";
const FOLDER = "/tmp/downstream/downstream";

async function ask<Name extends SchemaName>(...args: readonly string[]): Promise<Frame<Name>> {
  const { status, stdout, stderr } = await coregram([...args, "--format", "json", "-q"]);
  expect(status, stderr).toBe(0);
  const frame: Frame<Name> = JSON.parse(Buffer.from(stdout, "latin1").toString("utf8"));
  expect(checkFrame(frame)).toEqual([]);
  return frame;
}

describe("owners --lines", () => {
  it("has what traces --by owner says of each owner", async () => {
    const traces = await ask<"coregram/traces@1">("traces", after, "--by", "owner", "--all");
    const owners = await ask<"coregram/owners@1">("owners", after, "--lines", "--holds", "100", "--top", "3");
    const wanted = traces.rows.filter(({ path }) => path === RESULTS);
    expect(wanted.length).toBeGreaterThan(4);
    expect(owners.rows.find(({ path }) => path === RESULTS)?.lines).toEqual(
      wanted.map(({ type, file, line, count, bytes }) => ({ type, file, line, count, bytes })),
    );
  });

  it("prints them below what the owner keeps, as many as --holds says", async () => {
    const { stdout } = await coregram(["owners", after, "--lines", "--holds", "1", "--top", "2", "-q"]);
    expect(stdout).toContain(
      [
        `  builtins.list  ${RESULTS}`,
        "      297600      4650         -    builtins.tuple",
        `      198400      6200         -    builtins.int  ${FOLDER}/profiler.py:8`,
        "",
      ].join("\n"),
    );
  });

  it("is refused where nothing was traced, with what says more", async () => {
    const untraced = sample("downstream-after.core.gz");
    for (const command of ["owners", "types"]) {
      const { status, stderr } = await coregram([command, untraced, "--lines", "-q"]);
      expect(status).toBe(1);
      expect(stderr).toContain("tracemalloc was not tracing");
      expect(stderr).toContain("PYTHONTRACEMALLOC=1");
    }
  });
});

describe("types --lines", () => {
  it("has the lines that traces --by type has", async () => {
    const traces = await ask<"coregram/traces@1">("traces", after, "--by", "type", "--all");
    const types = await ask<"coregram/types@1">("types", after, "--lines", "--all");
    const tuples = types.rows.filter(({ type }) => type === "builtins.tuple");
    expect(tuples.map(({ lines }) => lines)).toEqual([
      traces.rows
        .filter(({ type }) => type === "builtins.tuple")
        .slice(0, 5)
        .map(({ file, line, count, bytes }) => ({ file, line, count, bytes })),
    ]);
    for (const { count, lines } of types.rows)
      expect((lines ?? []).reduce((sum, line) => sum + line.count, 0)).toBeLessThanOrEqual(count);
  });

  it("prints them below each type", async () => {
    const { stdout } = await coregram(["types", after, "--lines", "--top", "2", "-q"]);
    expect(stdout).toMatch(
      /^ +\d+ +\d+ +\d+ {2}builtins\.tuple\n +3100 +173600 +- {4}\/tmp\/.*profiler\.py:8$/m,
    );
    const table = await coregram(["types", after, "--lines", "--top", "2", "-q", "-f", "table"]);
    expect(table.stdout).toMatch(/^ *3,100 +169\.5 KiB +\/tmp\/downstream\/downstream\/profiler\.py:8 *$/m);
  });

  it("has none where they are not asked for", async () => {
    const { rows } = await ask<"coregram/types@1">("types", after);
    expect(rows.every(({ lines }) => lines === null)).toBe(true);
  });
});

describe("suspects", () => {
  const wanted = [8, 23].map((line) => ({ file: `${FOLDER}/profiler.py`, line }));

  it("name the lines that allocated before the function that adds", async () => {
    const { rows } = await ask<"coregram/owners@1">("owners", after, "--suspects");
    const suspect = rows.find(({ path }) => path === RESULTS);
    expect(suspect?.evidence?.allocatedAt).toMatchObject(wanted);
    expect(suspect?.suspect).toMatch(
      /, allocated at downstream\/profiler\.py:8 \(59 %\), downstream\/profiler\.py:23 \(20 %\), added to in downstream\/profiler\.py:23 Profiler\.end/,
    );
    const diagnose = await ask<"coregram/diagnose@1">("diagnose", after);
    const finding = diagnose.rows.find(({ path }) => path === RESULTS);
    expect(finding?.allocatedAt).toEqual(suspect?.evidence?.allocatedAt);
    expect(finding?.why).toContain("allocated at downstream/profiler.py:8 (59 %), ");
  });

  it("name none where nothing was traced", async () => {
    const { rows } = await ask<"coregram/owners@1">(
      "owners",
      sample("downstream-after.core.gz"),
      "--suspects",
    );
    expect(rows.map(({ evidence }) => evidence?.allocatedAt)).toEqual([null]);
    expect(rows[0]?.suspect).not.toContain("allocated at");
  });
});
