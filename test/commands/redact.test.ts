import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerContainers } from "../../src/answers/containers.ts";
import { answerDiagnose } from "../../src/answers/diagnose.ts";
import { answerDiff } from "../../src/answers/diff.ts";
import { answerGenerators } from "../../src/answers/generators.ts";
import { answerHolders } from "../../src/answers/holders.ts";
import { answerInfo } from "../../src/answers/info.ts";
import { answerOwners } from "../../src/answers/owners.ts";
import { Redactor } from "../../src/answers/redact.ts";
import type { Result, SchemaName } from "../../src/answers/results/index.ts";
import { answerStacks } from "../../src/answers/stacks.ts";
import { answerTasks } from "../../src/answers/tasks.ts";
import { answerTraces } from "../../src/answers/traces.ts";
import { answerTypes } from "../../src/answers/types.ts";
import { answerWhatis } from "../../src/answers/whatis.ts";
import { openTarget, type Target } from "../../src/image/index.ts";
import { FORMATS, render } from "../../src/views/index.ts";
import { findPythons } from "../runtimes/pythons.ts";
import { pathOf } from "../runtimes/read-core.ts";
import { DUCKDB } from "../views/duckdb.ts";
import { checkFrame } from "../views/frame-check.ts";
import { bytesOf, readParquet } from "../views/parquet-file.ts";
import { coregram, Scratch, start, until } from "./program.ts";

const PYTHON = findPythons().at(-1);
const scratch = new Scratch();
/** Every name and value of the program's own has this in it, and nothing else does: no hash has, either. */
const MARK = "zq";
const NUMBER = "7305918264";
const LEDGER = `
class ZqLedger:
    zqentries = {}

    @classmethod
    def zqopen(cls, zqaccount):
        for zqn in range(1000):
            cls.zqentries["%s-%d" % (zqaccount, zqn)] = [zqaccount] * 5
`;

/** What of a text is not to be told, also where it is written in another way. */
function leaksIn(text: string, secrets: readonly string[]): string[] {
  const forms = secrets.flatMap((secret) => {
    const bytes = Buffer.from(secret);
    // Of base64 the middle: what stands beside it changes its ends.
    const coded = [0, 1, 2].map((shift) => bytes.subarray(shift).toString("base64").slice(0, -4));
    const hex = bytes.subarray(0, 8).toString("hex");
    const word = Buffer.from(bytes.subarray(0, 8)).reverse().toString("hex");
    return [...coded, ...(bytes.length >= 8 ? [hex, word] : [])].filter((form) => form.length >= 12);
  });
  const lower = text.toLowerCase();
  const around = (at: number) => JSON.stringify(text.slice(Math.max(0, at - 60), at + 40));
  return [
    ...[...lower.matchAll(/zq|\\u007a\\u0071|&#122;/g)].slice(0, 3).map(({ index }) => around(index)),
    ...[NUMBER, "7,305,918,264", "1234.5678", ...forms].filter((form) => text.includes(form)),
  ];
}

/** All that a Parquet file says. */
async function parquetText(bytes: Uint8Array): Promise<string> {
  const { rows, metadata } = await readParquet(bytes);
  return JSON.stringify([rows, metadata], (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
}

let home = "";
let core = "";
let key = "";
let pid = 0;
let secrets: string[] = [];

beforeAll(async () => {
  if (PYTHON === undefined) return;
  home = scratch.sub("zqhome");
  mkdirSync(join(home, "zqshop"));
  copyFileSync(pathOf("programs/secrets.py"), join(home, "zqservice.py"));
  writeFileSync(join(home, "zqshop/__init__.py"), "");
  writeFileSync(join(home, "zqshop/zqledger.py"), LEDGER);
  key = scratch.put("zqkey", "a key of this test alone");
  const truth = join(home, "zqtruth.json");
  const running = start(PYTHON, ["-B", join(home, "zqservice.py"), truth, "--zqflag=zqargument"], {
    cwd: home,
    env: { PATH: process.env.PATH ?? "", ZQ_TOKEN: "zqenvironment" },
  });
  afterAll(() => running.kill("SIGKILL"));
  pid = running.pid;
  let said = "";
  running.stdout.on("data", (text: string) => {
    said += text;
  });
  await until(() => said.includes("ready"));
  secrets = [...JSON.parse(readFileSync(truth, "utf8")), "zqenvironment", "zqargument"];
  const made = spawnSync("gcore", ["-o", join(home, "zqcore"), String(pid)], { stdio: "ignore" });
  if (made.status === 0 && existsSync(join(home, `zqcore.${pid}`))) core = join(home, `zqcore.${pid}`);
}, 120_000);

describe.skipIf(PYTHON === undefined)("--redact", () => {
  /** stdout and stderr of a run; its status is one of those. */
  async function said(args: readonly string[], ...statuses: readonly number[]): Promise<string> {
    const { status, stdout, stderr } = await coregram(args, { cwd: home });
    expect(statuses.length === 0 ? [0] : statuses, `${args.join(" ")}: ${stderr}`).toContain(status);
    expect(leaksIn(stdout + stderr, secrets), args.join(" ")).toEqual([]);
    return stdout + stderr;
  }

  it("tells no secret of a core, whatever is asked", { timeout: 600_000 }, async (context) => {
    if (core === "") return context.skip("gcore may not attach here");
    const shown = await said([core, "-n", "300", "--redact", "-f", "table"]);
    expect(shown).toContain("PyUnicode_Type");
    // The words that are no addresses are in no row.
    expect(shown).not.toMatch(/\b0000000000000000\b/);
    expect(await said(["types", core, "--all", "--redact", "-f", "csv"])).toContain(
      "collections.OrderedDict",
    );
    await said(["owners", core, "--tree", "--all", "--lines", "--redact", "-f", "ndjson"]);
    await said(["owners", core, "--of", "__main__.ZqSession.zqsessions", "--redact", "-f", "dot"]);
    await said(["owners", core, "--redact", "-f", "flamegraph"]);
    await said(["owners", core, "--suspects", "--redact", "-f", "plain"]);
    const { totals } = JSON.parse(await said(["diagnose", core, "-q", "--redact", "-f", "json"]));
    expect(totals.command).toBeNull();
    expect(await said(["stacks", core, "--locals", "--redact", "-f", "table"])).toContain("Thread.run");
    await said(["stacks", core, "--redact", "-f", "pyspy"]);
    await said(["stacks", core, "--tasks", "--redact", "-f", "tsv"]);
    await said(["traces", core, "--by", "traceback", "--all", "--redact", "-f", "tracemalloc"]);
    await said(["info", core, "--values", "--objects", "--redact", "-f", "json"]);
    expect(await said(["info", core, "--objects", "--redact"])).toMatch(/^files {5}\d+ open/m);
    await said([
      "whatis",
      core,
      "__main__.zqlast_error",
      "__main__.zqglobal_table",
      "--redact",
      "-f",
      "json",
    ]);
    await said(["stacks", core, "--generators", "--redact", "-f", "csv"]);
    const folder = scratch.path("tables");
    await said(["export", core, folder, "--redact"]);
    for (const name of readdirSync(folder))
      expect(leaksIn(await parquetText(readFileSync(join(folder, name))), secrets), name).toEqual([]);
    await said(["export", core, "--heapsnapshot", scratch.path("heapsnapshot"), "--redact"]);
    const snapshot = readFileSync(scratch.path("heapsnapshot"), "utf8");
    expect(leaksIn(snapshot, secrets)).toEqual([]);
    // Classes of libraries keep their names, and what a viewer retains is what is told without.
    expect(snapshot).toContain('"collections.OrderedDict"');
    expect(snapshot).toMatch(/"__main__\.Name_[0-9a-f]{8}"/);
    await said(["export", core, "--pprof", scratch.path("pprof"), "--redact"]);
    const profile = gunzipSync(readFileSync(scratch.path("pprof"))).toString("latin1");
    expect(leaksIn(profile, secrets)).toEqual([]);
    expect(profile).toMatch(/Name_[0-9a-f]{8}/);
    await said(["symbols", core, "--redact"], 0, 1);
    await said(["symbols", core, "--gdb", "-n", "100", "--redact"]);
    const page = await said(["report", core, "--redact"]);
    expect(page).toContain("Redacted.");
    expect(page).toContain("collections.OrderedDict");
    // The other way round: without it, the same core tells them.
    const { stdout } = await coregram(["types", core, "--all"]);
    expect(leaksIn(stdout, secrets)).not.toEqual([]);
  });

  it.skipIf(DUCKDB === null)("tells none in what is asked in SQL", { timeout: 120_000 }, async (context) => {
    if (core === "") return context.skip("gcore may not attach here");
    const query = (sql: string, ...more: string[]) => ["query", sql, ...more, "--redact"];
    const owners = "select owner, type, sum(bytes) from objects group by 1, 2 order by 3 desc";
    expect(await said(query(owners, core, "-f", "csv"))).toMatch(/__main__\.Name_[0-9a-f]{8}/);
    const asked = "select * from \"references\", cores where name like '%zq%'";
    const { input, redacted } = JSON.parse(await said(query(asked, core, "-q", "-f", "json")));
    expect([input.sql, redacted.key]).toEqual([null, expect.stringMatching(/^[0-9a-f]{8}$/)]);
    await said(query("select * from strings", core, "--values"), 2);
    await said(query("select word from words", core), 2);
    const folder = scratch.path("plain");
    await coregram(["export", core, folder, "-q", "--table", "types"]);
    expect(await said(query("select * from types", folder), 2)).toContain("export --redact");
  });

  it("tells none in what is wrong", { timeout: 120_000 }, async (context) => {
    if (core === "") return context.skip("gcore may not attach here");
    const file = join(home, "zqmissing");
    await said(["types", file, "--redact"], 1);
    await said(["owners", core, "--type", "zqnotype", "--redact"], 1);
    await said(["owners", core, "--of", "__main__.zqglobal_table.zqno['zq key']", "--redact"], 1);
    await said(["--redact", "--zqoption"], 2);
    await said(["zqcommand", file, "--redact"], 1, 2);
    await said(["types", core, "--sort", "zqsort", "--redact"], 2);
    await said(["types", core, "--redact-key", file], 1);
    await said(["types", core, "--redact", "--sysroot", file], 1);
    await said([core, "--redact", "-s", file], 1);
    await said(["info", join(home, "zqtruth.json"), "--redact"]);
    await said(["types", join(home, "zqtruth.json"), "--redact"], 1);
  });

  it("refuses what there would be nothing left of", async () => {
    const refusals = [
      await said(["types", core, "--strings", "--redact"], 2),
      await said(["dump", "1", "-o", "x", "--redact"], 2),
      await said(["watch", "1", "--when", "rss>1G", "--dump", "--redact"], 2),
      await said(["types", core, "--redact-key", scratch.put("short", "short")], 2),
      await said(["export", core, "--heapsnapshot", scratch.path("texts"), "--values", "--redact"], 2),
    ];
    expect(refusals.filter((text) => /takes no --redact|and a key 16/.test(text))).toHaveLength(5);
  });

  it("names the same by the same under one key, and else by others", {
    timeout: 120_000,
  }, async (context) => {
    if (core === "") return context.skip("gcore may not attach here");
    const owners = (...more: string[]) => said(["owners", core, "-f", "json", "-q", ...more]);
    const one = await owners("--redact-key", key);
    expect(await owners("--redact-key", key)).toBe(one);
    const standIns = (text: string) => new Set(text.match(/_[0-9a-f]{8}\b/g));
    const other = standIns(await owners("--redact"));
    expect(standIns(one).size).toBeGreaterThan(5);
    expect([...standIns(one)].filter((hash) => other.has(hash))).toEqual([]);
    expect(JSON.parse(one).redacted.key).toMatch(/^[0-9a-f]{8}$/);
    // Where the class of a suspect is, is in all answers the same.
    const { path } = JSON.parse(one).rows.find((row: { path: string }) => /^__main__\.Name_/.test(row.path));
    const types = await said(["types", core, "--all", "--redact-key", key]);
    expect(types).toContain(path.split(".").slice(0, 2).join("."));
  });

  it("tells none of a living process", { timeout: 120_000 }, async () => {
    const text = await said(["watch", String(pid), "--count", "1", "--redact"]);
    const frame = JSON.parse(text.split("\n").find((line) => line.startsWith("{")) ?? "");
    expect(checkFrame(frame)).toEqual([]);
    expect(frame.rows.map(({ type }: { type: string }) => type)).toContain("builtins.str");
  });
});

describe.skipIf(PYTHON === undefined)("a redactor", () => {
  /** Each result of a core, as the library has it. */
  async function* results(target: Target, told: (text: string) => void): AsyncGenerator<Result<SchemaName>> {
    const all = { limit: Number.POSITIVE_INFINITY };
    const listener = (event: { readonly kind: string }) => {
      if ("text" in event) told(String(event.text));
    };
    yield await answerInfo(target);
    yield await answerStacks(target, { locals: true, unfold: true }, listener);
    yield await answerTasks(target, {}, listener);
    yield await answerGenerators(target, {}, listener);
    for (const by of ["line", "file", "traceback", "type", "owner"] as const)
      yield await answerTraces(target, { ...all, by }, listener);
    yield await answerTypes(target, { ...all, lines: true }, listener);
    yield await answerContainers(target, all, listener);
    yield await answerOwners(
      target,
      { ...all, unfold: true, holds: 5, lines: true, suspects: true },
      listener,
    );
    yield await answerHolders(target, "__main__.ZqSession", all, listener);
    yield await answerDiagnose([target], {}, listener);
    yield await answerWhatis(target, ["__main__.zqlast_error", "__main__.zqthread"], {}, listener);
    for (const by of ["type", "owner", "word", "line", "traceback"] as const)
      yield (await answerDiff([target, target], { ...all, by }, listener)) as Result<SchemaName>;
  }

  it("leaves no secret in any result in any format", { timeout: 600_000 }, async (context) => {
    if (core === "") return context.skip("gcore may not attach here");
    const target = await openTarget(core);
    const redactor = new Redactor(Buffer.from("a key of this test alone"));
    await redactor.know(target, {});
    const found: string[] = [];
    const told: string[] = [];
    const schemas = new Set<string>();
    for await (const result of results(target, (text) => told.push(redactor.prose(text)))) {
      schemas.add(result.schema);
      const redacted = redactor.frame({ ...result, rows: [...result.rows] });
      expect(checkFrame(JSON.parse(JSON.stringify(redacted))), result.schema).toEqual([]);
      for (const format of FORMATS) {
        const bytes = await bytesOf(render(format, redacted));
        const text = format.isBinary ? await parquetText(bytes) : bytes.toString();
        for (const leak of leaksIn(text, secrets)) found.push(`${result.schema} ${format.name}: ${leak}`);
      }
    }
    expect(found).toEqual([]);
    expect(leaksIn(told.join("\n"), secrets)).toEqual([]);
    expect(schemas.size).toBe(12);
    target.close();
  });
});

it("marks secrets by what no stand-in has", () => {
  expect(leaksIn(`a${MARK}b`, [])).toHaveLength(1);
  expect(leaksIn(Buffer.from("zqpassword-hunter2").toString("base64"), ["zqpassword-hunter2"])).toHaveLength(
    1,
  );
  expect(leaksIn("name_0123abcd", ["zqpassword"])).toEqual([]);
});
