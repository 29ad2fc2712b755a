import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { constants, gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { checkPaths, requireCore } from "../../../src/commands/shell/input.ts";
import { coregram, distinctWords, Scratch, sample, shell, startCoregram, words } from "../program.ts";

const scratch = new Scratch();
const noise = words(distinctWords(20_000));
const zipped = gzipSync(noise);

describe("a compressed input", () => {
  it.each([
    ["cut in its header", zipped.subarray(0, 5), /^coregram: \S+: gzip data ends early at byte 5\n$/],
    [
      "overwritten",
      Buffer.concat([zipped.subarray(0, 50_000), Buffer.alloc(40_000, 0xa5)]),
      /^coregram: \S+: gzip data is corrupt [^\n]+\n$/,
    ],
    [
      "changed in its checksum",
      Buffer.concat([zipped.subarray(0, -8), Buffer.alloc(8)]),
      /^coregram: \S+: gzip data is corrupt [^\n]+\n$/,
    ],
  ])("that is %s is one line, exit 1 and no row", async (name, bytes, message) => {
    const path = scratch.put(`${name.replaceAll(" ", "-")}.gz`, bytes);
    const run = await coregram([path]);
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr).toMatch(message);
    const piped = await coregram(["-"], { input: bytes });
    expect(piped).toMatchObject({ status: 1, stdout: "" });
    expect(piped.stderr).toMatch(/^coregram: standard input: gzip [^\n]+\n$/);
  });

  it("that is cut is read as far as it goes, and refused by --strict", async () => {
    const cut = zipped.subarray(0, 50_000);
    const path = scratch.put("cut.gz", cut);
    const whole = gunzipSync(cut, { finishFlush: constants.Z_SYNC_FLUSH });
    const plain = await coregram([scratch.put("cut", whole), "--all"]);
    for (const run of [await coregram([path, "--all"]), await coregram(["-", "--all"], { input: cut })]) {
      expect(run).toMatchObject({ status: 0, stdout: plain.stdout });
      const bytes = whole.length.toLocaleString("en");
      expect(run.stderr).toMatch(
        new RegExp(
          `^coregram: [^\n]+: gzip data ends early at byte 50000: the ${bytes} bytes that came of it until then are read\n$`,
        ),
      );
    }
    const strict = await coregram([path, "--strict"]);
    expect(strict).toMatchObject({ status: 1, stdout: "" });
    expect(strict.stderr).toBe(`coregram: ${path}: gzip data ends early at byte 50000\n`);
  });

  it("that is a cut core says what it lacks, as a plain one does", async () => {
    const core = gunzipSync(readFileSync(sample("downstream-after.core.gz")));
    const bytes = core.subarray(0, 10_000_000);
    const path = scratch.put("core", bytes);
    const packed = scratch.put("core.gz", gzipSync(bytes).subarray(0, -100));
    const lacks = /^warning +core has [^\n]+ bytes and should have at least 21819680: [^\n]+$/m;
    for (const name of [path, packed]) {
      const info = await coregram(["info", name, "--check", "--no-modules"]);
      expect(info.status).toBe(1);
      expect(info.stdout).toMatch(lacks);
      expect(info.stdout.includes("gzip data ends early at byte")).toBe(name === packed);
      const strict = await coregram(["types", name, "--strict"]);
      expect(strict).toMatchObject({ status: 1, stdout: "" });
      expect(strict.stderr).toMatch(
        name === packed
          ? /gzip data ends early/
          : /x86-64 core was cut short: at least 11819680 bytes are missing\n$/,
      );
    }
  });

  it("that is small is held in memory without a word, and json says what it was", async () => {
    const env = { ...process.env, TMPDIR: scratch.path("nowhere") };
    const run = await coregram([scratch.put("core.gz", zipped), "-f", "json"], { env });
    expect(run.stderr).toBe("");
    expect(JSON.parse(run.stdout).input).toMatchObject({ bytes: 160_000, compression: "gzip" });
  });
});

describe("temporary files", () => {
  /** More than is held in memory. */
  const large = Buffer.concat(Array.from({ length: 10 }, () => noise));

  it("of 64 MiB and more are said, smaller ones are not", async () => {
    const zeros = (mebibytes: number) => shell(`head -c ${mebibytes}M /dev/zero | $CG -`);
    const [small, said] = [await zeros(63), await zeros(64)];
    expect(small).toMatchObject({ status: 0, stderr: "" });
    expect(said).toMatchObject({ status: 0, stdout: "8388608 0000000000000000\n" });
    expect(said.stderr).toMatch(/^coregram: 67,108,864 bytes spooled to a temporary file in \S+\n$/);
  });

  it("that cannot be made are one line, exit 1 and no row", async () => {
    for (const folder of [scratch.path("nowhere"), scratch.put("plain", "")]) {
      const run = await coregram(["-"], { input: large, env: { ...process.env, TMPDIR: folder } });
      expect(run).toMatchObject({ status: 1, stdout: "" });
      expect(run.stderr).toMatch(/^coregram: no temporary file in [^\n]+TMPDIR names another folder\n$/);
    }
  });

  it("that may not grow are one line, exit 1 and no row", async () => {
    const path = scratch.put("large", large);
    const run = await shell(`ulimit -f 8; cat "${path}" | $CG -`);
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr).toMatch(/^coregram: \S+ takes no larger file [^\n]+\n$/);
  });
});

describe("a file that changes while it is read", () => {
  // The size is known before the map is read, and the words are counted after it.
  async function runWhile(name: string, change: (path: string) => void) {
    const path = scratch.put(name, noise);
    const fifo = scratch.fifo(`${name}.fifo`);
    const running = startCoregram([path, "--all", "-s", fifo]);
    const map = await open(fifo, "w");
    change(path);
    await map.write("0000000000000001 one\n");
    await map.close();
    return running.ended;
  }

  it("and shrinks is one line, exit 1 and no row", async () => {
    for (const [name, bytes] of [
      ["half", 80_000],
      ["odd", 159_999],
      ["nothing", 0],
    ] as const) {
      const run = await runWhile(name, (path) => truncateSync(path, bytes));
      expect(run).toMatchObject({ status: 1, stdout: "" });
      expect(run.stderr).toMatch(
        /^coregram: \S+: became shorter while it was read: nothing at 0x[0-9a-f]+\n$/,
      );
    }
  });

  it("and grows is counted as it was", async () => {
    const run = await runWhile("grown", (path) => writeFileSync(path, noise, { flag: "a" }));
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout.match(/^ +1 /gm)?.length).toBe(20_000);
  });
});

describe("checkPaths", () => {
  it("refuses stdin for two inputs", () => {
    expect(() => checkPaths("-", ["-"], undefined)).toThrow(/can be only one/);
    expect(() => checkPaths("core", ["-", "-"], undefined)).toThrow(/can be only one/);
    expect(() => checkPaths("-", ["map"], undefined)).not.toThrow();
  });

  it("leaves it to the opening to say what cannot be looked at", () => {
    expect(() => checkPaths("\0", ["nowhere/map"], scratch.put("some", ""))).not.toThrow();
    expect(() => checkPaths("core", [], `${"n".repeat(300)}/rows`)).not.toThrow();
  });
});

describe("requireCore", () => {
  it("hints at gcore", () => {
    expect(() => requireCore("")).toThrow(/gcore PID/);
    expect(requireCore("-")).toBe("-");
  });

  it("is standard input where nobody names one and that is a file or a pipe with something in it", async () => {
    const file = scratch.put("words", words([1n, 1n]));
    const rows = "      2 0000000000000001\n";
    for (const line of [`$CG < ${file}`, `cat ${file} | $CG`, `$CG -n1 < ${file}`])
      expect(await shell(line), line).toMatchObject({ status: 0, stdout: rows, stderr: "" });
    const empty = scratch.put("empty", "");
    for (const line of [`$CG < ${empty}`, "true | $CG", "$CG < /dev/null", "$CG <&-"]) {
      const run = await shell(line);
      expect(run, line).toMatchObject({ status: 2, stdout: "" });
      expect(run.stderr, line).toMatch(/^coregram: no CORE given: /);
    }
    const types = await shell(`$CG types -qn1 < ${sample("downstream-after.core.gz")}`);
    expect(types).toMatchObject({ status: 0, stdout: expect.stringMatching(/builtins\.tuple\n$/) });
    const verdict = await shell(`$CG diagnose -q < ${sample("downstream-after.core.gz")}`);
    expect(verdict.stdout).toMatch(/\nnext: coregram owners CORE --of /);
  });
});
