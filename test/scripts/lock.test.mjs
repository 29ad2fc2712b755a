import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { withLock } from "../../scripts/lock.mjs";

let folder;
let lock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coregram-lock-"));
  lock = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const noWait = () => expect.unreachable("there was a wait");

it("is there during the task and gone after it, whatever the task does", async () => {
  expect(await withLock(lock, async () => existsSync(lock), noWait)).toBe(true);
  await expect(withLock(lock, () => Promise.reject(new Error("no luck")), noWait)).rejects.toThrow("no luck");
  expect(readdirSync(folder)).toEqual([]);
});

it("lets one at a time run, the others wait and say for whom", async () => {
  let running = 0;
  const waits = [];
  const task = async () => {
    expect(++running).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    --running;
  };
  await Promise.all([1, 2, 3].map(() => withLock(lock, task, (pid) => waits.push(pid))));
  expect(waits).toEqual([String(process.pid), String(process.pid)]);
  expect(readdirSync(folder)).toEqual([]);
});

it("is taken over from a process that was killed", async () => {
  const module = new URL("../../scripts/lock.mjs", import.meta.url).href;
  const holder = spawn(process.execPath, [
    "--input-type=module",
    "-e",
    `import { withLock } from ${JSON.stringify(module)};
     await withLock(${JSON.stringify(lock)}, () => new Promise(() => console.log("held")));`,
  ]);
  await new Promise((resolve) => holder.stdout.once("data", resolve));
  expect(existsSync(lock)).toBe(true);
  await new Promise((resolve) => holder.once("exit", resolve).kill("SIGKILL"));
  await withLock(lock, async () => {}, noWait);
  expect(readdirSync(folder)).toEqual([]);
});

it("is held by the children of a holder that was killed", async () => {
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
  const dead = spawnSync(process.execPath, ["-e", "0"]).pid;
  writeFileSync(lock, `${dead} ${hostname()} 3 ${dead} ${child.pid}`);
  let waited = false;
  await withLock(
    lock,
    async () => expect(child.signalCode).toBe("SIGTERM"),
    () => {
      waited = true;
      child.kill();
    },
  );
  expect(waited).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});

it("stays this process's own with a child named in it", async () => {
  await withLock(lock, async (adopt) => adopt(process.pid), noWait);
  expect(readdirSync(folder)).toEqual([]);
});

it("is taken over when nobody touched it for long: one of another host, one that was never written", async () => {
  const dead = spawnSync(process.execPath, ["-e", "0"]).pid;
  const longAgo = new Date(Date.now() - 3_600_000);
  for (const text of ["1 another-host 5", "", `${process.pid} ${hostname()} 7`]) {
    writeFileSync(lock, text);
    utimesSync(lock, longAgo, longAgo);
    await withLock(lock, async () => {}, noWait);
  }
  writeFileSync(lock, `${dead} ${hostname()} 9`);
  await withLock(lock, async () => {}, noWait);
  expect(readdirSync(folder)).toEqual([]);
});
