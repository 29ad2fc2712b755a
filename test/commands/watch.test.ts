import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { getPriority } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, describe, expect, it } from "vitest";
import type { Frame } from "../../src/answers/results/index.ts";
import { stateAt } from "../../src/commands/pause/start-time.ts";
import { findMemoryCgroup, processTree, readCgroup } from "../../src/image/index.ts";
import { checkFrame } from "../views/frame-check.ts";
import { tool } from "./live.ts";
import { BIN, coregram, type Running, Scratch, shell, start, startCoregram, until } from "./program.ts";

const scratch = new Scratch();
const python = tool("python3", "-c", "import sys; print(sys.executable)")?.trim() ?? null;

// Does what it is told on its standard input, and says when it is done. A child does nothing.
const PROGRAM = `
import os, sys, time
class Row: pass
class Mail: pass
ROWS = [Row() for n in range(1000)]
SENT = {"anna@secret.example": [Mail() for n in range(2000)], "list": [Mail() for n in range(500)]}
UNREAD = {"eve@secret.example": SENT["anna@secret.example"][:900]}
PIDS = []
print("ready", flush=True)
for line in sys.stdin:
    word, number = line.split()
    if word == "grow": ROWS.extend(Row() for n in range(int(number)))
    if word == "fill": FILLED = bytearray(int(number) << 20)
    if word == "fork":
        PIDS.append(os.fork())
        if PIDS[-1] == 0:
            while True: time.sleep(1000)
    if word == "fork-fill":
        PIDS.append(os.fork())
        if PIDS[-1] == 0:
            FILLED = bytearray(int(number) << 20)
            while True: time.sleep(1000)
    if word == "exec": os.execv(sys.executable, [sys.executable, "-B", __file__])
    if word == "kill": os.kill(PIDS.pop(), 9)
    if word == "reap":
        os.kill(PIDS[-1], 9)
        os.waitpid(PIDS.pop(), 0)
    print("done", flush=True)
`;

type WatchFrame = Frame<"coregram/watch@1">;

const children: ChildProcess[] = [];
const watchers: Running[] = [];
afterAll(() => {
  for (const child of [...children, ...watchers]) child.kill("SIGKILL");
});

/** A program that does what it is told. */
async function begin() {
  const args = ["-B", scratch.put("program.py", PROGRAM)];
  const child = spawn(python ?? "", args, { stdio: ["pipe", "pipe", "ignore"], env: {} });
  children.push(child);
  await once(child.stdout, "data");
  const tell = async (words: string) => {
    child.stdin.write(`${words}\n`);
    await once(child.stdout, "data");
  };
  return { child, pid: child.pid ?? 0, tell };
}

function mayRise(): boolean {
  try {
    const nice = execFileSync("nice", ["-n", "-1", "nice"], { encoding: "latin1", stdio: "pipe" });
    return Number(nice) === getPriority() - 1;
  } catch {
    return false;
  }
}

/** A watcher, and its frames as they come, each checked. */
function watch(...args: string[]) {
  const running = startCoregram(["watch", ...args]);
  watchers.push(running);
  const frames: WatchFrame[] = [];
  createInterface({ input: running.stdout }).on("line", (line) => {
    const frame = JSON.parse(line);
    expect(checkFrame(frame)).toEqual([]);
    frames.push(frame);
  });
  const next = (is: (frame: WatchFrame) => boolean) => {
    const from = frames.length;
    return until(() => frames.slice(from).find(is));
  };
  return { running, frames, next };
}

const countOf = ({ rows }: WatchFrame, type: string) => rows.find((row) => row.type === type);
const answers = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.startsWith("coregram-"))
        .sort()
    : [];
const readJson = (...path: string[]) => JSON.parse(readFileSync(join(...path), "utf8"));

describe.skipIf(python === null)("coregram watch", () => {
  it("prints a frame a sample, with what changed, and ends after so many", async () => {
    const { pid, tell } = await begin();
    const args = [String(pid), "--interval", "50ms", "--count", "2", "--owners", "1", "--top", "1000"];
    const { running, frames } = watch(...args);
    await until(() => frames.length === 1);
    await tell("grow 500");
    const { status } = await running.ended;
    expect(status).toBe(0);
    expect(frames.map(({ totals }) => totals.sample)).toEqual([1, 2]);
    const rows = frames.map((frame) => countOf(frame, "__main__.Row"));
    expect(rows[0]).toMatchObject({ count: 1000, countDiff: null, countSinceFirst: null });
    expect(rows[1]).toMatchObject({ count: 1500, countDiff: 500, countSinceFirst: 500 });
    const owner = frames[1]?.totals.owners?.find(({ path }) => path === "__main__.ROWS");
    expect(owner).toMatchObject({ length: 1500, holds: expect.arrayContaining([expect.anything()]) });
    expect(owner?.bytesSinceFirst).toBeGreaterThan(500 * 48);
    expect(frames[1]?.totals.owners?.[0]?.path).toBe("__main__.ROWS");
    for (const { totals } of frames) {
      expect(totals.rssBytes).toBeGreaterThan(2 ** 22);
      expect(totals.findings).not.toBeNull();
    }
    // Never more than 4 % of a core.
    const { intervalMillis, cpuMillis } = frames[0]?.totals ?? { intervalMillis: 0, cpuMillis: 0 };
    expect(intervalMillis).toBeGreaterThanOrEqual(25 * (cpuMillis - 1));
  });

  it("is told to end by the process's end, which the last line says", async () => {
    const { pid, child } = await begin();
    const { running, frames } = watch(String(pid), "--owners", "0", "--interval", "1h");
    await until(() => frames.length === 1);
    child.kill("SIGKILL");
    expect((await running.ended).status).toBe(0);
    expect(frames.map(({ totals }) => totals.state)).toEqual(["first", "ended"]);
    expect(frames[1]?.totals).toMatchObject({ rssBytes: null, sample: 2 });
  });

  it("picks up children, also later ones, and says which ended", async () => {
    const { pid, tell } = await begin();
    await tell("fork 1");
    const { running, frames, next } = watch(
      String(pid),
      "--children",
      "--owners",
      "1000",
      "--interval",
      "20ms",
    );
    await until(() => new Set(frames.map(({ input }) => input.pid)).size === 2);
    await tell("fork 1");
    const late = await next(({ totals, input }) => totals.state === "first" && input.pid !== pid);
    expect(countOf(late, "__main__.Row")?.count ?? 1000).toBe(1000);
    await tell("reap 1");
    const { input } = await next(({ totals }) => totals.state === "ended");
    expect(input.pid).toBe(late.input.pid);
    // Owners are looked for in each so many samples of a process, from the first on.
    for (const { totals } of frames.filter(({ totals }) => totals.state !== "ended"))
      expect(totals.owners !== null).toBe(totals.sample === 1);
    running.kill("SIGTERM");
    expect((await running.ended).signal).toBe("SIGTERM");
  });

  it("goes on with what a process has started when that has ended, and says once that one ended", async () => {
    const { pid, tell, child } = await begin();
    await tell("fork 1");
    await tell("kill 1");
    for (let worker = 0; worker < 2; worker += 1) await tell("fork 1");
    const args = ["--children", "--owners", "0", "--interval", "20ms"];
    const { running, frames } = watch(String(pid), ...args);
    const numbers = () => new Set(frames.map(({ input }) => input.pid));
    await until(() => numbers().size === 3);
    await tell("kill 1");
    const isEnd = ({ totals }: WatchFrame) => totals.state === "ended";
    await until(() => frames.some(isEnd));
    // A child that nobody has waited for stays one.
    const from = frames.length;
    await until(() => frames.slice(from).filter(({ input }) => input.pid === pid).length > 3);
    expect(frames.filter(isEnd)).toHaveLength(1);
    child.kill("SIGKILL");
    await until(() => frames.filter(isEnd).length === 2);
    const ended = frames.filter(isEnd).map(({ input }) => input.pid);
    expect(ended[1]).toBe(pid);
    const [left = 0] = [...numbers()].filter((each) => !ended.includes(each));
    const later = frames.length;
    await until(() => frames.length > later + 3);
    expect(new Set(frames.slice(later).map(({ input }) => input.pid))).toEqual(new Set([left]));
    process.kill(left, "SIGKILL");
    expect((await running.ended).status).toBe(0);
    expect(frames.filter(isEnd)).toHaveLength(3);
  });

  it("answers of a child that began between two rounds", async () => {
    const { pid, tell, child } = await begin();
    const folder = scratch.path("late");
    const args = ["--children", "--interval", "1h", "--when", "rss>90M", "-o", folder, "--once"];
    const { running, frames } = watch(String(pid), "--owners", "0", ...args);
    await until(() => frames.length === 1);
    await tell("fork-fill 100");
    expect((await running.ended).status).toBe(0);
    const [moment] = frames.filter(({ totals }) => totals.moment !== null);
    expect(moment?.input.pid).not.toBe(pid);
    expect(answers(folder)).toHaveLength(1);
    process.kill(moment?.input.pid ?? 0, "SIGKILL");
    child.kill("SIGKILL");
  });

  it("says of which there is no answer, where one ends while that of another is taken", async () => {
    const { pid, tell, child } = await begin();
    await tell("fill 60");
    for (let worker = 0; worker < 3; worker += 1) await tell("fork 1");
    const all = processTree([pid]);
    const args = ["--children", "--count", "1", "--when", "rss>50M", "-o", scratch.path("three")];
    const { running, frames } = watch(String(pid), ...args);
    const stopped = await until(() => all.find((each) => stateAt(`/proc/${each}`) === "T"));
    const others = all.filter((each) => each !== stopped);
    for (const other of others) process.kill(other, "SIGKILL");
    const { stderr } = await running.ended;
    const [waiting = ""] = /^coregram: 3 more to answer, one after the other: .*$/m.exec(stderr) ?? [];
    for (const other of others) expect(waiting).toContain(`pid ${other} (rss>50M)`);
    for (const other of others)
      expect(stderr).toContain(
        `pid ${other}: rss>50M held, and there is no answer: it ended before it was read`,
      );
    expect(frames.filter(({ totals }) => totals.moment !== null).map(({ input }) => input.pid)).toEqual([
      stopped,
    ]);
    for (const each of [child.pid ?? 0, stopped]) if (stateAt(`/proc/${each}`)) process.kill(each, "SIGKILL");
  });

  it("says when those came to hold that have to wait for the answer of another", async () => {
    const { pid, tell } = await begin();
    await tell("fill 60");
    for (let worker = 0; worker < 2; worker += 1) await tell("fork 1");
    const folder = scratch.path("together");
    const args = ["--children", "--count", "1", "--owners", "0", "--when", "rss>50M", "-o", folder];
    const { running } = watch(String(pid), ...args);
    const { stderr } = await running.ended;
    expect(stderr).toContain("coregram: 2 more to answer, one after the other: ");
    const told = answers(folder).map((name) => readFileSync(join(folder, name, "moment.txt"), "utf8"));
    const heldAt = told.map((text) => /^rss>50M held at (\S+) of pid/.exec(text)?.[1]);
    expect(new Set(heldAt).size).toBe(1);
    expect(told).toHaveLength(3);
    const first = /holds: answer in (\S+);/.exec(stderr)?.[1] ?? "";
    expect(readFileSync(join(first, "moment.txt"), "utf8")).not.toContain("it was read");
    for (const each of processTree([pid])) process.kill(each, "SIGKILL");
  });

  it("begins anew where a process has become another program", async () => {
    const { pid, tell, child } = await begin();
    const { running, next } = watch(String(pid), "--interval", "0.1", "--owners", "0", "--top", "1000");
    await next(({ totals }) => totals.sample === 1);
    await tell("grow 500");
    await next(({ rows }) => rows.some(({ countSinceFirst }) => countSinceFirst === 500));
    await tell("exec 1");
    const first = await next(({ totals }) => totals.state === "first");
    expect(first.totals).toMatchObject({ sample: 1, rssSinceFirst: null });
    const row = first.rows.find(({ type }) => type === "__main__.Row");
    expect(row).toMatchObject({ count: 1000, countDiff: null, countSinceFirst: null });
    const second = await next(({ totals }) => totals.sample === 2);
    expect(second.rows.find(({ type }) => type === "__main__.Row")).toMatchObject({ countSinceFirst: 0 });
    child.kill("SIGKILL");
    const { stderr } = await running.ended;
    expect(stderr.match(new RegExp(`pid ${pid} became another program`, "g"))).toHaveLength(1);
  });

  it("gives way to other programs, but not for an answer", async () => {
    const { pid, tell, child } = await begin();
    const plain = watch(String(pid), "--owners", "0", "--interval", "1h");
    await until(() => plain.frames.length === 1);
    const own = getPriority();
    expect(getPriority(plain.running.pid)).toBe(Math.max(own, 10));
    plain.running.kill("SIGTERM");
    const args = [
      "--owners",
      "0",
      "--interval",
      "1h",
      "--once",
      "--when",
      "rss>200M",
      "-o",
      scratch.path("way"),
    ];
    const { running, frames } = watch(String(pid), ...args);
    await until(() => frames.length === 1);
    // Whoever may have more than others may take back what it gave away.
    expect(getPriority(running.pid)).toBe(mayRise() ? Math.max(own, 10) : own);
    // It is stopped once it has 200 MB, before it says that it has all.
    const taken = until(() => stateAt(`/proc/${pid}`) === "T");
    await tell("fill 300");
    await taken;
    expect(getPriority(running.pid)).toBe(own);
    expect((await running.ended).status).toBe(0);
    child.kill("SIGKILL");
  });

  it("answers of one that began while the answer of another was taken", async () => {
    const { pid, tell, child } = await begin();
    await tell("fill 300");
    const args = ["--children", "--count", "1", "--when", "rss>200M", "-o", scratch.path("between")];
    const { running } = watch(String(pid), ...args);
    await until(() => stateAt(`/proc/${pid}`) === "T");
    await until(() => stateAt(`/proc/${pid}`) !== "T");
    // The child has what its parent has, from the beginning.
    await tell("fork 1");
    const [, other = 0] = processTree([pid]);
    const { stderr } = await running.ended;
    expect(stderr).toContain(`pid ${other}: rss>200M holds: answer in `);
    for (const each of [other, child.pid ?? 0]) process.kill(each, "SIGKILL");
  });

  it("leaves out itself among the children: it would stop itself", async () => {
    const folder = scratch.path("self");
    const line = `${python} -c 'import time; time.sleep(1000)' & $CG watch $$ --children --count 1 --when 'rss>1M' -o ${folder}; kill %1`;
    const { status, stdout, stderr } = await shell(line);
    expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining("rss>1M holds") });
    expect(stdout).not.toContain('"name":"node"');
  });

  it("says at the start what cannot hold, and after the first look which types there are none of", async () => {
    const { pid } = await begin();
    const conditions = ["cgroup>90%", "Rows>5", "Row>1000000"].flatMap((each) => ["--when", each]);
    const { stderr } = await coregram([
      ...["watch", String(pid), "--count", "1", "--owners", "0", "-o", scratch.folder],
      ...conditions,
    ]);
    const cgroup = findMemoryCgroup(pid);
    const hasLimit = cgroup !== null && readCgroup(cgroup)?.limitBytes !== null;
    expect(stderr.includes("--when 'cgroup>90%' cannot hold: ")).toBe(!hasLimit);
    expect(stderr).toContain("Rows>5: no type called Rows has live objects in the first look");
    expect(stderr).not.toContain("Row>1000000");
  });

  it("has no keys in paths, which are values, unless it is asked for them", async () => {
    const { pid } = await begin();
    const args = ["watch", String(pid), "--count", "1", "--top", "1000"];
    const [plain, asked] = await Promise.all([coregram(args), coregram([...args, "--values"])]);
    expect(plain.status).toBe(0);
    expect(plain.stdout).toContain('"__main__.UNREAD[*]');
    expect(plain.stdout).not.toContain("secret.example");
    expect(asked.stdout).toContain("__main__.UNREAD['eve@secret.example']");
  });

  it("takes a full answer when a condition holds, two of a process with what grew between", async () => {
    const { pid, tell } = await begin();
    const folder = scratch.path("answers");
    const conditions = ["--when", "Row>2000", "--when", "rss>200M"];
    const { running, frames } = watch(
      ...[String(pid), "--interval", "20ms", "--owners", "0", "--top", "1000", "--dump", "-o", folder],
      ...conditions,
    );
    await until(() => frames.length > 0);
    await tell("grow 3000");
    await until(() => answers(folder).length === 1);
    await tell("grow 250");
    await tell("fill 250");
    await until(() => answers(folder).length === 2);
    await until(() => frames.filter(({ totals }) => totals.moment !== null).length === 2);
    expect(stateAt(`/proc/${pid}`)).toBe("S");
    running.kill("SIGINT");
    const { signal, stderr } = await running.ended;
    expect(signal).toBe("SIGINT");
    const moments = frames.flatMap(({ totals }) => totals.moment ?? []);
    expect(moments.map(({ condition }) => condition)).toEqual(["Row>2000", "rss>200M"]);
    const [first = "", second = ""] = moments.map(({ folder }) => folder ?? "");
    expect(stderr).toContain(`Row>2000 holds: answer in ${first}; pid ${pid} was stopped for `);
    const both = ["diagnose", "owners", "types", "stacks"].flatMap((name) => [`${name}.json`, `${name}.txt`]);
    const grown = ["diff-owners.json", "diff-owners.txt", "diff-types.json", "diff-types.txt"];
    expect(readdirSync(first).sort()).toEqual([...both, "core", "moment.txt"].sort());
    expect(readdirSync(second).sort()).toEqual([...both, ...grown, "core", "moment.txt"].sort());
    for (const name of readdirSync(second).filter((each) => each.endsWith(".json")))
      expect(checkFrame(readJson(second, name)), name).toEqual([]);
    for (const place of [second, join(second, "core"), join(second, "owners.json")])
      expect(statSync(place).mode & 0o077, place).toBe(0);
    expect(readdirSync(folder)).toHaveLength(2);
    const row = readJson(second, "diff-types.json").rows.find(
      ({ name }: { name: string }) => name === "__main__.Row",
    );
    expect(row).toMatchObject({ oldCount: 4000, newCount: 4250, countDiff: 250 });
    // The core is of that moment, and so is the frame.
    const { stdout } = await coregram(["types", join(first, "core"), "--all", "--format", "json"]);
    const types = readJson(first, "types.json");
    expect(JSON.parse(stdout).rows).toEqual(types.rows);
    const frame = frames.find(({ totals }) => totals.moment?.condition === "Row>2000");
    expect(frame && countOf(frame, "__main__.Row")?.count).toBe(4000);
    expect(readFileSync(join(first, "moment.txt"), "utf8")).toMatch(
      /^Row>2000 held at .* of pid \d+, python/,
    );
    expect(readFileSync(join(first, "stacks.txt"), "utf8")).toContain("program.py:");
  });

  it("ends after the first answer with --once", async () => {
    const { pid } = await begin();
    const folder = scratch.path("once");
    const { running, frames } = watch(String(pid), "--when", "rss>1M", "--once", "--output", folder);
    expect((await running.ended).status).toBe(0);
    expect(answers(folder)).toHaveLength(1);
    expect(frames.at(-1)?.totals.moment?.condition).toBe("rss>1M");
    expect(stateAt(`/proc/${pid}`)).toBe("S");
  });

  it("reads one that is too large to be copied while it stays stopped", async () => {
    const { pid } = await begin();
    const folder = scratch.path("large");
    const args = [String(pid), "--when", "rss>1M", "--once", "--memory", "1M", "--dump", "--output", folder];
    const { status, stderr } = await coregram(["watch", ...args]);
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(/: answer in .*; pid \d+ was stopped for \d+ ms/),
    ]);
    const [name = ""] = answers(folder);
    expect(readJson(folder, name, "types.json").totals.bytes).toBeGreaterThan(100_000);
    expect(readFileSync(join(folder, name, "moment.txt"), "utf8")).toMatch(
      /it stays stopped while it is read/,
    );
    const core = await coregram(["types", join(folder, name, "core"), "--all", "--format", "json", "-q"]);
    expect(JSON.parse(core.stdout).totals).toEqual(readJson(folder, name, "types.json").totals);
    expect(stateAt(`/proc/${pid}`)).toBe("S");
  });

  // Root may write into every folder, and in this one nobody can make any.
  it.skipIf(process.getuid?.() !== 0)(
    "goes on where no answer can be taken, and says so; with --once it fails",
    async () => {
      const { pid, child } = await begin();
      const args = [String(pid), "--when", "rss>1M", "--output", "/proc"];
      const { running, frames } = watch(...args, "--children");
      await until(() => frames.some(({ totals }) => totals.moment !== null));
      expect(frames.find(({ totals }) => totals.moment !== null)?.totals.moment?.folder).toBeNull();
      child.kill("SIGKILL");
      const { status, stderr } = await running.ended;
      expect(status).toBe(0);
      expect(stderr).toMatch(/rss>1M holds, and there is no answer: \/proc.* cannot be written/);
      const again = await begin();
      const other = await coregram(["watch", String(again.pid), ...args.slice(1), "--children", "--once"]);
      expect(other.status).toBe(1);
    },
  );

  it("warns where it is in the memory cgroup of the process", async () => {
    const own = findMemoryCgroup(process.pid);
    const { pid } = await begin();
    const args = [
      "watch",
      String(pid),
      "--count",
      "1",
      "--when",
      "rss>1T",
      "-o",
      scratch.folder,
      "--owners",
      "0",
    ];
    const { stderr } = await coregram(args);
    if (own === null || own.path === "/") expect(stderr).not.toContain("cgroup");
    else
      expect(stderr).toMatch(/watcher is in the same memory cgroup as pid \d+, .*: an answer takes about \d/);
  });
});

describe.skipIf(python === null || tool("script", "--version") === null)("on a terminal", () => {
  // A shell whose program was ended by SIGINT ends as well, and could not say what it finds.
  it.each(["SIGTERM", "SIGHUP"] as const)("leaves it as it was on %s", async (signal) => {
    const { pid } = await begin();
    const line = `stty -g; node '${BIN}' watch ${pid} --owners 0; stty -g`;
    const terminal = start("script", ["-qec", line, "/dev/null"], { env: { ...process.env, TERM: "xterm" } });
    let shown = "";
    terminal.stdout.on("data", (text: string) => {
      shown += text;
    });
    await until(() => shown.includes("RSS "));
    const own = processTree([terminal.pid]).find((each) =>
      readFileSync(`/proc/${each}/cmdline`, "latin1").startsWith("node\0"),
    );
    process.kill(own ?? 0, signal);
    await terminal.ended;
    const [before = "", after = ""] = shown.match(/^[0-9a-f]+(?::[0-9a-f]+)+/gm) ?? [];
    expect(before.length).toBeGreaterThan(20);
    expect(after).toBe(before);
    expect(shown.split("\x1b[?1049h")).toHaveLength(2);
    expect(shown.lastIndexOf("\x1b[?1049l")).toBeGreaterThan(shown.lastIndexOf("\x1b[K"));
    expect(shown.lastIndexOf("\x1b[?25h")).toBeGreaterThan(shown.lastIndexOf("\x1b[?25l"));
  });
});

/** tail of coreutils, which a reader that is gone is known by; others are not known to tell. */
const hasTail = /coreutils/.test(tool("tail", "--version") ?? "");

it.skipIf(python === null || !hasTail)("ends once nobody reads, however far the next sample is", async () => {
  const { pid, child } = await begin();
  const line = `set -o pipefail; $CG watch ${pid} --interval 1h | head -c 1`;
  expect(await shell(line)).toMatchObject({ status: 0, stdout: "{", stderr: "" });
  child.kill("SIGKILL");
});

describe("what cannot be watched is said in a line:", () => {
  // Small, and no Python: this process has what other tests read.
  const other = spawn("sleep", ["1000"], { stdio: "ignore" });
  afterAll(() => other.kill());
  it.each([
    [["watch"], 2, "no PID given: coregram watch PID"],
    [["watch", "x"], 2, '"x" is no PID'],
    [["watch", "1", "--when", "rss>1.5X"], 2, `--when 'rss>1.5X', at character 5: "1.5X" is no size`],
    [["watch", "1", "--once"], 2, "--once needs --when"],
    [["watch", "1", "--interval", "0"], 2, "--interval takes a time"],
    [["watch", String(2 ** 22 + 1)], 1, "no such process"],
    [["watch", String(other.pid), "--owners", "0"], 1, "no CPython"],
    [["watch", String(other.pid), "--when", "rss>1T", "-o", "/proc/none"], 1, "/proc/none cannot be written"],
    [
      ["watch", String(other.pid), "--when", "rss>1T", "-o", "/proc/self/status"],
      1,
      "/proc/self/status cannot be written: it is no folder, and answers are",
    ],
  ])("%s", async (args, status, text) => {
    const run = await coregram(args);
    expect(run).toMatchObject({ status, stdout: "" });
    expect(run.stderr).toContain(text);
  });
});
