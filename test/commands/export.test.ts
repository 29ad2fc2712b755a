import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { TABLES, type TableName } from "../../src/answers/results/index.ts";
import { metadataOf, readParquet } from "../views/parquet-file.ts";
import { coregram, Scratch, sample, shell, startCoregram, until } from "./program.ts";

const scratch = new Scratch();
const after = sample("downstream-after.core.gz");

type Row = Readonly<Record<string, unknown>>;

function tableIn(folder: string, name: TableName) {
  return readParquet(readFileSync(`${folder}/${name}.parquet`));
}

const sum = (rows: readonly Row[], key: string) =>
  rows.reduce((all, row) => all + BigInt(row[key] as bigint), 0n);

async function frameOf(...args: readonly string[]) {
  const { stdout } = await coregram([...args, "--all", "-q", "-f", "json"]);
  return JSON.parse(Buffer.from(stdout, "latin1").toString("utf8"));
}

describe("coregram export CORE FOLDER", () => {
  const folder = scratch.path("tables");
  const tables = new Map<TableName, readonly Row[]>();
  const rowsOf = (name: TableName) => tables.get(name) ?? [];
  let printed = "";

  beforeAll(async () => {
    const run = await coregram(["export", after, folder, "-q"]);
    expect(run, run.stderr).toMatchObject({ status: 0, stderr: "" });
    printed = run.stdout;
    for (const name of Object.keys(TABLES) as TableName[])
      if (existsSync(`${folder}/${name}.parquet`)) tables.set(name, (await tableIn(folder, name)).rows);
  });

  it("writes all tables but values and words, for their user alone, and says how many rows each has", async () => {
    const names = Object.keys(TABLES).filter((name) => name !== "strings" && name !== "words");
    expect(readdirSync(folder).sort()).toEqual(names.map((name) => `${name}.parquet`).sort());
    for (const file of ["", ...readdirSync(folder)])
      expect(statSync(`${folder}/${file}`).mode & 0o077).toBe(0);
    expect(
      printed
        .trimEnd()
        .split("\n")
        .map((line) => line.trim()),
    ).toEqual(names.map((name) => `${rowsOf(name as TableName).length}  ${name}`));
    const { metadata } = await tableIn(folder, "objects");
    const said = metadataOf(metadata);
    expect(said["coregram.schema"]).toBe("coregram/objects@1");
    expect(JSON.parse(said["coregram.cores"] ?? "")[0]).toMatchObject({ path: after, pid: 12405 });
  });

  it("has the objects that types counts, by type", async () => {
    const { totals, rows } = await frameOf("types", after);
    const objects = rowsOf("objects");
    expect(objects.length).toBe(totals.count);
    expect(sum(objects, "bytes")).toBe(BigInt(totals.bytes));
    const counts = new Map<unknown, number>();
    for (const { typeAddress } of objects) counts.set(typeAddress, (counts.get(typeAddress) ?? 0) + 1);
    for (const { address, count } of rows) expect(counts.get(BigInt(address)) ?? 0).toBe(count);
    expect(rowsOf("types")).toHaveLength(rows.length);
  });

  it("gives each object the owner whose bytes it is among", () => {
    const amounts = (rows: readonly Row[], key: string, count: (row: Row) => bigint) => {
      const found = new Map<unknown, [bytes: bigint, count: bigint]>();
      for (const row of rows) {
        const [bytes, objects] = found.get(row[key]) ?? [0n, 0n];
        found.set(row[key], [bytes + (row.bytes as bigint), objects + count(row)]);
      }
      return found;
    };
    const byObjects = amounts(rowsOf("objects"), "owner", () => 1n);
    const byOwners = amounts(rowsOf("owners"), "path", ({ count }) => count as bigint);
    byObjects.delete(null);
    byObjects.delete(undefined);
    expect(byObjects.size).toBeGreaterThan(1000);
    for (const [path, amount] of byObjects) expect([path, byOwners.get(path)]).toEqual([path, amount]);
    expect(byObjects.get("downstream.profiler.Profiler.results")).toEqual([8_191_888n, 180_001n]);
  });

  it("retains what owners says, and what is dominated is in its dominator", () => {
    const objects = rowsOf("objects");
    const byAddress = new Map(objects.map((row) => [row.address, row]));
    const held = new Map<unknown, bigint>();
    for (const { dominator, retainedBytes } of objects)
      held.set(dominator, (held.get(dominator) ?? 0n) + (retainedBytes as bigint));
    for (const { address, bytes, retainedBytes } of objects)
      if (retainedBytes !== (bytes as bigint) + (held.get(address) ?? 0n)) throw new Error(`${address}`);
    for (const { address, retainedBytes } of rowsOf("owners"))
      if (address && byAddress.has(address))
        expect(byAddress.get(address)?.retainedBytes).toBe(retainedBytes);
  });

  it("has every reference between objects, with its name", () => {
    const addresses = new Set(rowsOf("objects").map(({ address }) => address));
    const references = rowsOf("references");
    for (const { from, to, root } of references) {
      if (!addresses.has(to)) throw new Error(`${to} is no object`);
      if ((from === null || from === undefined) === (root === null || root === undefined))
        throw new Error("neither an object nor a root, or both");
    }
    const results = rowsOf("owners").find(({ path }) => path === "downstream.profiler.Profiler.results");
    const items = references.filter(({ from }) => from === results?.address);
    expect(items).toHaveLength(20_000);
    expect(items.slice(0, 2).map(({ name }) => name)).toEqual(["[0]", "[1]"]);
    const holders = references.filter(({ to }) => to === results?.address);
    expect(holders.map(({ name, root }) => [name, root ?? null])).toContainEqual([".results", null]);
  });
});

it("--values and --all add texts and words, --table chooses", async () => {
  const folder = scratch.path("chosen");
  const run = await coregram(["export", after, folder, "-q", "--table", "strings", "--table", "segments"]);
  expect(run).toMatchObject({ status: 0, stderr: "" });
  expect(readdirSync(folder).sort()).toEqual(["segments.parquet", "strings.parquet"]);
  const { rows } = await tableIn(folder, "strings");
  const types = await frameOf("types", after);
  const count = (wanted: string) => types.rows.find(({ type }: { type: string }) => type === wanted).count;
  expect(rows.filter(({ type }) => type === "builtins.str").length).toBeLessThanOrEqual(
    count("builtins.str"),
  );
  expect(rows.filter(({ type }) => type === "builtins.str").length).toBeGreaterThan(
    0.99 * count("builtins.str"),
  );
  expect(rows.map(({ text }) => text)).toContain("'downstream.profiler'");
});

describe("what cannot be written", () => {
  it.each([
    ["a folder that is not empty", () => scratch.folder, "it is not empty"],
    ["a file", () => scratch.put("file", "x"), "it is no folder, and tables are"],
    ["a folder in none", () => scratch.path("none/tables"), "no such file or directory (ENOENT)"],
  ])("%s is left as it is", async (_name, place, why) => {
    const folder = place();
    const run = await coregram(["export", after, folder]);
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr).toContain(`cannot be written: ${why}`);
  });

  it("is told, and nothing of a table is there, where files may not be as large", async () => {
    const parent = scratch.sub("full");
    const core = scratch.put("core", gunzipSync(readFileSync(after)));
    const run = await shell(`ulimit -f 256; $CG export ${core} ${parent}/tables -q`);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/owners\.parquet cannot be written: file too large \(EFBIG\)\n$/);
    expect(readdirSync(parent)).toEqual([]);
  });

  it("by a signal leaves nothing", async () => {
    const parent = scratch.sub("ended");
    const running = startCoregram(["export", after, `${parent}/tables`, "-q"]);
    await until(() => readdirSync(parent).length > 0);
    running.kill("SIGTERM");
    expect((await running.ended).signal).toBe("SIGTERM");
    expect(readdirSync(parent)).toEqual([]);
  });

  it("to its end, as it was killed, has no folder of the name", async () => {
    const parent = scratch.sub("killed");
    const running = startCoregram(["export", after, `${parent}/tables`, "-q"]);
    await until(() => readdirSync(parent).length > 0);
    running.kill("SIGKILL");
    await running.ended;
    expect(readdirSync(parent).filter((name) => !name.startsWith("."))).toEqual([]);
  });
});
