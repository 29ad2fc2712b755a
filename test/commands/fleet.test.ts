import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JsonObject, SUMMARY } from "../../src/answers/results/index.ts";
import { answerSummary } from "../../src/answers/summary.ts";
import { openTarget, type Target } from "../../src/image/index.ts";
import { parquetTable } from "../../src/views/index.ts";
import { ask as askDuckDb, DUCKDB } from "../views/duckdb.ts";
import { bytesOf } from "../views/parquet-file.ts";
import { type Planted, plantFleet } from "./fleet.ts";
import { tool } from "./live.ts";
import { BIN, coregram, Scratch, sample, start } from "./program.ts";

const scratch = new Scratch();
const textOf = (page: string) =>
  readFileSync(fileURLToPath(new URL(`../../docs/${page}`, import.meta.url)), "utf8");
const page = textOf("fleet.md");
const questions = new Map(
  [...page.matchAll(/^### (\d)\. .*\n[^#]*?```sql\n([\s\S]*?)```$/gm)].map(([, number, sql]) => [
    Number(number),
    sql ?? "",
  ]),
);

it.skipIf(DUCKDB === null || tool("python3", "--version") === null)(
  "the hunt finds who leaks, and since when",
  async () => {
    const folder = scratch.path("hunt");
    const hunt = fileURLToPath(new URL("../../samples/fleet/hunt.sh", import.meta.url));
    // With ten of them one runs the release that leaks.
    const running = start(hunt, [folder, "10"]);
    running.stdin.end();
    const { status, stdout, stderr } = await running.ended;
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const [, leaks = "", , since] = stdout.split("\n");
    expect(leaks).toMatch(/^__main__\.Orders\.history {2}1 {2}app-10 {2}\d{7}$/);
    expect(since).toBe("__main__.Orders.history  4.3  1  1");
    const again = start(hunt, [folder, "10"]);
    again.stdin.end();
    expect((await again.ended).stderr).toMatch(/fleet is there/);
    // What docs/engines.md makes of them with DuckDB alone.
    const [, views = ""] = /^## DuckDB$[^#]*?```sql\n([\s\S]*?)```$/m.exec(textOf("engines.md")) ?? [];
    const local = views.replace("s3://BUCKET/fleet", join(folder, "fleet"));
    expect(local).not.toBe(views);
    const rows = await askDuckDb(
      `${local} select host, runtime is not null as runs, bytes::int as bytes from owners join cores using (file, host)
       where key = '__main__.Orders.history' and bytes > 1000000`,
    );
    expect(rows).toEqual([{ host: "app-10", runs: true, bytes: Number(leaks.split("  ").at(-1)) }]);
  },
  120_000,
);

describe("what systemd-coredump collected", () => {
  const path = (name: string) => fileURLToPath(new URL(`../../samples/fleet/${name}`, import.meta.url));
  const collect = async (cores: string, fleet: string) => {
    const running = start(path("collected.sh"), [cores, fleet], { env: { ...process.env, COREGRAM: BIN } });
    running.stdin.end();
    return running.ended;
  };

  it("is summarized once, and stays", async () => {
    const [cores, fleet] = [scratch.sub("coredump"), scratch.path("collected")];
    copyFileSync(
      sample("traced-before.core.xz"),
      join(cores, "core.web worker.0.b00t.31644.1782604337000000.xz"),
    );
    writeFileSync(join(cores, "core.broken.0.b00t.7.1782604337000000.zst"), "no core");
    const first = await collect(cores, fleet);
    expect(first).toMatchObject({ status: 0 });
    expect(first.stdout).toContain(`${fleet}/service=web%20worker/host=`);
    const before = readdirSync(cores).sort();
    const second = await collect(cores, fleet);
    expect(second).toMatchObject({ status: 0, stdout: "", stderr: "" });
    copyFileSync(sample("traced-after.core.xz"), join(cores, "core.web.0.b00t.31644.1782604338000000.xz"));
    const third = await collect(cores, fleet);
    expect(third.stdout.trim().split("\n")).toHaveLength(1);
    expect(third.stdout).toContain("/service=web/host=");
    expect(readdirSync(cores)).toHaveLength(before.length + 1);
  }, 60_000);

  it.skipIf(tool("systemd-analyze", "--version") === null)("has units that systemd takes", async () => {
    for (const unit of ["coregram-collected.service", "coregram-collected.timer"]) {
      const { stderr } = await start("systemd-analyze", ["verify", "--man=no", path(unit)]).ended;
      // What it starts is not installed here.
      expect(stderr.split("\n").filter((line) => !line.includes("collected.sh is not executable"))).toEqual([
        "",
      ]);
    }
  });
});

/** A thousand summaries: two of each of four processes a host. */
const HOSTS = 125;
const seed = Math.floor(Math.random() * 2 ** 32);

describe.skipIf(DUCKDB === null)(`questions of a fleet, planted by ${seed}`, () => {
  const folder = scratch.path("fleet");
  let planted: Planted;
  let target: Target;
  let warnings = "";
  const ask = async (number: number): Promise<Record<string, unknown>[]> => {
    const run = await coregram(["query", questions.get(number) ?? "", folder, "-f", "json"]);
    warnings = run.stderr;
    expect(run.status, run.stderr.slice(0, 2000)).toBe(0);
    return JSON.parse(run.stdout).rows;
  };

  beforeAll(async () => {
    target = await openTarget(sample("traced-after.core.xz"));
    const { words, types, amounts, baseline, ...row } = await answerSummary(target);
    const few = {
      ...row,
      words: { ...words, rows: words.rows.slice(0, 20) },
      types: types && { ...types, rows: types.rows.slice(0, 20) },
      amounts: amounts?.slice(0, 5) ?? null,
      baseline: baseline?.slice(0, 5) ?? null,
    };
    planted = await plantFleet(folder, HOSTS, few, seed);
    expect(planted.files).toBeGreaterThan(950);
  }, 300_000);
  afterAll(() => target.close());

  it("the hunt's: of all hosts that run a release, also of those that do not leak", async () => {
    const { words, types, ...row } = await answerSummary(target);
    const few = { ...row, words: { ...words, rows: [] }, types: types && { ...types, rows: [] } };
    const healthy = { ...few, diagnose: few.diagnose && { ...few.diagnose, rows: [] } };
    const own = scratch.path("since");
    for (const [host, release, kept] of [
      ["a", "4.9", healthy],
      ["b", "4.10", few],
      ["c", "4.10", healthy],
      ["d", "4.10", few],
    ] as const) {
      const path = join(own, `service=web/host=${host}/release=${release}`);
      mkdirSync(path, { recursive: true });
      const table = {
        name: "summary",
        columns: SUMMARY,
        input: { path },
        rows: [kept as unknown as JsonObject],
      };
      writeFileSync(join(path, "1.parquet"), await bytesOf(parquetTable(table, [])));
    }
    const since = readFileSync(new URL("../../samples/fleet/since.sql", import.meta.url), "utf8");
    const run = await coregram(["query", since, own]);
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout).toBe("downstream.profiler.Profiler.results  4.10  2  3\n");
  }, 60_000);

  it("are five", () => {
    expect([...questions.keys()]).toEqual([1, 2, 3, 4, 5]);
  });

  it("1: the owner that grows on most hosts; what is broken is left out, and said", async () => {
    const [first, second] = await ask(1);
    expect(first).toMatchObject({ key: planted.leak, hosts: planted.leakingHosts.length });
    expect(Number(second?.hosts ?? 0)).toBeLessThan(planted.leakingHosts.length / 2);
    for (const path of planted.damaged) expect(warnings).toContain(path.slice(folder.length));
  }, 60_000);

  it("2: the release that began it", async () => {
    const [first] = await ask(2);
    expect(first).toMatchObject({ key: planted.leak, release: planted.since });
  }, 60_000);

  it("3: the hosts that are unlike the others", async () => {
    expect((await ask(3)).map(({ host }) => host).sort()).toEqual(planted.outliers);
  }, 60_000);

  it("4: what all of them hold", async () => {
    const rows = await ask(4);
    expect(rows[0]).toMatchObject({ key: planted.common });
    expect(rows.map(({ key }) => key)).toEqual([planted.common, planted.leak]);
  }, 60_000);

  it("5: what is only in those that were killed", async () => {
    const rows = await ask(5);
    if (planted.killed > 4) expect(rows[0]).toMatchObject({ key: planted.fatal });
    expect(rows.map(({ key }) => key).filter((key) => key !== planted.fatal)).toEqual([]);
  }, 60_000);
});
