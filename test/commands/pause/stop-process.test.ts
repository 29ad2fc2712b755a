import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stateAt } from "../../../src/commands/pause/start-time.ts";
import { stopProcess } from "../../../src/commands/pause/stop-process.ts";
import { BIN, coregram, until } from "../program.ts";

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

  it("stays stopped where it was", async () => {
    process.kill(pid, "SIGSTOP");
    await until(() => state() === "T");
    const { status, stderr } = await coregram(ask);
    expect(status).toBe(0);
    expect(stderr).toContain(`pid ${pid} was stopped already, and stays so`);
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
});

it("a process that may not be stopped is not read either", async () => {
  const { status, stdout, stderr } = await coregram(["types", "--pid", "2147483000", "--pause"]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/no such process/);
});
