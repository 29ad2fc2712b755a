import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import {
  coregram,
  distinctWords,
  hasSpool,
  Scratch,
  shell,
  startCoregram,
  until,
  words,
} from "../program.ts";

const scratch = new Scratch();
const core = scratch.put("core", words([1n, 2n, 1n]));
const ROWS = "      2 0000000000000001\n      1 0000000000000002\n";
/** More rows than a pipe holds. */
const big = scratch.put("big", words(distinctWords(30_000)));

describe("--output", () => {
  it("writes the answer, and nothing else, anywhere", async () => {
    const folder = scratch.sub("answers");
    expect(await coregram([core, "-o", `${folder}/rows`])).toEqual({
      status: 0,
      signal: null,
      stdout: "",
      stderr: "",
    });
    expect(readFileSync(`${folder}/rows`, "latin1")).toBe(ROWS);
    expect(readdirSync(folder)).toEqual(["rows"]);
  });

  it("replaces a file, and keeps its permissions", async () => {
    const path = scratch.put("old", "old");
    chmodSync(path, 0o640);
    await coregram([core, "--output", path]);
    expect(readFileSync(path, "latin1")).toBe(ROWS);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it("leaves the old file where the answer cannot be had", async () => {
    const folder = scratch.sub("kept");
    const path = scratch.put("kept/rows", "old");
    for (const args of [["nothing"], [core, "-s", "nothing"]])
      expect(await coregram([...args, "-o", path])).toMatchObject({ status: 1 });
    expect(readFileSync(path, "latin1")).toBe("old");
    expect(readdirSync(folder)).toEqual(["rows"]);
  });

  it("is standard output where it is - or /dev/stdout", async () => {
    for (const path of ["-", "/dev/stdout"])
      expect(await coregram([core, "-o", path], { cwd: scratch.sub("empty") })).toMatchObject({
        status: 0,
        stdout: ROWS,
      });
    expect(readdirSync(scratch.sub("empty"))).toEqual([]);
  });

  it("is never an input, by whatever name", async () => {
    const map = scratch.put("map", "0000000000000001 one\n");
    symlinkSync("core", scratch.path("link"));
    const cases = [
      [core, "-o", core],
      [core, "-o", `${scratch.folder}/../${basename(scratch.folder)}/core`],
      [core, "-o", scratch.path("link")],
      [scratch.path("link"), "-o", core],
      [core, "-s", map, "-o", map],
    ];
    for (const args of cases) {
      const run = await coregram(args);
      expect(run).toMatchObject({ status: 2, stdout: "" });
      expect(run.stderr).toContain("is an input, and would be lost\n");
    }
    expect(await shell(`$CG - -o "${core}" < "${core}"`)).toMatchObject({ status: 2, stdout: "" });
    expect(readFileSync(core).length).toBe(24);
  });

  it("that cannot be written is one line and exit 1", async () => {
    mkdirSync(scratch.path("folder"));
    symlinkSync("loop", scratch.path("loop"));
    for (const path of ["folder", "nowhere/rows", "loop", "core/rows", "/dev/full", "nowhere\x1b[31m/rows"]) {
      const run = await coregram(["core", "-o", path], { cwd: scratch.folder });
      expect(run).toMatchObject({ status: 1, stdout: "" });
      expect(run.stderr).toMatch(/^coregram: [ -~]* cannot be written: [ -~]+\n$/);
    }
  });

  it("that grows too large leaves nothing", async () => {
    const folder = scratch.sub("limited");
    const run = await shell(`ulimit -f 8; $CG "${big}" --all -o "${folder}/rows"`);
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr).toMatch(/^coregram: \S+\/rows cannot be written: [^\n]+\n$/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("standard output", () => {
  it("that is full is one line and exit 1", async () => {
    for (const options of ["", "--all -f json"])
      expect(await shell(`$CG "${big}" ${options} > /dev/full`)).toEqual({
        status: 1,
        signal: null,
        stdout: "",
        stderr: "coregram: standard output cannot be written: no space left on device (ENOSPC)\n",
      });
  });

  it.each(["plain", "table", "csv", "json", "ndjson"])("may be closed by its reader: %s", async (format) => {
    const run = await shell(`$CG "${big}" --all -f ${format} | head -1; exit \${PIPESTATUS[0]}`);
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout.split("\n").length).toBe(2);
  });

  it("takes rows from a slow reader, with stderr in the same pipe", async () => {
    const run = await shell(`$CG - --all < <(cat "${big}") 2>&1 | (sleep 0.2; cat)`);
    expect(run.stdout.split("\n").length).toBe(30_001);
  });
});

describe.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s", (signal) => {
  it("ends a run that spools, and leaves nothing", async () => {
    const folder = scratch.sub(`spool-${signal}`);
    const answers = scratch.sub(`answers-${signal}`);
    scratch.put(`answers-${signal}/rows`, "old");
    for (const output of [[], ["-o", `${answers}/rows`]]) {
      const running = startCoregram(["-", ...output], { env: { ...process.env, TMPDIR: folder } });
      // More than is held in memory.
      running.stdin.write(Buffer.alloc(2 ** 21));
      if (existsSync("/proc/self/fd")) await until(() => hasSpool(running.pid, folder));
      if (output.length > 0) await until(() => readdirSync(answers).length === 2);
      expect(readdirSync(folder)).toEqual([]);
      running.kill(signal);
      expect(await running.ended).toEqual({ status: null, signal, stdout: "", stderr: "" });
    }
    expect(readdirSync(answers)).toEqual(["rows"]);
    expect(readFileSync(`${answers}/rows`, "latin1")).toBe("old");
  });

  it("ends a run that waits for a symbol map", async () => {
    const fifo = scratch.fifo(`fifo-${signal}`);
    const answers = scratch.sub(`waiting-${signal}`);
    const running = startCoregram([core, "-s", fifo, "-o", `${answers}/rows`]);
    await until(() => readdirSync(answers).length === 1);
    running.kill(signal);
    expect(await running.ended).toMatchObject({ status: null, signal });
    expect(readdirSync(answers)).toEqual([]);
  });
});
