import { existsSync, readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { ask as askDuckDb, DUCKDB } from "../views/duckdb.ts";
import { coregram, Scratch, sample } from "./program.ts";

const scratch = new Scratch();
const [before, after] = ["before", "after"].map((when) => sample(`downstream-${when}.core.gz`)) as [
  string,
  string,
];

it("without DuckDB says how to get it, before anything is read", async () => {
  const env = { ...process.env, NODE_PATH: "" };
  const run = await coregram(["query", "select 1", "nowhere"], { env });
  expect(run).toMatchObject({ status: 2, stdout: "" });
  expect(run.stderr).toMatch(
    /^coregram: query asks DuckDB, which is not installed: npm install --global @duckdb\/node-api, /,
  );
});

it.each([[[]], [["select 1"]], [["", after]]])("%j is no question", async (args) => {
  expect((await coregram(["query", ...args])).stderr).toMatch(
    /^coregram: query takes SQL and what it is asked of: /,
  );
});

describe.skipIf(DUCKDB === null)("coregram query", () => {
  const folder = scratch.path("tables");
  beforeAll(async () => {
    expect(
      (await coregram(["export", after, folder, "-q", "--table", "types", "--table", "segments"])).status,
    ).toBe(0);
  });

  it("asks cores, and folders of tables, and leaves nothing in TMPDIR", async () => {
    const sql =
      "select path, sum(count) as n from types join cores using (core) group by path order by path desc";
    const env = { ...process.env, TMPDIR: scratch.sub("temporary") };
    const run = await coregram(["query", sql, before, folder, "-q", "-f", "csv"], { env });
    expect(run.stderr).toBe("");
    expect(run.stdout.split("\n")).toEqual([
      "path,n",
      ...[`${folder},238479`, `${before},58479`].sort().reverse(),
      "",
    ]);
    expect(readdirSync(scratch.sub("temporary"))).toEqual([]);
  });

  it("prints each type of value in each format", async () => {
    const sql = `select 1 as a, 2::ubigint as b, sum(x) as s, 1.5::decimal(4,2) as d, [1, 2] as l, true as t, null as n,
      'x' || chr(10) as v, 'nan'::double as f, 9223372036854775807 as big, -1 as "minus" from range(3) r(x)`;
    const said = async (format: string) =>
      (await coregram(["query", sql, folder, "-q", "-f", format])).stdout;
    const row = {
      ...{ a: 1, b: "0x2", s: 3, d: 1.5, l: "[1,2]", t: true, n: null, v: "x\n", f: null },
      ...{ big: "9223372036854775807", minus: -1 },
    };
    expect(JSON.parse(await said("json"))).toMatchObject({
      schema: "coregram/query@1",
      input: { sql, cores: [folder] },
      totals: { rows: 1 },
      rows: [row],
    });
    expect(JSON.parse(await said("ndjson"))).toEqual(row);
    expect(await said("plain")).toBe("1  0x2  3  1.5  [1,2]  true  -  x\\x0a  -  9223372036854775807  -1\n");
    const again = scratch.path("again.parquet");
    expect((await coregram(["query", sql, folder, "-q", "-f", "parquet", "-o", again])).status).toBe(0);
    expect(await askDuckDb(`from '${again}'`)).toEqual([{ ...row, a: 1n, b: 2n, s: 3n, minus: -1n }]);
  });

  it("tells what DuckDB does not take, in one line", async () => {
    for (const [sql, why] of [
      ["selec 1", /^coregram: Parser Error: syntax error at or near "selec"\nusage: /],
      ["from strings", /^coregram: Catalog Error: Table with name strings does not exist!\nusage: /],
    ] as const) {
      const run = await coregram(["query", sql, folder, "-q"]);
      expect(run).toMatchObject({ status: 2, stdout: "" });
      expect(run.stderr).toMatch(why);
    }
  });

  it("makes of a core the tables that it names alone: a core without a Python has segments", async () => {
    const run = await coregram(["query", "select count(*) from segments", after]);
    expect(run).toMatchObject({ status: 0, stdout: "50\n", stderr: "" });
  });

  it("has texts where they are asked for", async () => {
    const sql = "select count(*) > 40000 from strings";
    expect((await coregram(["query", sql, after, "-q"])).status).toBe(2);
    expect((await coregram(["query", sql, after, "-q", "--values"])).stdout).toBe("true\n");
    expect(existsSync(`${folder}/strings.parquet`)).toBe(false);
  });
});
