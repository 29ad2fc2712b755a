import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stateAt } from "../../../src/commands/pause/start-time.ts";
import { stopProcess } from "../../../src/commands/pause/stop-process.ts";
import { BIN, coregram, startCoregram, until } from "../program.ts";

const MOMENTS = 50;
/** So much that it is stopped for a while. */
const target = spawn(
  process.execPath,
  ["-e", "global.kept = Buffer.alloc(100e6, 1); console.log(1); setInterval(() => {}, 50)"],
  {
    stdio: ["ignore", "pipe", "ignore"],
  },
);
const pid = target.pid ?? 0;
const state = () => stateAt(`/proc/${pid}`);
const isWatched = () =>
  readdirSync("/proc").some((name) => {
    try {
      return (
        /watchdog\.js\0\d+/.exec(readFileSync(`/proc/${name}/cmdline`, "latin1"))?.[0] ===
        `watchdog.js\0${pid}`
      );
    } catch {
      return false;
    }
  });

beforeAll(() => new Promise<void>((resolve) => target.stdout.once("data", () => resolve())));
afterAll(() => target.kill("SIGKILL"));

const ask = ["words", "--pid", String(pid), "--pause", "--top", "1"].slice(1);

describe("a process that is stopped to be read", () => {
  it("goes on, and it is said for how long it was stopped", async () => {
    const { status, stderr } = await coregram(ask);
    expect(status).toBe(0);
    expect(stderr).toMatch(new RegExp(`^coregram: pid ${pid} was stopped for \\d+ ms$`, "m"));
    await until(() => state() !== "T");
    await until(() => !isWatched());
  });

  it("goes on where the program is killed, at any moment", async () => {
    let stopped = 0;
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      const child = spawn(process.execPath, [BIN, ...ask], { stdio: "ignore" });
      const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      // Some are killed while they start, and start the watchdog; the others some time after they have stopped it.
      if (moment % 2 === 0) await sleep(8 * moment);
      else {
        await until(() => state() === "T" || child.exitCode !== null);
        await sleep(moment % 10);
      }
      if (state() === "T") stopped += 1;
      child.kill("SIGKILL");
      await ended;
      await until(() => state() !== "T");
    }
    // Most of those that were waited for.
    expect(stopped).toBeGreaterThan(MOMENTS / 4);
    await until(() => !isWatched());
    expect(state()).not.toBe("T");
  });

  it("goes on after Ctrl-C, which all of a terminal's processes get", async () => {
    const child = spawn(process.execPath, [BIN, ...ask], { stdio: "ignore", detached: true });
    await until(() => state() === "T");
    process.kill(-(child.pid ?? 0), "SIGINT");
    await until(() => state() !== "T");
  });

  it.each(["SIGTSTP", "SIGSTOP"] as const)("goes on where the program itself gets %s", async (signal) => {
    // The program is caught while it has stopped it, which may take more than one.
    for (let attempt = 0; ; attempt += 1) {
      const child = startCoregram(ask);
      let hasEnded = false;
      void child.ended.then(() => {
        hasEnded = true;
      });
      await until(() => state() === "T" || hasEnded);
      child.kill(signal);
      await until(() => state() !== "T");
      // Again and again: at Ctrl-Z it stops itself after it has let the process go on.
      await until(() => {
        child.kill("SIGCONT");
        return hasEnded;
      });
      const { status, stderr } = await child.ended;
      expect(status, stderr).toBe(0);
      if (stderr.includes(`pid ${pid} went on while it was read, after less than `)) break;
      expect(attempt).toBeLessThan(20);
    }
    await until(() => !isWatched());
  });

  it("stays stopped where it was", async () => {
    process.kill(pid, "SIGSTOP");
    await until(() => state() === "T");
    const { status, stderr } = await coregram(ask);
    expect(status).toBe(0);
    expect(stderr).toContain(`pid ${pid} was stopped already, and is left to who stopped it`);
    expect(state()).toBe("T");
    process.kill(pid, "SIGCONT");
  });

  it("is the same process when it is let go on", async () => {
    const said: string[] = [];
    const resume = await stopProcess(pid, (text) => said.push(text));
    expect(state()).toBe("T");
    resume();
    await until(() => state() !== "T");
    expect(said).toEqual([expect.stringMatching(/^was stopped for \d+ ms$/)]);
  });

  it("is said to have gone on where somebody else lets it", async () => {
    const said: string[] = [];
    const say = (text: string) => said.push(text);
    const first = await stopProcess(pid, say);
    const second = await stopProcess(pid, say);
    first();
    await until(() => state() !== "T");
    second();
    expect(said).toEqual([
      "was stopped already, and is left to who stopped it",
      expect.stringMatching(/^was stopped for \d+ ms$/),
      "went on while it was read",
    ]);
  });

  it("is not this program", async () => {
    await expect(stopProcess(process.pid, () => {})).rejects.toThrow(/is this program itself/);
  });

  it("says so in info, too", async () => {
    const { status, stderr } = await coregram(["info", "--pid", String(pid), "--pause"]);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(new RegExp(`^coregram: pid ${pid} was stopped for \\d+ ms\n$`)),
    });
  });
});

/** How a cgroup's processes are frozen: by version 1, and by version 2, which needs no controller for it. */
const FREEZERS = [
  { root: "/sys/fs/cgroup/freezer", file: "freezer.state", frozen: "FROZEN", thawed: "THAWED" },
  ...["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].map((root) => ({
    root,
    file: "cgroup.freeze",
    frozen: "1",
    thawed: "0",
  })),
];
/** A cgroup of each kind that may be made here. */
const freezers = FREEZERS.flatMap((freezer) => {
  const folder = `${freezer.root}/coregram-test-${process.pid}`;
  try {
    mkdirSync(folder);
    if (existsSync(`${folder}/${freezer.file}`)) return [{ ...freezer, folder }];
    rmdirSync(folder);
  } catch {
    // None of this kind may.
  }
  return [];
});

describe.skipIf(freezers.length === 0)("a frozen process", () => {
  it.each(freezers)("is read as it is, and left frozen: $file", async ({ root, folder, ...freezer }) => {
    const { file, frozen, thawed } = freezer;
    const write = (name: string, text: string) => writeFileSync(`${folder}/${name}`, text);
    // What was asked for is there before it is so (cgroup-v2.rst, "cgroup.freeze").
    const isFrozenNow = () => {
      const told = readFileSync(`${folder}/${file === "cgroup.freeze" ? "cgroup.events" : file}`, "latin1");
      return /^FROZEN$|^frozen 1$/m.test(told);
    };
    write("cgroup.procs", String(pid));
    write(file, frozen);
    try {
      await until(isFrozenNow);
      const { status, stderr } = await coregram(ask);
      expect({ status, stderr }).toMatchObject({ status: 0 });
      expect(stderr).toContain(`pid ${pid} is frozen by its cgroup, and is left so`);
      expect(stderr).not.toContain("went on");
      expect(isFrozenNow()).toBe(true);
    } finally {
      write(file, thawed);
      await until(() => state() === "S");
      writeFileSync(`${root}/cgroup.procs`, String(pid));
      rmdirSync(folder);
    }
  });
});

it("a process that may not be stopped is not read either", async () => {
  const { status, stdout, stderr } = await coregram(["types", "--pid", "2147483000", "--pause"]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/no such process/);
});
