import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Frame } from "../../src/answers/index.ts";
import { checkFrame } from "../views/frame-check.ts";
import { coregram, sample } from "./program.ts";

const after = sample("traced-after.core.xz");

interface Truth {
  readonly traced: number;
  readonly peak: number;
  readonly traces: number;
  readonly lineno: string[];
  readonly filename: string[];
  readonly traceback: string[];
}
const truth: Truth = JSON.parse(readFileSync(sample("traced-after-truth.json"), "utf8"));

async function traces(...args: readonly string[]): Promise<Frame<"coregram/traces@1">> {
  const { status, stdout, stderr } = await coregram(["traces", "--format", "json", "-q", ...args]);
  expect(status, stderr).toBe(0);
  return JSON.parse(Buffer.from(stdout, "latin1").toString("utf8"));
}

/** Lines of samples/traced.py that make the truth: what they hold is in the dump and not in the truth, or the other way. */
function isOthers(line: string): boolean {
  const [, number = "0"] = /\/traced\.py:(\d+): /.exec(line) ?? [];
  return Number(number) < 20 && !line.includes("/traced.py:0: ");
}

describe("the traced sample", () => {
  it.each([
    ["line", "lineno"],
    ["file", "filename"],
    ["traceback", "traceback"],
  ] as const)("prints the lines that tracemalloc prints, by %s", async (by, theirs) => {
    const { status, stdout } = await coregram([
      "traces",
      after,
      "--by",
      by,
      "-f",
      "tracemalloc",
      "--all",
      "-q",
    ]);
    expect(status).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(10);
    // Tracebacks print as their oldest frame: those of the truth's makers cannot be told by that alone.
    const isTold =
      by === "traceback" ? (line: string) => isOthers(line) && !/traced\.py:5\d: /.test(line) : isOthers;
    expect(lines.filter(isTold)).toEqual(truth[theirs].filter(isTold));
  });

  it("says what tracemalloc says of itself", async () => {
    const { totals, rows } = await traces(after);
    expect(totals).toMatchObject({
      runtime: "CPython 3.11",
      by: "line",
      isTracing: true,
      isCumulative: false,
      missing: 0,
      limit: 3,
    });
    expect(totals.bytes).toBe(totals.tracedBytes);
    expect(Math.abs(totals.bytes - truth.traced)).toBeLessThan(16 * 1024);
    expect(Math.abs(totals.traces - truth.traces)).toBeLessThan(20);
    expect(totals.domains).toEqual([{ domain: 0, traces: totals.traces, bytes: totals.bytes }]);
    expect(totals.restBytes + rows.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(totals.bytes);
    expect(totals.restCount + rows.reduce((sum, { count }) => sum + count, 0)).toBe(totals.traces);
    expect(rows).toHaveLength(10);
    expect(checkFrame(await traces(after, "--by", "traceback"))).toEqual([]);
  });

  it("counts frames below the most recent one, and only so many, on request", async () => {
    const { rows, totals } = await traces(after, "--cumulative", "--by", "file");
    expect(totals.isCumulative).toBe(true);
    const app = rows.find(({ file }) => file?.endsWith("/traced.py"));
    const alone = await traces(after, "--by", "file", "--cumulative", "--frames", "1");
    const mine = alone.rows.find(({ file }) => file?.endsWith("/traced.py"));
    expect(app?.bytes ?? 0).toBeGreaterThan(3 * (mine?.bytes ?? Number.POSITIVE_INFINITY));
    const cut = await traces(after, "--by", "traceback", "--frames", "2", "--all");
    expect(Math.max(...cut.rows.map(({ frames }) => frames?.length ?? 0))).toBe(2);
    expect(Math.max(...cut.rows.map(({ totalFrames }) => totalFrames ?? 0))).toBeGreaterThan(2);
  });

  it("has no rows of a domain that there is not", async () => {
    const { rows, totals } = await traces(after, "--domain", "4711");
    expect(rows).toEqual([]);
    expect(totals.traces).toBeGreaterThan(10_000);
  });

  it("prints columns to pipe, and a table to read", async () => {
    const plain = await coregram(["traces", after, "-q", "-n", "1"]);
    expect(plain.stdout).toMatch(
      /^ {6}372000 {6}9300 {8}40 {2}\/tmp\/downstream\/downstream\/profiler\.py:8\n$/,
    );
    const table = await coregram(["traces", after, "-q", "-f", "table", "-n", "1"]);
    const lines = table.stdout.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^ *Size +Blocks +Average +Line$/);
    expect(lines[1]).toMatch(/363\.3 KiB +9,300 +40 B +\/tmp\/downstream\/downstream\/profiler\.py:8$/);
    expect(lines.at(-1)).toMatch(/tracebacks have 3 frames at the most$/);
  });
});

describe("the objects in the traced blocks", () => {
  it("are told by type and line, and add up to all that was traced", async () => {
    const { totals, rows } = await traces(after, "--by", "type", "--all");
    const count = (type: string, line: number) =>
      rows.find((row) => row.type === type && row.line === line && row.file?.endsWith("/profiler.py"))?.count;
    // Of 1,550 requests each: two pairs of clocks, and the tuple that has them.
    expect([count("builtins.tuple", 8), count("builtins.tuple", 23), count("builtins.int", 8)]).toEqual([
      3100, 1550, 6200,
    ]);
    expect(rows.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(totals.bytes);
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(totals.traces);
    expect(totals.untraced?.count).toBeGreaterThan(1000);
    // The list's table is a block of its own.
    expect(rows.find((row) => row.type === null && row.line === 23)).toMatchObject({ count: 1, path: null });
  });

  it("are held by whom owners says", async () => {
    const { rows } = await traces(after, "--by", "owner", "-n", "3");
    expect(rows.map(({ path }) => path)).toEqual(new Array(3).fill("downstream.profiler.Profiler.results"));
    const plain = await coregram(["traces", after, "--by", "owner", "-n", "1", "-q"]);
    expect(plain.stdout).toMatch(
      /^ {6}198400 {6}6200 {8}32 {2}downstream\.profiler\.Profiler\.results {2}builtins\.int {2}\S+profiler\.py:8\n$/,
    );
    const table = await coregram(["traces", after, "--by", "type", "-n", "1", "-q", "-f", "table"]);
    expect(table.stdout).toMatch(/^ *Size +Blocks +Average +Type +Line\n.*builtins\.int +\S+:8\n/);
    expect(table.stdout).toContain("in live objects that were not traced, by sys.getsizeof");
  });

  it.each([
    ["--frames", "2"],
    ["--domain", "0"],
    ["-f", "tracemalloc"],
  ])("have no %s", async (...args) => {
    const { status, stderr } = await coregram(["traces", after, "--by", "type", ...args]);
    expect(status).toBe(2);
    expect(stderr).toContain("are for traces alone, not for --by type");
  });

  it("say in whatis which line made them", async () => {
    const path = "downstream.profiler.Profiler.results[7]";
    const { status, stdout } = await coregram(["whatis", after, path, "-q"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      / made at {3}\/tmp\/downstream\/downstream\/profiler\.py:23, a block of 80 bytes\n/,
    );
    expect(stdout).toMatch(/ called {4}from \/tmp\/downstream\/traced\.py:17\n/);
    const json = await coregram(["whatis", after, path, "9587e0", "-q", "-f", "json"]);
    const frame: Frame<"coregram/whatis@1"> = JSON.parse(json.stdout);
    expect(checkFrame(frame)).toEqual([]);
    const [tuple, type] = frame.rows;
    expect(tuple?.allocated).toMatchObject({
      bytes: 80,
      domain: 0,
      frames: [{ line: 23 }, { line: 17 }, { line: 57 }],
    });
    // The collector's head is in front of the object.
    expect(BigInt(tuple?.object?.address ?? 0) - BigInt(tuple?.allocated?.start ?? 0)).toBe(16n);
    expect([type?.traced, type?.allocated]).toEqual([false, null]);
    const untraced = await coregram(["whatis", sample("downstream-after.core.gz"), "9587e0", "-q"]);
    expect(untraced.stdout).not.toContain("made at");
  });
});

describe("a process that was not traced", () => {
  const core = sample("downstream-after.core.gz");
  it.each([
    ["traces", core],
    ["traces", core, "--by", "type"],
    ["diff", core, after, "--by", "line"],
    ["diff", after, core, "--by", "traceback"],
  ])("is refused, and told how to be: %j %j %j %j", async (...args) => {
    const { status, stdout, stderr } = await coregram([...args, "-q"].filter((word) => word !== undefined));
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toBe(
      `coregram: ${core}: tracemalloc was not tracing, and nothing is left of what it may have traced before: start the process with PYTHONTRACEMALLOC=1; coregram owners ${core} needs none\n`,
    );
  });

  it("is refused where it is no Python", async () => {
    const { status, stderr } = await coregram(["traces", sample("downstream-report.html")]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/is no ELF core/);
  });
});

describe("what grew since a snapshot", () => {
  it.each([
    [
      ["--since"],
      1,
      "coregram: no tracemalloc.Snapshot is kept in the process: to compare, take two cores, ",
    ],
    [["--since", "1"], 1, "coregram: no tracemalloc.Snapshot is kept"],
    [
      ["--since", "--by", "owner"],
      2,
      "coregram: --since compares lines, files and tracebacks, not --by owner",
    ],
  ])("is not told of the sample, which has none: %j", async (args, wanted, text) => {
    const { status, stdout, stderr } = await coregram(["traces", after, ...args, "-q"]);
    expect({ status, stdout }).toEqual({ status: wanted, stdout: "" });
    expect(stderr.startsWith(text), stderr).toBe(true);
  });

  it("takes what stands behind it for the core where there is no other", async () => {
    const { status, stderr } = await coregram(["traces", "--since", after, "-q"]);
    expect(status).toBe(1);
    expect(stderr).toContain("no tracemalloc.Snapshot is kept");
    expect((await coregram(["traces", "--since"])).stderr).toContain("no CORE given");
  });
});

it("refuses a cumulative traceback", async () => {
  const { status, stderr } = await coregram(["traces", after, "--by", "traceback", "--cumulative"]);
  expect(status).toBe(2);
  expect(stderr).toContain("--cumulative is for lines and files, not for --by traceback");
});

describe("two traced cores", () => {
  const before = sample("traced-before.core.xz");
  const grew: string[] = JSON.parse(readFileSync(sample("traced-after-truth.json"), "utf8")).grew;

  it("print what grew as tracemalloc does, in its order", async () => {
    const args = ["diff", before, after, "--by", "line", "-f", "tracemalloc", "--all", "-q"];
    const { status, stdout } = await coregram(args);
    expect(status).toBe(0);
    // To take the truth loaded a module of one line.
    const isTold = (line: string) =>
      isOthers(line) && !line.startsWith("<frozen importlib._bootstrap>:241: ");
    const lines = stdout.trimEnd().split("\n");
    expect(lines.slice(0, 4)).toEqual(grew.slice(0, 4));
    expect(lines.filter(isTold)).toEqual(grew.filter(isTold));
  });

  it("have the lines of the leak first", async () => {
    const { status, stdout } = await coregram(["diff", before, after, "--by", "line", "-q", "-n", "2"]);
    expect(status).toBe(0);
    expect(stdout).toBe(
      [
        "      372000      +360000      9300     +9000  /tmp/downstream/downstream/profiler.py:8\n",
        "      136672      +132256      1551     +1500  /tmp/downstream/downstream/profiler.py:23\n",
      ].join(""),
    );
  });

  it("tell the frames of a traceback, and no suspects", async () => {
    const args = ["diff", before, after, "--by", "traceback", "-q", "-n", "1", "-f", "json"];
    const frame: Frame<"coregram/diff@1"> = JSON.parse((await coregram(args)).stdout);
    expect(checkFrame(frame)).toEqual([]);
    expect(frame.totals).toMatchObject({
      by: "traceback",
      sameProcess: true,
      suspects: null,
      oldBalance: null,
    });
    const [row] = frame.rows;
    expect(row?.frames).toEqual([
      { file: "/tmp/downstream/downstream/profiler.py", line: 8 },
      { file: "/tmp/downstream/downstream/profiler.py", line: 20 },
      { file: "/tmp/downstream/traced.py", line: 16 },
    ]);
    expect(row?.name).toBe(row?.frames?.map(({ file, line }) => `${file}:${line}`).join(" < "));
  });

  it.each(["owner", "type"])("name with a suspect the lines that allocated it, by %s", async (by) => {
    const args = ["diff", before, after, "--by", by, "-q", "-f", "json"];
    const { totals }: Frame<"coregram/diff@1"> = JSON.parse((await coregram(args)).stdout);
    const leak = totals.suspects?.find(({ path }) => path === "downstream.profiler.Profiler.results");
    expect(leak?.allocatedAt?.map(({ file, line, count }) => [file, line, count])).toEqual([
      ["/tmp/downstream/downstream/profiler.py", 8, 9300],
      ["/tmp/downstream/downstream/profiler.py", 23, 1550],
    ]);
  });

  it("are a course where there are three", async () => {
    const args = ["diff", before, after, after, "--by", "file", "-q", "-n", "1"];
    expect((await coregram(args)).stdout).toMatch(/\+\d+ {2}\/tmp\/downstream\/downstream\/profiler\.py\n$/);
  });

  it.each([
    ["--by", "type"],
    ["--by", "line", after],
  ])("are no types and no course in tracemalloc's format: %s", async (...more) => {
    const { status, stderr } = await coregram(["diff", before, after, ...more, "-f", "tracemalloc"]);
    expect(status).toBe(2);
    expect(stderr).toContain("--format tracemalloc is for two cores by line, file or traceback");
  });
});
