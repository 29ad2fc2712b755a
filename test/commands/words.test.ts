import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { coregram, distinctWords, Scratch, sample, shell, words } from "./program.ts";

const scratch = new Scratch();

// Counts 1 to 3, so that any limit up to 150 cuts through a tie.
const TIES = [...distinctWords(150)].flatMap((word, index) => Array<bigint>(1 + (index % 3)).fill(word));
const FEW = Array.from(
  { length: 3000 },
  (_, index) => [1n, 2n, 3n, 2n ** 63n, 2n ** 64n - 1n][(index % 11) % 5] ?? 0n,
);

const FILES: Readonly<Record<string, Uint8Array>> = {
  empty: new Uint8Array(),
  ...Object.fromEntries(
    [1, 7, 9].map((bytes) => [`${bytes} bytes`, Buffer.from("abcdefghijklmno").subarray(0, bytes)]),
  ),
  zeros: new Uint8Array(100_003),
  distinct: words(distinctWords(20_000)),
  ties: words(TIES),
  few: Buffer.concat([words(FEW), Buffer.from("abc")]),
};

/** The exact reference: od, sort and uniq. */
function reference(path: string, bytes: 4 | 8 = 8, endian = "little"): string {
  const line = `od -An -v -tx${bytes} -w${bytes} --endian=${endian} "$1" | tr -d ' ' | LC_ALL=C sort | uniq -c | LC_ALL=C sort -nr`;
  return execFileSync("sh", ["-c", line, "sh", path], { encoding: "latin1", maxBuffer: 2 ** 28 });
}

const firstLines = (text: string, count: number): string =>
  (text.match(/.*\n/g) ?? []).slice(0, count).join("");

/** The rows, and nothing else said but where there are none. */
async function rows(args: readonly string[], input?: Uint8Array): Promise<string> {
  const run = await coregram(args, input ? { input } : {});
  expect(run.status).toBe(0);
  const isTold = run.stdout === "" && !args.includes("-q");
  expect(run.stderr).toMatch(isTold ? /^coregram: no rows: [^\n]+\n$/ : /^$/);
  return run.stdout;
}

describe.concurrent.each(Object.entries(FILES))("a file: %s", (name, bytes) => {
  let path = "";
  let all = "";
  beforeAll(() => {
    path = scratch.put(name, bytes);
    all = reference(path);
  });

  it("prints what od, sort and uniq print", async () => {
    const [printed, ten] = await Promise.all([rows([path, "--all"]), rows([path])]);
    expect(printed).toBe(all);
    expect(ten).toBe(firstLines(all, 10));
  });

  it("prints the first rows of it", async () => {
    const limits = [1, 5, 101, Number.MAX_SAFE_INTEGER];
    const printed = await Promise.all(limits.map((limit) => rows([path, "-n", String(limit)])));
    expect(printed).toEqual(limits.map((limit) => firstLines(all, limit)));
  });

  it("prints the same from a pipe, from gzip, and from gzip in a pipe", async () => {
    const zipped = gzipSync(bytes);
    const zippedPath = scratch.put(`${name}.anything`, zipped);
    const printed = await Promise.all([
      rows(["-", "--all", "-q"], bytes),
      rows([zippedPath, "--all", "-q"]),
      rows(["--all", "-q", "-"], zipped),
    ]);
    expect(printed).toEqual([all, all, all]);
  });

  it("prints 4-byte and big-endian words", async () => {
    const [four, fourBig, big] = await Promise.all([
      rows([path, "--all", "--word", "4"]),
      rows([path, "--word=4", "--endian=big"]),
      rows([path, "--all", "--endian", "big"]),
    ]);
    expect(four).toBe(reference(path, 4));
    expect(fourBig).toBe(firstLines(reference(path, 4, "big"), 10));
    expect(big).toBe(reference(path, 8, "big"));
  });
});

describe("rows", () => {
  const path = scratch.put("ties", FILES.ties ?? new Uint8Array());
  const all = reference(path);

  it("do not depend on threads and memory", async () => {
    for (const options of [
      ["--threads", "1"],
      ["--threads", "2"],
      ["--threads", "3"],
      ["--threads", "999"],
      ["--memory", "64M"],
    ]) {
      expect(await rows([path, "--all", ...options])).toBe(all);
      expect(await rows([path, "-n", "20", ...options])).toBe(firstLines(all, 20));
    }
  });

  it("of at least some count are all printed, unless a limit is given too", async () => {
    const often = all.replace(/^ +1 .*\n/gm, "");
    expect(often.split("\n").length).toBe(101);
    expect(await rows([path, "--min-count", "2"])).toBe(often);
    expect(await rows([path, "--min-count", "2", "--all"])).toBe(often);
    expect(await rows([path, "--min-count", "2", "--top", "7"])).toBe(firstLines(often, 7));
    expect(await rows([path, "--min-count", "4"])).toBe("");
  });

  it("begin where the shell has left standard input", async () => {
    const skip = "dd bs=80 count=1 status=none of=/dev/null";
    const run = await shell(`(${skip}; $CG - --all -q) < "${path}"`);
    const rest = scratch.put("rest", (FILES.ties ?? new Uint8Array()).subarray(80));
    expect(run.stdout).toBe(reference(rest));
    expect(run.stderr).toBe("");
  });

  it("come from a FIFO", async () => {
    const fifo = scratch.fifo("fifo");
    const run = await shell(`cat "${path}" > "${fifo}" & $CG "${fifo}" --all`);
    expect(run).toMatchObject({ status: 0, stdout: all, stderr: "" });
  });
});

describe("formats", () => {
  const path = scratch.put("few", FILES.few ?? new Uint8Array());
  const map = scratch.put("map", '0000000000000002 two, or "zwei"\n0000000000000003 three\n');

  it("json is the frame of its schema, keys in order, and the rest adds up", async () => {
    const text = await rows([path, "-n", "3", "-s", map, "-f", "json"]);
    const frame = JSON.parse(text);
    expect(JSON.stringify(frame)).toBe(
      JSON.stringify({
        schema: "coregram/words@1",
        input: { path, bytes: 24_003, compression: null, wordBytes: 8, endian: "little" },
        totals: { bytes: 24_003, words: 3001, distinct: null, restCount: frame.totals.restCount },
        rows: frame.rows,
      }),
    );
    expect(frame.rows.map((row: object) => Object.keys(row).join())).toEqual(
      Array(3).fill("count,word,symbol,type"),
    );
    const shown = frame.rows.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
    expect(shown + frame.totals.restCount).toBe(3001);
  });

  it.each([["--all"], ["--all", "--min-count", "2"], ["--min-count", "2"], ["--resolved", "-s", map]])(
    "counts the rest with %s",
    async (...options) => {
      const { totals, rows: printed } = JSON.parse(await rows([path, "-f", "json", ...options]));
      const shown = printed.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
      expect(shown + totals.restCount).toBe(3001);
      expect(totals.distinct).toBe(options[0] === "--all" ? 6 : null);
    },
  );

  it("ndjson is the rows of json; csv and tsv have the same keys and values", async () => {
    const args = [path, "-s", map];
    const frame = JSON.parse(await rows([...args, "-fjson"]));
    const lines = (await rows([...args, "-f", "ndjson"])).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(frame.rows);
    const csv = (await rows([...args, "-f", "csv"])).split("\n");
    expect(csv[0]).toBe("count,word,symbol,type");
    expect(csv).toContain(`${countOf(frame, "0000000000000002")},0000000000000002,"two, or ""zwei""",`);
    const tsv = (await rows([...args, "-f", "tsv"])).split("\n");
    expect(tsv[0]).toBe("count\tword\tsymbol\ttype");
    expect(tsv.at(-2)).toBe("1\t0000000000636261\t\t");
  });

  it("table has a header, separators, shares and the total", async () => {
    const table = await rows([path, "-n", "1", "-f", "table"]);
    expect(table).toMatch(/^Count +Share +Word +Name\n/);
    expect(table).toMatch(/\n3,001 +100\.0 % +words in all, 23\.4 KiB\n$/);
  });

  it("an ELF file of symbols that is broken is named", async () => {
    const elf = scratch.put("broken.elf", Buffer.from("\x7fELF\x07\x01".padEnd(64, "\0"), "latin1"));
    expect(await coregram([path, "-s", elf])).toMatchObject({
      status: 1,
      stdout: "",
      stderr: `coregram: ${elf}: ELF class is 7, neither 1 (32 bit) nor 2 (64 bit)\n`,
    });
  });

  it("of an option given twice the last one counts", async () => {
    const args = [
      "--format",
      "json",
      "--format",
      "plain",
      "--word",
      "4",
      "--word",
      "8",
      "-n",
      "9",
      "-n",
      "2",
    ];
    expect(await rows([path, ...args])).toBe(firstLines(reference(path), 2));
  });
});

function countOf(frame: { rows: { word: string; count: number }[] }, word: string): number | undefined {
  return frame.rows.find((row) => row.word === word)?.count;
}

describe("a real core", () => {
  const core = gunzipSync(readFileSync(sample("downstream-before.core.gz")));
  const path = scratch.put("core", core);
  const map = sample("python3.11.syms.txt");

  it("all rows with names are the rows of ndjson, and without names those of the reference", async () => {
    const args = [path, "--all", "--no-modules", "-s", map];
    const [plain, ndjson, bare] = await Promise.all([
      rows(args),
      rows([...args, "-f", "ndjson"]),
      // That the names that are asked for are not is said as well.
      rows([...args, "--no-names", "-q"]),
    ]);
    const rebuilt = ndjson.replace(/.+/g, (line) => {
      const { count, word, symbol } = JSON.parse(line);
      return `${String(count).padStart(7)} ${word}${symbol === null ? "" : `  ${symbol}`}`;
    });
    // Not toBe: half a million lines would be printed for minutes.
    expect(plain === rebuilt).toBe(true);
    expect(plain).toMatch(/ [0-9a-f]{16} {2}PyTuple_Type\n/);
    expect(plain.replace(/^( *\d+ [0-9a-f]{16}).*$/gm, "$1") === bare).toBe(true);
  });
});
