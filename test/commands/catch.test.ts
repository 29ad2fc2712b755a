import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readSummary } from "../../src/answers/read-summary.ts";
import { patternOf, setupLines } from "../../src/commands/catch/setup-lines.ts";
import { tool } from "./live.ts";
import { BIN, coregram, Scratch, until } from "./program.ts";

const scratch = new Scratch();
const python = tool("python3", "-c", "import sys; print(sys.executable)")?.trim() ?? null;
const PROGRAM = `
import time
class Job:
  def __init__(self, number): self.number = number
jobs = [Job(number) for number in range(20_000)]
print("ready", flush=True)
time.sleep(1000)
`;
/** What the kernel writes of a core while it is not read: more than a pipe holds. */
const CORE_BYTES = 2 ** 22;

const children: (() => void)[] = [];
afterAll(() => {
  for (const kill of children) kill();
});

/** A process that the kernel has stopped for good, as far as its reader can tell. */
async function stopped(program: string, ...args: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"], env: {} });
  children.push(() => child.kill("SIGKILL"));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.kill("SIGSTOP");
  await until(() => /^State:\s+T/m.test(readFileSync(`/proc/${child.pid}/status`, "utf8")));
  return child.pid ?? 0;
}

/** Runs it as the kernel does: with a pipe that it writes a core to. How much was taken is in `taken`. */
async function caught(folder: string, words: readonly string[]) {
  const child = spawn(process.execPath, [BIN, "catch", "-o", folder, ...words], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  let taken = false;
  child.stdin
    .on("error", () => undefined)
    .end(Buffer.alloc(CORE_BYTES), () => {
      taken = true;
    });
  const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on("close", (...how) => resolve(how)),
  );
  return { status, signal, stderr, taken };
}

const foldersOf = (folder: string) => readdirSync(folder).filter((name) => name !== "catch.log");
const logOf = (folder: string) => readFileSync(join(folder, "catch.log"), "utf8");

describe.skipIf(python === null)("coregram catch", () => {
  it("writes what a Python process has, takes the core from the kernel, and logs where the answer is", async () => {
    const pid = await stopped(python ?? "", "-B", scratch.put("program.py", PROGRAM));
    const folder = scratch.path("made");
    const run = await caught(folder, ["--dump", "--", String(pid), "7", "11", "1782604337", "two --help"]);
    expect(run).toMatchObject({ status: 0, signal: null, stderr: "", taken: true });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const [name = "", ...others] = foldersOf(folder);
    expect([name, ...others]).toEqual([`coregram-${pid}-20260627T235217Z`]);
    const read = (file: string) => readFileSync(join(folder, name, file), "utf8");
    const owners: { path: string; length: number }[] = JSON.parse(read("owners.json")).rows;
    expect(owners.find(({ path }) => path === "__main__.jobs")).toMatchObject({ length: 20_000 });
    for (const file of ["diagnose", "types", "stacks", "info", "words"]) {
      expect(JSON.parse(read(`${file}.json`)).schema).toBe(`coregram/${file}@1`);
      expect(read(`${file}.txt`)).not.toBe("");
    }
    expect(read("report.html")).toContain("__main__.jobs");
    const summary = await readSummary(join(folder, name, "summary.parquet"));
    expect(summary.info.rows[0]?.process).toMatchObject({ pid, signal: 11, signalName: "SIGSEGV" });
    expect(summary.owners?.rows.find(({ path }) => path === "__main__.jobs")).toMatchObject({
      length: 20_000,
    });
    expect(summary.time).toBe("2026-06-27T23:52:17.000Z");
    expect(read("crash.txt").split("\n")[0]).toBe(`two --help, pid ${pid} (7 in its container), SIGSEGV`);
    expect(logOf(folder)).toContain(
      `two --help, pid ${pid} (7 in its container), SIGSEGV: answers in ${folder}/`,
    );
    // A Node that has zstd writes it.
    const [core = ""] = readdirSync(join(folder, name)).filter((file) => file.startsWith("core."));
    const { stdout } = await coregram(["owners", join(folder, name, core), "--top", "200", "-q"]);
    expect(stdout).toMatch(/20000 {2}builtins\.list {2}__main__\.jobs$/m);
  }, 60_000);

  it("writes what a program without Python has", async () => {
    const pid = await stopped("sh", "-c", "echo ready; exec sleep 1000");
    const folder = scratch.path("plain");
    expect(await caught(folder, ["--", String(pid), String(pid), "6", "1782604337", "sleep"])).toMatchObject({
      status: 0,
    });
    const files = readdirSync(join(folder, foldersOf(folder)[0] ?? ""));
    expect(files.sort()).toEqual([
      "crash.txt",
      "info.json",
      "info.txt",
      "report.html",
      "summary.parquet",
      "words.json",
      "words.txt",
    ]);
    expect(logOf(folder)).toMatch(/sleep, pid \d+, SIGABRT: answers in /);
  }, 60_000);

  it("logs why there is no answer, and takes the core all the same", async () => {
    const folder = scratch.path("none");
    const run = await caught(folder, ["--", "4194303", "4194303", "11", "1782604337", "gone\n\u001b[31mred"]);
    expect(run).toMatchObject({ status: 1, taken: true });
    expect(foldersOf(folder)).toEqual([]);
    expect(logOf(folder)).toMatch(
      /^\S+ gone\\x0a\\x1b\[31mred, pid 4194303, SIGSEGV: pid 4194303: no such process .*\n$/,
    );
  });

  it("lets the process go when the time is over, with nothing half written", async () => {
    const pid = await stopped(python ?? "", "-B", scratch.put("program.py", PROGRAM));
    const folder = scratch.path("late");
    const run = await caught(folder, [
      "--within",
      "1ms",
      "--",
      String(pid),
      String(pid),
      "11",
      "1782604337",
      "late",
    ]);
    expect(run).toMatchObject({ status: null, signal: "SIGTERM" });
    expect(foldersOf(folder)).toEqual([]);
    expect(logOf(folder)).toMatch(/let go after 0 s without an answer: --within allows more\n$/);
  }, 60_000);

  it("removes the oldest answers, and nothing else, once they take more than --keep", async () => {
    const folder = scratch.path("full");
    mkdirSync(folder);
    for (const [name, seconds] of [
      ["coregram-1-20260101T000000Z", 100],
      ["coregram-2-20260102T000000Z", 200],
      ["other", 50],
    ] as const) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "owners.json"), Buffer.alloc(2 ** 20, 1));
      utimesSync(join(folder, name), seconds, seconds);
    }
    const pid = await stopped("sh", "-c", "echo ready; exec sleep 1000");
    await caught(folder, ["--keep", "2M", "--", String(pid), String(pid), "6", "1782604337", "sleep"]);
    expect(foldersOf(folder).sort()).toEqual(
      [`coregram-${pid}-20260627T235217Z`, "coregram-2-20260102T000000Z", "other"].sort(),
    );
    expect(logOf(folder)).toMatch(/removed the oldest 1 answers, 1\.0 MiB\n$/);
  }, 60_000);
});

describe("what sets coregram catch up", () => {
  it("fits the kernel's 127 bytes, or says how it could", () => {
    const pattern = patternOf(["/usr/bin/node", "/usr/local/bin/coregram"]);
    expect(pattern).toBe("|/usr/bin/node /usr/local/bin/coregram catch -- %P %p %s %t %e");
    const long = `/opt/${"x".repeat(80)}/coregram.js`;
    expect(() => patternOf(["/usr/bin/node", long])).toThrow(
      /127 bytes .* these are 136.*ln -s \/opt\/x+\/coregram\.js/,
    );
    expect(() => patternOf(["/usr/bin/node", "/opt/my tools/coregram.js"])).toThrow(/cuts .* at its spaces/);
  });

  it("is what a shell runs, with what there was before", () => {
    const lines = setupLines(
      "|/usr/bin/node /c catch -- %P",
      "/var/lib/it's",
      "|/lib/systemd/systemd-coredump %P %u",
    );
    expect(lines).toContain("install -d -m 700 '/var/lib/it'\\''s'\n");
    expect(lines).toContain(
      "sysctl -w 'kernel.core_pattern=|/usr/bin/node /c catch -- %P'\nsysctl -w kernel.core_pipe_limit=4\n",
    );
    expect(lines).toContain("# sysctl -w 'kernel.core_pattern=|/lib/systemd/systemd-coredump %P %u'\n");
  });

  it("is printed for this program", async () => {
    const { status, stdout } = await coregram(["catch", "--print-setup"]);
    // Where the clone lies deep, it says so.
    if (status === 0)
      expect(stdout).toContain(`kernel.core_pattern=|${process.execPath} ${BIN} catch -- %P %p %s %t %e`);
    else expect(status).toBe(2);
  });
});
