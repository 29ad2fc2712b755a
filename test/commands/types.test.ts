import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { savedBytesOf } from "../runtimes/read-core.ts";
import { checkFrame } from "../views/frame-check.ts";
import { coregram, Scratch, sample } from "./program.ts";

const CORE = fileURLToPath(new URL("../runtimes/cores/py-3.13.core.xz", import.meta.url));

interface Row {
  readonly type: string;
  readonly address: string;
  readonly count: number;
  readonly bytes: number;
  readonly freedCount: number;
  readonly inferred: boolean;
}

interface Frame {
  readonly totals: {
    readonly savedBytes: number;
    readonly runtime: string;
    readonly types: number;
    readonly count: number;
    readonly bytes: number;
    readonly restCount: number;
    readonly restBytes: number;
    readonly balance: Readonly<Record<string, number>>;
  };
  readonly rows: readonly Row[];
}

async function framesOf(...args: readonly string[]): Promise<Frame> {
  const run = await coregram(["types", CORE, "--no-modules", "-f", "json", ...args]);
  expect(run.status).toBe(0);
  const frame = JSON.parse(run.stdout);
  expect(checkFrame(frame)).toEqual([]);
  return frame;
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

const scratch = new Scratch();

describe("coregram types", () => {
  it("adds up: rows and the rest to the total, the balance to all that is saved", async () => {
    const { totals, rows } = await framesOf("--top", "7");
    expect(rows).toHaveLength(7);
    expect(totals.savedBytes).toBe(await savedBytesOf(CORE));
    expect(sum(Object.values(totals.balance))).toBe(totals.savedBytes);
    expect(totals.runtime).toBe("CPython 3.13");
    const all = await framesOf("--all");
    expect(all.rows).toHaveLength(totals.types);
    expect(all.totals.restCount).toBe(0);
    const others = all.rows.slice(7);
    expect(totals.restCount).toBe(sum(others.map(({ count }) => count)));
    expect(totals.restBytes).toBe(sum(others.map(({ bytes }) => bytes)));
    expect(totals.count).toBe(sum(all.rows.map(({ count }) => count)));
    expect(totals.bytes).toBe(sum(all.rows.map(({ bytes }) => bytes)));
    expect(all.rows.slice(0, 7)).toEqual(rows);
  });

  it("sorts as asked, and the same whatever the threads", async () => {
    const { rows } = await framesOf("--all", "--sort", "bytes", "--threads", "1");
    const by = (key: "count" | "bytes" | "freedCount") =>
      rows.map((row) => row[key]).toSorted((a, b) => b - a);
    expect(rows.map(({ bytes }) => bytes)).toEqual(by("bytes"));
    const [counts, freed, names, threads] = await Promise.all([
      framesOf("--all", "--sort", "count"),
      framesOf("--all", "--sort", "freed"),
      framesOf("--all", "--sort", "name"),
      framesOf("--all", "--threads", "3"),
    ]);
    expect(counts.rows.map(({ count }) => count)).toEqual(by("count"));
    expect(freed.rows.map(({ freedCount }) => freedCount)).toEqual(by("freedCount"));
    expect(names.rows.map(({ type }) => type)).toEqual(rows.map(({ type }) => type).toSorted());
    expect(threads.rows).toEqual(rows);
  });

  it("prints plain columns on stdout, what it recognised on stderr", async () => {
    const run = await coregram(["types", CORE, "--no-modules", "--top", "3"]);
    const { rows, totals } = await framesOf("--top", "3");
    const lines = run.stdout.trimEnd().split("\n");
    expect(lines.map((line) => line.trim().split(/ +/))).toEqual(
      rows.map(({ type, count, bytes, freedCount }) => [...[count, bytes, freedCount].map(String), type]),
    );
    expect(run.stdout).toMatch(/^( *\d+ +\d+ +\d+ {2}\S+\n){3}$/);
    const { modulePages = 0, readOnly = 0, unknown = 0, unknownUntouched = 0 } = totals.balance;
    const writable = totals.savedBytes - modulePages - readOnly - unknownUntouched;
    const share = ((100 * (writable - unknown)) / writable).toFixed(1);
    expect(run.stderr).toMatch(/coregram: CPython 3\.13, pymalloc, [\d,]+ pools; [\d.]+ % of writable /);
    expect(run.stderr).toContain(`; ${share} % of writable memory accounted for\n`);
  });

  it("says of another process's core in one line that there is no Python, and exits with 1", async () => {
    const folder = fileURLToPath(new URL("../elf/cores/", import.meta.url));
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".core.gz"))) {
      const run = await coregram(["types", `${folder}${name}`, "-q"]);
      expect(run.status, name).toBe(1);
      expect(run.stdout).toBe("");
      expect(run.stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(run.stderr).toMatch(
        /; the process(?: \(\S+\))? looks like .+: .*coregram \S+(?: --word 4)? counts its words/,
      );
    }
  });

  it("takes no file for a core that is none", async () => {
    const run = await coregram(["types", sample("make.sh")]);
    expect(run.status).toBe(1);
    expect(run.stderr).toContain("is no ELF core");
  });

  it("says why an ELF file cannot be read as a core, with --quiet too", async () => {
    const broken = scratch.put("broken.core", Buffer.from("\x7fELF\x07\x01\x01".padEnd(64, "\0"), "latin1"));
    const run = await coregram(["types", broken, "-q"]);
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr).toBe(
      `coregram: ${broken} cannot be read as an ELF core: ELF class is 7, neither 1 (32 bit) nor 2 (64 bit); ` +
        `coregram ${broken} counts its words\n`,
    );
  });
});
