import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { readAll } from "../bytes/scratch.ts";
import { openCoreFile } from "../runtimes/read-core.ts";
import { checkFrame } from "../views/frame-check.ts";
import { coregram, Scratch, sample } from "./program.ts";

const scratch = new Scratch();
const core = scratch.path("core");
const alone = ["--no-modules", "-q"];

beforeAll(async () => {
  const source = await openCoreFile(
    fileURLToPath(new URL("../runtimes/cores/py-3.13.core.xz", import.meta.url)),
  );
  writeFileSync(core, await readAll(source));
  source.close();
});

async function frameOf(...args: readonly string[]) {
  const run = await coregram([...args, ...alone, "-f", "json"]);
  expect(run).toMatchObject({ status: 0, stderr: "" });
  const frame = JSON.parse(Buffer.from(run.stdout, "latin1").toString());
  expect(checkFrame(frame)).toEqual([]);
  return frame;
}

async function linesOf(...args: readonly string[]): Promise<string[]> {
  const run = await coregram([...args, ...alone]);
  expect(run).toMatchObject({ status: 0, stderr: "" });
  return run.stdout.trimEnd().split("\n");
}

describe("coregram whatis of an object", () => {
  it("says type, state, size and what it holds, with addresses that lead on", async () => {
    const big = (await frameOf("types", core, "--containers", "-n", "1")).rows[0];
    const [row] = (await frameOf("whatis", core, big.address)).rows;
    expect(row.object).toMatchObject({
      type: big.type,
      address: big.address,
      offset: 0,
      bytes: big.bytes,
      length: big.length,
      state: "live",
    });
    expect(row.object.items).toHaveLength(20);
    const [item] = (await frameOf("whatis", core, row.object.items[0].address)).rows;
    expect(item.object.type).toBe(row.object.items[0].type);
    const lines = await linesOf("whatis", core, big.address);
    expect(lines.filter((line) => line.includes("  item      "))).toHaveLength(20);
    expect(lines.some((line) => line.includes(`  object    ${big.type}`))).toBe(true);
  });

  it("finds the object around an address, and in front of it what the collector keeps", async () => {
    const big = (await frameOf("types", core, "--containers", "-n", "1")).rows[0];
    const at = (offset: bigint) => `0x${(BigInt(big.address) + offset).toString(16)}`;
    const rows = (await frameOf("whatis", core, at(20n), at(-8n))).rows;
    expect(rows.map((row: { object: { address: string } }) => row.object.address)).toEqual([
      big.address,
      big.address,
    ]);
    expect(rows.map((row: { object: { offset: number } }) => row.object.offset)).toEqual([20, -8]);
    const text = (await linesOf("whatis", core, at(20n), at(-8n))).join("\n");
    expect(text).toContain(`at ${big.address}, 20 bytes into it`);
    expect(text).toContain(`at ${big.address}, 8 bytes before it`);
  });

  it("has none where there is no object, and none in a core of no Python", async () => {
    expect((await frameOf("whatis", core, "0x10", "ffffffffff600000")).rows).toMatchObject([
      { object: null },
      { object: null },
    ]);
    const other = fileURLToPath(new URL("../elf/cores/gcore-x86-64.core.gz", import.meta.url));
    expect((await frameOf("whatis", other, "0x400000")).rows[0].object).toBeNull();
  });
});

describe("coregram whatis of what the sample leaks", () => {
  const leaking = sample("downstream-after.core.gz");
  const truth = JSON.parse(readFileSync(sample("downstream-after-truth.json"), "utf8")).results;

  it("says the path that holds it, and what it retains, as owners does", async () => {
    const [list] = (await frameOf("whatis", leaking, truth.address)).rows;
    expect(list.object).toMatchObject({ path: truth.path, retainedBytes: truth.retainedBytes });
    const entry = list.object.items[3].address;
    const inside = `0x${(BigInt(entry) + 9n).toString(16)}`;
    const rows = (await frameOf("whatis", leaking, entry, "0x10", inside)).rows;
    expect(rows[0].object).toMatchObject({ type: "builtins.tuple", path: `${truth.path}[3]` });
    expect(rows[1].object).toBeNull();
    expect(rows[2].object).toEqual({ ...rows[0].object, offset: 9 });
    const [first] = rows[0].object.items;
    const [chain] = (await frameOf("owners", leaking, "--of", first.address)).rows;
    const [row] = (await frameOf("whatis", leaking, first.address)).rows;
    expect(row.object).toMatchObject({ path: `${truth.path}[3][0]`, retainedBytes: chain.retainedBytes });
    const lines = await linesOf("whatis", leaking, first.address);
    expect(lines).toContain(`${first.address}  held by   ${truth.path}[3][0]`);
    expect(lines.some((line) => line.includes(`  retains   ${chain.retainedBytes} bytes`))).toBe(true);
  });
});

describe("coregram types --strings and --containers", () => {
  it("add up, and rows are the first of all", async () => {
    const strings = await frameOf("types", core, "--strings", "-n", "5");
    const all = await frameOf("types", core, "--strings", "--all");
    expect(all.rows).toHaveLength(all.totals.duplicates);
    expect(all.totals.restWastedBytes).toBe(0);
    expect(all.rows.slice(0, 5)).toEqual(strings.rows);
    const wasted = (rows: readonly { wastedBytes: number }[]) =>
      rows.reduce((sum, { wastedBytes }) => sum + wastedBytes, 0);
    expect(strings.totals.wastedBytes).toBe(wasted(all.rows));
    expect(strings.totals.restWastedBytes).toBe(wasted(all.rows.slice(5)));
    const containers = await frameOf("types", core, "--containers", "--sort", "count", "-n", "5");
    expect(containers.totals.restCount).toBe(containers.totals.count - 5);
    // A thread's stack holds more than one object, a list's path is its own.
    const exported = containers.rows.find(({ path }: { path: string }) => path === "os.__all__");
    const held = await frameOf("whatis", core, exported.path);
    expect(held.rows[0].object.address).toBe(exported.address);
    const [biggest] = containers.rows;
    const [first] = await linesOf("types", core, "--containers", "--sort", "count", "-n", "1");
    expect(first?.endsWith(`  ${biggest.address}  ${biggest.type}  ${biggest.path}`)).toBe(true);
    const plain = await linesOf("types", core, "--strings", "-n", "5");
    expect(plain.map((line) => Number(line.trim().split(/ +/)[0]))).toEqual(
      strings.rows.map((row: { count: number }) => row.count),
    );
  });

  it("take no order of types, and not each other", async () => {
    const order = await coregram(["types", core, "--strings", "--sort", "freed"]);
    expect(order.status).toBe(2);
    expect(order.stderr).toContain("--strings, --containers and --arenas take bytes and count");
    expect((await coregram(["types", core, "--strings", "--containers"])).status).toBe(2);
  });

  it("say in the help that they print what was in memory", async () => {
    expect((await coregram(["types", "--help"])).stdout.replace(/\s+/g, " ")).toContain(
      "prints what was in memory",
    );
  });
});

describe("words that are types", () => {
  it("are named in all formats alike, where few rows are asked for", async () => {
    const { rows } = await frameOf(core, "-n", "60");
    const types = rows.filter((row: { type: string | null }) => row.type !== null);
    expect(types.map((row: { type: string }) => row.type)).toEqual(
      expect.arrayContaining(["builtins.str", "builtins.tuple", "builtins.int"]),
    );
    const plain = await linesOf(core, "-n", "60");
    expect(plain.filter((line) => line.includes("  type ")).map((line) => line.trim())).toEqual(
      types.map(
        (row: { count: number; word: string; type: string }) => `${row.count} ${row.word}  type ${row.type}`,
      ),
    );
    // They are those that the pass over all memory finds.
    const known = await frameOf("types", core, "--all");
    const names = new Map(
      known.rows.map((row: { address: string; type: string }) => [BigInt(row.address), row.type]),
    );
    for (const { word, type } of types) expect(names.get(BigInt(`0x${word}`))).toBe(type);
  });

  it("are not looked for among all words, nor with --no-names", async () => {
    const { rows } = await frameOf(core, "--min-count", "500");
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.every((row: { type: string | null }) => row.type === null)).toBe(true);
    expect((await linesOf(core, "--min-count", "500")).some((line) => line.includes("type "))).toBe(false);
    expect((await linesOf(core, "--no-names")).some((line) => line.includes("type "))).toBe(false);
  });
});

describe("coregram types --arenas", () => {
  const program = fileURLToPath(new URL("../elf/cores/gcore-x86-64.core.gz", import.meta.url));

  it("prints columns for awk, and a table with what they come to", async () => {
    expect(await linesOf("types", program, "--arenas")).toEqual([
      "      135168         4104         1            0            0         3416       126976            0  malloc main 0x7fae3b4afc60",
    ]);
    expect(await linesOf("types", program, "--arenas", "-f", "table")).toEqual([
      "     Size   In use  Blocks  Cached  Free inside  Free top  Untouched  Reserved  Arena",
      "132.0 KiB  4.0 KiB       1     0 B          0 B   3.3 KiB  124.0 KiB       0 B  malloc main 0x7fae3b4afc60",
      "132.0 KiB  4.0 KiB       1     0 B          0 B   3.3 KiB  124.0 KiB       0 B  in all, with 672 B of headers",
    ]);
  });

  it("says what is in no row, and has a frame that its schema takes", async () => {
    const frame = await frameOf("types", core, "--arenas", "-n", "1");
    expect(frame.totals.restBytes).toBe(frame.totals.bytes - frame.rows[0].bytes);
    expect((await linesOf("types", core, "--arenas", "-n", "1", "-f", "table"))[2]).toMatch(
      /^ *[\d.]+ MiB +\S+ more, in no row$/,
    );
  });
});
