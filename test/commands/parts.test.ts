import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { readParquet } from "../views/parquet-file.ts";
import { coregram, distinctWords, Scratch, sample, shell, startCoregram, until, words } from "./program.ts";

const scratch = new Scratch();
const core = scratch.path("after.core");
const PARTS = 3;
const parts = Array.from({ length: PARTS }, (_, index) => scratch.path(`${index + 1}.parquet`));
const symbols = sample("python3.11.syms.txt");

beforeAll(async () => {
  scratch.put("after.core", gunzipSync(readFileSync(sample("downstream-after.core.gz"))));
  for (const [index, path] of parts.entries()) {
    const run = await coregram(["words", core, "--part", `${index + 1}/${PARTS}`, "-o", path]);
    expect(run).toEqual({ status: 0, signal: null, stdout: "", stderr: "" });
  }
});

describe("coregram merge PART...", () => {
  it.each([
    [],
    ["--top", "25", "--symbols", symbols],
    ["--all"],
    ["--all", "--resolved", "--symbols", symbols],
    ["--min-count", "200", "--format", "csv"],
    ["--format", "json", "--top", "12"],
    ["--format", "json", "--all", "--min-count", "5000"],
    ["--format", "table", "--no-names"],
    ["--format", "ndjson", "--no-modules", "--min-count", "4000"],
    ["--format", "parquet", "--top", "50"],
    ["--all", "--memory", "32M"],
  ])("prints what one run prints, byte for byte: %j %j %j %j", async (...options) => {
    const whole = await coregram([core, ...options]);
    expect(whole).toMatchObject({ status: 0 });
    expect(await coregram(["merge", ...parts, ...options])).toEqual(whole);
  });

  it("names nothing where the core is not, and says so; --core says where it is", async () => {
    const moved = scratch.path("moved.core");
    const { stdout } = await shell(`cp ${core} ${moved} && $CG ${moved} --top 30 --format json`);
    const away = [];
    for (let part = 1; part <= 2; part += 1) {
      away.push(scratch.path(`away-${part}.parquet`));
      await coregram(["words", moved, "--part", `${part}/2`, "-o", away.at(-1) ?? ""]);
    }
    await shell(`mv ${moved} ${moved}.elsewhere`);
    const without = await coregram(["merge", ...away, "--top", "30", "--format", "json"]);
    expect(without.stderr).toMatch(
      /moved\.core is not here: words have no names .*--core CORE says where it is\n$/,
    );
    const [named, unnamed] = [JSON.parse(stdout), JSON.parse(without.stdout)];
    // By its module's symbols where that is on this machine, else by the core's own types.
    expect(named.rows.some((row: Record<string, unknown>) => row.symbol ?? row.type)).toBe(true);
    expect(unnamed).toEqual({
      ...named,
      rows: named.rows.map((row: object) => ({ ...row, symbol: null, type: null })),
    });
    const there = await coregram([
      "merge",
      ...away,
      "--core",
      `${moved}.elsewhere`,
      "--top",
      "30",
      "-f",
      "json",
    ]);
    expect(JSON.parse(there.stdout).rows).toEqual(named.rows);
    const other = await coregram(["merge", ...away, "--core", symbols]);
    expect(other).toMatchObject({ status: 1, stdout: "" });
    expect(other.stderr).toMatch(
      /syms\.txt is not what the parts are of: that was .*moved\.core of 21819680 bytes/,
    );
    // What stands where it was is another by now.
    await shell(
      `cp ${core} ${moved} && printf x | dd of=${moved} bs=1 seek=20000000 conv=notrunc status=none && truncate -s -8 ${moved}`,
    );
    expect((await coregram(["merge", ...away])).stderr).toMatch(/is not what the parts are of, or changed/);
  });

  it.each([
    [["merge"], 2, /^coregram: no PART given/],
    [
      ["merge", parts[0] ?? "", parts[2] ?? ""],
      1,
      /^coregram: part 2 of 3 is missing: coregram words \S+ --part 2\/3 -o FILE makes it$/,
    ],
    [["merge", ...parts, "--redact"], 2, /words cannot be redacted/],
    [["merge", ...parts, "-o", parts[0] ?? ""], 2, /is an input, and would be lost/],
    [["words", core, "--part", "0/3"], 2, /--part takes K\/N/],
    [["words", core, "--part", "1/5000"], 2, /N up to 4096, not "1\/5000"/],
    [["words", core, "--part", "3"], 2, /--part takes K\/N/],
    [["words", core, "--part", "1/3", "--top", "3"], 2, /--part and --top exclude each other/],
    [["words", core, "--part", "1/3", "--min-count", "3"], 2, /--part and --min-count exclude each other/],
    [["words", core, "--part", "1/3", "--resolved"], 2, /--part and --resolved exclude each other/],
    [
      ["words", core, "--part", "1/3", "--format", "csv"],
      2,
      /--part is written as Parquet alone: --format csv/,
    ],
    [["words", core, "--part", "1/3", "--redact"], 2, /words cannot be redacted: --part takes no --redact/],
    [["words", "--pid", "1", "--part", "1/3"], 2, /exclude each other/],
  ] as const)("%j is refused", async (args, status, message) => {
    const run = await coregram(args);
    expect(run).toMatchObject({ status, stdout: "" });
    expect(run.stderr.split("\n")[0]).toMatch(message);
  });
});

describe("coregram words CORE --part", () => {
  it("takes a compressed core, and says that it was decompressed", async () => {
    const path = scratch.path("of-gzip.parquet");
    const run = await coregram(["words", sample("downstream-after.core.gz"), "--part", "1/1", "-o", path]);
    expect(run.stderr).toMatch(/was decompressed for this part, 21,819,680 bytes/);
    const whole = await coregram([sample("downstream-after.core.gz"), "--all"]);
    expect((await coregram(["merge", path, "--all"])).stdout).toBe(whole.stdout);
  });

  it("reads a raw file at its base, and standard input", async () => {
    const raw = scratch.put("raw", words(distinctWords(1000)));
    const made = scratch.path("raw.parquet");
    await coregram(["words", raw, "--base", "0x1004", "--scope", "memory", "--part", "1/1", "-o", made]);
    const whole = await coregram([raw, "--base", "0x1004", "--scope", "memory", "--all"]);
    expect((await coregram(["merge", made, "--all"])).stdout).toBe(whole.stdout);
    const piped = await shell(`cat ${raw} | $CG - --part 1/1 > ${made} && $CG merge ${made} --all`);
    expect(piped.stderr).toMatch(/came from standard input: words have no names/);
    expect(piped.stdout).toBe((await coregram([raw, "--all"])).stdout);
  });

  it("that is killed in the middle leaves no file that can be seen", async () => {
    const folder = scratch.sub("killed");
    const large = scratch.put("large", words(distinctWords(2 ** 21)));
    const output = `${folder}/part.parquet`;
    const running = startCoregram(["words", large, "--part", "1/1", "-o", output]);
    // The temporary file is there, and part of it written.
    await until(() => readdirSync(folder).some((name) => statSync(`${folder}/${name}`).size > 0));
    running.kill("SIGKILL");
    expect((await running.ended).signal).toBe("SIGKILL");
    expect(existsSync(output)).toBe(false);
    expect((await shell(`cd ${folder} && ls`)).stdout).toBe("");
    // The same again makes it.
    expect((await coregram(["words", large, "--part", "1/1", "-o", output])).status).toBe(0);
    expect((await readParquet(readFileSync(output))).rows.length).toBe(2 ** 21);
  });

  it.skipIf(process.getuid?.() !== 0)("on a disk that is full leaves what was there", async () => {
    const folder = scratch.sub("full");
    const large = scratch.put("larger", words(distinctWords(2 ** 19)));
    const run = await shell(
      `unshare --mount bash -c 'mount -t tmpfs -o size=1m none ${folder} && echo old > ${folder}/part && ` +
        `$CG words ${large} --part 1/1 -o ${folder}/part; echo $?; cat ${folder}/part; ls -A ${folder}'`,
    );
    if (/unshare|mount:/.test(run.stderr)) return; // no rights to mount here
    expect(run.stdout).toBe("1\nold\npart\n");
    expect(run.stderr).toMatch(/cannot be written: no space left on device/);
  });

  it("written by two at once is one whole file", async () => {
    const output = scratch.path("both.parquet");
    const args = ["words", core, "--part", "2/3", "-o", output];
    const runs = await Promise.all([coregram(args), coregram(args), coregram(args)]);
    expect(runs.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(readFileSync(output).equals(readFileSync(parts[1] ?? ""))).toBe(true);
    expect(readdirSync(scratch.folder).filter((name) => name.startsWith(".coregram-"))).toEqual([]);
  });
});
