import { execFileSync, spawn } from "node:child_process";
import { readFileSync, renameSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { canDump, tool } from "./live.ts";
import { coregram, Scratch, until } from "./program.ts";

const scratch = new Scratch();
const python = tool("python3", "-c", "import sys; print(sys.executable)")?.trim() ?? null;

// Threads that wait in C and in Python, memory that is touched in parts, shared, and reserved.
const PROGRAM = `
import ctypes, mmap, sys, threading, time
class Session:
    def __init__(self, number):
        self.number, self.history, self.text = number, [number] * 5, "s" * (number % 700)
SESSIONS = {n: Session(n) for n in range(5000)}
freed = [bytes(600) for n in range(3000)]
del freed[::2]
flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
sparse = mmap.mmap(-1, 1 << 25, flags=flags)
for page in 3, 4, 900: sparse[page << 12] = 1
shared = mmap.mmap(-1, 1 << 20)
shared[5000] = 7
reserve = mmap.mmap(-1, 1 << 32, flags=flags | 0x4000, prot=0)
def wait():
    kept = [object()]
    threading.Event().wait()
for _ in range(3): threading.Thread(target=wait, daemon=True).start()
if "churn" in sys.argv:
    def churn():
        while True: [Session(n) for n in range(200)]
    threading.Thread(target=churn, daemon=True).start()
print("ready", hex(ctypes.addressof(ctypes.c_char.from_buffer(sparse))), flush=True)
time.sleep(1000)
`;

const running: (() => void)[] = [];
afterAll(() => {
  for (const kill of running) kill();
});

/** Starts a program, and waits for the line that it says first. */
async function begin(file: string, args: readonly string[]): Promise<{ pid: number; said: string }> {
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "ignore"], env: {} });
  running.push(() => child.kill("SIGKILL"));
  const said = await new Promise<string>((resolve, reject) => {
    child.on("error", reject);
    child.stdout.setEncoding("latin1").once("data", resolve);
  });
  return { pid: child.pid ?? 0, said: said.trim() };
}

const stateOf = (pid: number) => /^State:\t(.)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];

async function json(...args: string[]) {
  const { status, stdout, stderr } = await coregram([...args, "--format", "json"]);
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout);
}

/** Without what gcore saves more of: the pages of files that no one has written to, and the vsyscall page. */
function withoutFiles(totals: Record<string, unknown>): unknown {
  const { savedBytes, notSavedBytes, balance, ...others } = totals;
  const { modulePages, readOnly, ...parts } = (balance ?? {}) as Record<string, unknown>;
  return { ...others, parts };
}

describe.skipIf(!canDump || python === null)("a stopped process answers as its core does:", () => {
  const program = scratch.put("sessions.py", PROGRAM);
  const made = (async () => {
    const { pid } = await begin(python ?? "", ["-B", program]);
    process.kill(pid, "SIGSTOP");
    await until(() => stateOf(pid) === "T");
    const core = scratch.path("sessions.core");
    execFileSync("gcore", ["-o", core, String(pid)], { stdio: "ignore" });
    renameSync(`${core}.${pid}`, core);
    // gcore lets it go on.
    expect(stateOf(pid)).toBe("T");
    return { pid: String(pid), core };
  })();

  it.each([
    ["types", "--all"],
    ["types", "--strings", "--all"],
    ["types", "--containers", "--all"],
    ["types", "--arenas", "--all"],
    ["owners", "--all"],
    ["owners", "--tree"],
    ["owners", "--type", "Session"],
  ])("%s %s %s", async (command, ...args) => {
    const { pid, core } = await made;
    const given = args.filter((arg) => arg !== undefined);
    const dead = await json(command, core, ...given);
    const live = await json(command, "--pid", pid, ...given);
    expect(live.rows.length).toBeGreaterThan(0);
    expect(live.rows).toEqual(dead.rows);
    expect(withoutFiles(live.totals)).toEqual(withoutFiles(dead.totals));
    expect(live.input.path).toBe(`--pid ${pid}`);
  });

  it("its writable words, all of them", async () => {
    const { pid, core } = await made;
    const scope = ["--scope", "writable", "--all", "--no-names", "--quiet"];
    const dead = await coregram([core, ...scope]);
    expect(dead.stdout.length).toBeGreaterThan(100_000);
    const live = await coregram(["--pid", pid, ...scope]);
    expect({ ...live, stdout: live.stdout === dead.stdout }).toEqual({ ...dead, stdout: true });
  });

  it("what an address and a path are, its threads, its symbols", async () => {
    const { pid, core } = await made;
    const path = "__main__.SESSIONS[7].history";
    expect((await json("whatis", "--pid", pid, path)).rows).toEqual((await json("whatis", core, path)).rows);
    const [live, dead] = [await json("info", "--pid", pid), await json("info", core)];
    expect(live.rows[0].file.kind).toBe("process");
    expect(live.rows[0].threads).toHaveLength(4);
    expect(live.rows[0].threads.map(withoutSignal)).toEqual(dead.rows[0].threads.map(withoutSignal));
    expect(live.rows[0].process.commandLine).toContain(" -B ");
    const modules = (rows: { modules: { path: string; buildId: string; matches: boolean }[] }[]) =>
      rows[0]?.modules.map(({ path, buildId, matches }) => [path, buildId, matches]);
    expect(modules(live.rows)).toEqual(modules(dead.rows));
    const { stdout } = await coregram(["symbols", "--pid", pid]);
    expect(stdout.split("\n").length).toBeGreaterThan(1000);
  });

  it("either side of a diff, and diagnose names the process as a shell does", async () => {
    const { pid, core } = await made;
    for (const args of [
      ["--pid", pid, core],
      [core, "--pid", pid],
    ])
      expect((await json("diff", ...args)).rows).toEqual([]);
    const { rows } = await json("diagnose", "--pid", pid);
    expect(rows[0].next).toMatch(new RegExp(`^coregram owners --pid ${pid} --of `));
  });
});

function withoutSignal({ signal, ...others }: Record<string, unknown>): unknown {
  return others;
}

it.skipIf(python === null)("a process that works meanwhile is answered of, and not stopped", async () => {
  const { pid } = await begin(python ?? "", ["-B", scratch.put("churn.py", PROGRAM), "churn"]);
  for (let sample = 0; sample < 5; sample += 1) {
    const { rows } = await json("types", "--pid", String(pid), "--all");
    const sessions = rows.find(({ type }: { type: string }) => type === "__main__.Session");
    expect(sessions.count).toBeGreaterThanOrEqual(4900);
    expect(stateOf(pid)).not.toBe("T");
  }
  const { rows } = await json("owners", "--pid", String(pid));
  expect(rows[0].path).toBe("__main__.SESSIONS");
});

describe.skipIf(python === null)("a process is compared with itself", () => {
  // It grows where it is told to.
  const GROWS = `
import sys
class Row: pass
ROWS = []
print("ready", flush=True)
for line in sys.stdin: ROWS.extend(Row() for n in range(int(line)))
`;

  it("after a while, by what grew", async () => {
    const child = spawn(python ?? "", ["-B", scratch.put("grows.py", GROWS)], { stdio: "pipe", env: {} });
    running.push(() => child.kill("SIGKILL"));
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const growing = setInterval(() => child.stdin.write("1000\n"), 20);
    const { rows } = await json("diff", "--pid", String(child.pid), "--wait", "700ms", "--pause");
    clearInterval(growing);
    const row = rows.find(({ name }: { name: string }) => name === "__main__.Row");
    expect(row.countDiff).toBeGreaterThanOrEqual(1000);
  });

  it("and not where it ends meanwhile, or is none", async () => {
    const { pid } = await begin(python ?? "", [
      "-c",
      "import time; print('ready', flush=True); time.sleep(1000)",
    ]);
    const asked = coregram(["diff", "--pid", String(pid), "--wait", "1h"]);
    await until(() => readFileSync(`/proc/${pid}/status`, "latin1").length > 0);
    setTimeout(() => process.kill(pid, "SIGKILL"), 1500);
    expect(await asked).toMatchObject({
      status: 1,
      stdout: "",
      stderr: expect.stringMatching(/ended|no such process/),
    });
    for (const args of [
      ["a.core", "--pid", "1", "--wait", "1s"],
      ["a", "b", "--wait", "1s"],
      ["--pid", "1", "--wait", "x"],
    ])
      expect((await coregram(["diff", ...args])).status, args.join(" ")).toBe(2);
  });
});

describe("what cannot be asked is said in a line:", () => {
  async function refusal(pid: number, options: { uid?: number } = {}): Promise<string> {
    const { status, stdout, stderr } = await coregram(["types", "--pid", String(pid)], options);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^coregram: [^\n]+\n$/);
    return stderr;
  }

  it("no such process", async () => {
    expect(await refusal(2 ** 22 + 1)).toContain("no such process");
  });

  it("a zombie", async () => {
    const { pid, said } = await begin("sh", ["-c", "sleep 0.2 & echo $!; exec sleep 1000"]);
    await until(() => stateOf(Number(said)) === "Z");
    expect(await refusal(Number(said))).toMatch(
      new RegExp(`a zombie, which its parent ${pid} has not waited for`),
    );
  });

  it("a thread of a process", async () => {
    const tid = await until(() => {
      const found = execFileSync("ls", [`/proc/${process.pid}/task`], { encoding: "latin1" }).split("\n");
      return found.map(Number).find((each) => each > 0 && each !== process.pid);
    });
    expect(await refusal(tid)).toContain(`is a thread of process ${process.pid}: --pid ${process.pid}`);
  });

  it.skipIf(process.getuid?.() !== 0)("another user's", async () => {
    const { pid } = await begin("sh", ["-c", "echo ready; exec sleep 1000"]);
    expect(await refusal(pid, { uid: 65534 })).toMatch(
      /permission denied: it belongs to user 0, and this is user 65534: sudo, in front of the same command/,
    );
  });

  it("more than may be copied", async () => {
    const { status, stderr } = await coregram(["types", "--pid", String(process.pid), "--memory", "1M"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /has [\d.]+ MiB of memory, and 1.0 MiB may be copied: --memory \d+M allows more, and with --pause it is read where it stands/,
    );
  });

  it.skipIf(python === null)("but answers of it where it stays stopped", async () => {
    const { pid } = await begin(python ?? "", ["-c", "print(1, flush=True); import time; time.sleep(1000)"]);
    const ask = (...args: string[]) => coregram([...args, "--pid", String(pid), "--pause"]);
    for (const args of [["types", "--all"], ["owners", "--all"], ["info", "--format", "json"], ["stacks"]]) {
      const place = await ask(...args, "--memory", "1M");
      expect(place.stderr).toMatch(/and 1\.0 MiB may be copied: it stays stopped while it is read\n/);
      expect(place.stderr).toMatch(/was stopped for \d+ ms\n/);
      expect(place.stdout).toBe((await ask(...args)).stdout);
      expect(stateOf(pid)).toBe("S");
    }
  });

  it.skipIf(python === null)("more than may be copied twice, with what allows it", async () => {
    const { pid } = await begin(python ?? "", ["-c", "print(1, flush=True); import time; time.sleep(1000)"]);
    const diff = (memory: string) =>
      coregram(["diff", "--pid", String(pid), "--wait", "1ms", "--memory", memory]);
    const { status, stderr } = await diff("2M");
    expect(status).toBe(1);
    const advice = /, of which 2 copies are made, and 2.0 MiB may be copied: --memory (\d+M) allows/.exec(
      stderr,
    );
    expect(await diff(advice?.[1] ?? "")).toMatchObject({ status: 0 });
  });
});
