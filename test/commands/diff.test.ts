import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Frame } from "../../src/answers/index.ts";
import { checkFrame } from "../views/frame-check.ts";
import { coregram, Scratch, sample } from "./program.ts";

const scratch = new Scratch();
const unpack = (name: string) =>
  scratch.put(
    name,
    execFileSync("gzip", ["-dc", sample(`downstream-${name}.core.gz`)], { maxBuffer: 2 ** 28 }),
  );
const before = unpack("before");
const after = unpack("after");

async function diff(...args: string[]): Promise<Frame<"coregram/diff@1">> {
  const { status, stdout, stderr } = await coregram(["diff", "--format", "json", "--no-modules", ...args]);
  expect(status, stderr).toBe(0);
  return JSON.parse(Buffer.from(stdout, "latin1").toString("utf8"));
}

function countOf(path: string, word: bigint): number {
  const bytes = readFileSync(path);
  const words = new BigUint64Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 8));
  return words.reduce((count, other) => count + (other === word ? 1 : 0), 0);
}

describe("diff of the samples", () => {
  it("shows by type what 20,000 requests left", async () => {
    const frame = await diff(before, after);
    expect(checkFrame(frame)).toEqual([]);
    expect(frame.totals.sameProcess).toBe(true);
    const [first] = frame.rows;
    expect(first?.name).toBe("builtins.tuple");
    expect(Math.abs((first?.countDiff ?? 0) - 60_000)).toBeLessThan(10);
    const sum = frame.totals.newBytes - frame.totals.oldBytes;
    expect(sum).toBeGreaterThan(8_000_000);
  });

  it("puts the list first by owner, with the exact growth of its length", async () => {
    const { rows } = await diff(before, after, "--by", "owner", "--top", "1");
    expect(rows).toEqual([
      {
        by: "owner",
        name: "downstream.profiler.Profiler.results",
        oldCount: 1,
        newCount: 180_001,
        countDiff: 180_000,
        oldBytes: 56,
        newBytes: 8_191_888,
        bytesDiff: 8_191_832,
        oldLength: 0,
        newLength: 20_000,
        freshCount: null,
        freshBytes: null,
        oldNativeBytes: 0,
        newNativeBytes: 0,
        symbol: null,
        frames: null,
      },
    ]);
  });

  it("counts words in both", async () => {
    const { rows, totals } = await diff(before, after, "--by", "word", "--top", "5");
    expect(totals.by).toBe("word");
    const counts = [before, after].map((path) => countOf(path, BigInt(`0x${rows[0]?.name}`)));
    expect([rows[0]?.oldCount, rows[0]?.newCount]).toEqual(counts);
    for (const { countDiff, bytesDiff } of rows) expect(bytesDiff).toBe(8 * countDiff);
  });

  it("names words as the histogram of the newer core does", async () => {
    const { rows } = await diff(before, after, "--by", "word", "--top", "40");
    const words = JSON.parse(
      (await coregram([after, "-n", "1000", "-q", "-f", "json", "--no-modules"])).stdout,
    );
    const names = new Map(
      words.rows.map((row: { word: string; symbol: string | null; type: string | null }) => [
        row.word,
        row.symbol ?? row.type,
      ]),
    );
    expect(rows.filter(({ symbol }) => symbol !== null).length).toBeGreaterThan(3);
    for (const { name, symbol } of rows) if (names.has(name)) expect(symbol).toBe(names.get(name));
    const plain = (
      await coregram(["diff", before, after, "--by", "word", "--top", "40", "-q", "--no-modules"])
    ).stdout;
    const [named] = rows.filter(({ symbol }) => symbol !== null);
    expect(plain).toContain(`  ${named?.name}  ${named?.symbol}\n`);
  });

  it("counts with --new what is new at its address", async () => {
    const { rows } = await diff(before, after, "--new");
    const tuples = rows.find(({ name }) => name === "builtins.tuple");
    // Freed blocks of tuples are tuples again: fewer are new at their address than were made.
    expect(tuples?.freshCount).toBeGreaterThan(59_000);
    expect(tuples?.freshCount).toBeLessThanOrEqual(tuples?.newCount ?? 0);
    expect((await coregram(["diff", before, after, "--new", "--by", "owner"])).status).toBe(2);
  });

  it("finds nothing where there is nothing", async () => {
    expect((await diff(after, after)).rows).toEqual([]);
    expect((await diff(after, after, "--by", "owner")).rows).toEqual([]);
  });

  it("ranks more than two cores by steady growth", async () => {
    const run = await coregram([
      "diff",
      before,
      after,
      after,
      "-q",
      "--no-modules",
      "-f",
      "json",
      "--top",
      "2",
    ]);
    const frame: Frame<"coregram/trend@1"> = JSON.parse(run.stdout);
    expect(checkFrame(frame)).toEqual([]);
    expect(frame.rows[0]?.name).toBe("builtins.tuple");
    expect(frame.rows[0]?.bytes).toHaveLength(3);
  });

  it("names in every warning the core that it is about, once", async () => {
    const cut = scratch.put("cut.core", readFileSync(after).subarray(0, 8_000_000));
    const broken = scratch.put("broken.core", Buffer.from("\x7fELF\x07\x01\x01".padEnd(64, "\0"), "latin1"));
    const run = await coregram(["diff", broken, cut, "--by", "word"]);
    const warnings = run.stderr.split("\n").filter((line) => line.startsWith("coregram: warning: "));
    expect(warnings[0]).toBe(
      `coregram: warning: ${broken}: ELF class is 7, neither 1 (32 bit) nor 2 (64 bit): taken as plain words`,
    );
    expect(warnings.length).toBeGreaterThan(1);
    for (const line of warnings.slice(1)) {
      expect(line.startsWith(`coregram: warning: ${cut}: `), line).toBe(true);
      expect(line.split(cut)).toHaveLength(2);
    }
    const alone = await coregram([broken, "--top", "1"]);
    expect(alone.stderr).toContain("coregram: warning: ELF class is 7,");
  });

  it("wants two cores", async () => {
    expect((await coregram(["diff", after])).status).toBe(2);
  });
});
