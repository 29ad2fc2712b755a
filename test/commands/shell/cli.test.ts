import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { nameOf } from "../../../src/commands/shell/command.ts";
import { COMMANDS } from "../../../src/commands/shell/commands.ts";
import { DUCKDB } from "../../views/duckdb.ts";
import { BIN, coregram, Scratch, sample, shell, words } from "../program.ts";

const scratch = new Scratch();
const core = scratch.put("core", words([1n, 2n, 1n]));

/** However it was wrapped. */
const inOneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

describe("--help", () => {
  it("teaches on standard output, with exit 0", async () => {
    const [long, short] = await Promise.all([coregram(["--help"]), coregram([core, "-h"])]);
    expect(long).toMatchObject({ status: 0, stderr: "" });
    expect(short).toEqual(long);
    for (const word of [
      "--top",
      "--symbols",
      "--format",
      "ndjson",
      "gcore PID",
      "Examples:",
      "Exit status: 0 done",
    ])
      expect(long.stdout).toContain(word);
    // Types of a library are nothing to a user.
    expect(long.stdout).not.toMatch(/\[(string|array|boolean)\]/);
    expect(long.stdout.split("\n").every((line) => line.length <= 100)).toBe(true);
  });

  it("of the default is there by its name, and so is the default itself", async () => {
    const [named, unnamed] = await Promise.all([coregram(["words", core]), coregram([core])]);
    expect(named).toEqual(unnamed);
    expect((await coregram(["words", "--help"])).stdout).toContain("--min-count");
    expect((await coregram(["words", core, "x"])).stderr).toMatch(
      /^coregram: words takes one CORE, and x is one too many\n/,
    );
  });

  it("may be cut short", async () => {
    expect(await shell("set -o pipefail; $CG --help | head -1")).toMatchObject({
      status: 0,
      stderr: "",
    });
  });

  it("of a command is the same by help, and ends with what its rows are", async () => {
    for (const command of COMMANDS) {
      const name = nameOf(command);
      const [asked, said] = await Promise.all([
        coregram([...(name === null ? [] : [name]), "--help"]),
        coregram(["help", ...(name === null ? [] : [name])]),
      ]);
      expect(said).toEqual(asked);
      expect(asked).toMatchObject({ status: 0, stderr: "" });
      expect(inOneLine(asked.stdout).endsWith(inOneLine(command.rows))).toBe(true);
      expect(asked.stdout).not.toContain("$0");
      const text = Buffer.from(asked.stdout, "latin1").toString("utf8");
      expect(inOneLine(text).startsWith(`usage: coregram ${command.usage} `)).toBe(true);
      // No option stands among those that all commands have.
      expect(/\nOptions:\n((?: .*\n)+)/.exec(asked.stdout)?.[1]?.match(/--\w+/g)).toEqual([
        "--version",
        "--help",
      ]);
      expect(asked.stdout).not.toContain("[default: []]");
    }
  });
});

/** The example with cores of a process that traced, where it is about that. */
function onTraced(example: string): string {
  if (!/ traces | --by line/.test(example)) return example;
  return example
    .replace("core.25867", "traced-after.core")
    .replace(/before\.core after\.core/, "traced-before.core traced-after.core");
}

/** The example with a process that is there and no time to wait for it, on this machine, and without writing over the sample. */
function onProcess(example: string, pid = 0): string {
  if (!/--pid |dump |watch |catch -o/.test(example)) return example;
  return example
    .replace("ssh HOST ", "")
    .replace("core.25867", "dumped.core")
    .replace(/watch \d+/, "$& --count 1")
    .replaceAll("25867", String(pid))
    .replace(/--wait \d+s/, "--wait 1s");
}

/** Sleeps, and lets any process look at it: prctl(2), PR_SET_PTRACER. */
const ASLEEP = `
import ctypes, time
ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)
print("ready", flush=True)
time.sleep(600)
`;

describe("examples of the help", () => {
  const folder = scratch.sub("examples");
  beforeAll(() => {
    const [before, after] = ["before", "after"].map((when) =>
      gunzipSync(readFileSync(sample(`downstream-${when}.core.gz`))),
    );
    const files = { "before.core": before, "after.core": after, "core.25867": after, "heap.bin": after };
    for (const [name, bytes] of Object.entries(files)) scratch.put(`examples/${name}`, bytes ?? "");
    // What it is, is told by how it starts.
    scratch.put("examples/core.25867.zst", after ?? "");
    for (const when of ["before", "after"])
      copyFileSync(sample(`traced-${when}.core.xz`), join(folder, `traced-${when}.core`));
    copyFileSync(sample("python3.11.syms.txt"), join(folder, "syms.txt"));
    mkdirSync(join(folder, "parts"));
    execFileSync(process.execPath, [BIN, "words", "core.25867", "--part", "1/1", "-o", "parts/1.parquet"], {
      cwd: folder,
    });
  });

  it.for(COMMANDS.map((command) => [nameOf(command) ?? "words", command] as const))(
    "of %s run on the sample, or on a living process",
    async ([named, { examples }], { skip }) => {
      expect(examples.length).toBeGreaterThan(0);
      // It says what is missing: test/commands/query.test.ts.
      skip(named === "query" && DUCKDB === null, "DuckDB is not there");
      const alive = spawn("python3", ["-c", ASLEEP], { stdio: ["ignore", "pipe", "inherit"] });
      onTestFinished(() => {
        alive.kill("SIGKILL");
      });
      await once(alive.stdout, "data");
      for (const [example] of examples) {
        const { status, stdout, stderr } = await shell(
          `set -o pipefail; ${onProcess(onTraced(example), alive.pid).replaceAll("$0", "$CG")}`,
          {
            cwd: folder,
          },
        );
        // 3: what --fail-on names holds.
        expect([0, ...(example.includes("--fail-on") ? [3] : [])], `${example}: ${stderr}`).toContain(status);
        // A process that sleeps does not grow.
        expect(/ > | -o | --wait /.test(example) || stdout !== "", example).toBe(true);
      }
    },
  );
});

describe("--version", () => {
  it("is that of the package", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
    const runs = await Promise.all([
      coregram(["--version"]),
      coregram(["-V"]),
      coregram(["version"]),
      coregram([core, "--version"]),
    ]);
    for (const run of runs)
      expect(run).toEqual({ status: 0, signal: null, stdout: `${version}\n`, stderr: "" });
  });
});

describe("names", () => {
  const map = scratch.put("map", "0000000000000001 one\n0000000000000002 two\n");
  const other = scratch.put("other", "0000000000000001 uno\n0000000000000005 cinque\n");
  const file = scratch.put("five", words([1n, 1n, 1n, 9n, 9n, 2n, 6n, 5n]));
  const named = async (...args: string[]) =>
    (await coregram([file, ...args])).stdout.replaceAll(/^ +/gm, "").split("\n").slice(0, -1);

  it("of the first map that knows a word are taken", async () => {
    expect(await named("-s", map, "-s", other)).toEqual([
      "3 0000000000000001  one",
      "2 0000000000000009",
      "1 0000000000000006",
      "1 0000000000000005  cinque",
      "1 0000000000000002  two",
    ]);
    expect((await named("-s", other, "-s", map)).at(0)).toBe("3 0000000000000001  uno");
  });

  it("filter before the limit with --resolved", async () => {
    expect(await named("-s", map, "-s", other, "--resolved", "-n", "2")).toEqual([
      "3 0000000000000001  one",
      "1 0000000000000005  cinque",
    ]);
    expect(await named("-s", map, "--resolved", "--min-count", "2")).toEqual(["3 0000000000000001  one"]);
    expect(await named("-s", map, "--resolved", "--all")).toEqual([
      "3 0000000000000001  one",
      "1 0000000000000002  two",
    ]);
  });

  it("reach past a symbol of unknown size only with --nearest", async () => {
    expect((await named("-s", map, "--nearest", "--all")).slice(1)).toEqual([
      "2 0000000000000009  two+0x7",
      "1 0000000000000006  two+0x4",
      "1 0000000000000005  two+0x3",
      "1 0000000000000002  two",
    ]);
  });

  it("stay away with --no-names, and maps are not even opened", async () => {
    expect(await named("-s", map, "--no-names", "-n1")).toEqual(["3 0000000000000001"]);
    expect(await coregram([file, "-s", "nowhere", "--no-names"])).toMatchObject({
      status: 0,
      stderr: "coregram: --no-names: the files of --symbols are not read\n",
    });
  });

  it("that a map has lines without are said to be so, once", async () => {
    const odd = scratch.put(
      "odd",
      "0000000000000001 one\nwhat is this\n0000000000000002 two\nand this?\n0000000000000003 three\n",
    );
    const run = await coregram([file, "-s", odd, "-n1"]);
    expect(run).toMatchObject({ status: 0, stdout: "      3 0000000000000001  one\n" });
    expect(run.stderr).toMatch(
      /^coregram: warning: symbol map \S+: 2 lines were not understood, the first is line 2\n$/,
    );
    expect((await coregram([file, "-s", odd, "-qn1"])).stderr).toBe("");
  });

  it("that would steer a terminal reach it as text, in every format", async () => {
    const hostile = scratch.put(
      "hostile",
      "0000000000000001 \x1b[31mred\x07\n0000000000000002 a\u202eb \u009b31m\n",
    );
    for (const args of [["--all"], ["-n9"], ["-ftable"], ["-fcsv"], ["-ftsv"], ["-fjson"], ["-fndjson"]]) {
      const run = await coregram([file, "-s", hostile, ...args]);
      expect(run).toMatchObject({ status: 0, stderr: "" });
      const text = Buffer.from(run.stdout, "latin1").toString("utf8");
      expect(text).toContain("[31mred");
      expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
    }
  });
});
