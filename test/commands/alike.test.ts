import { writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Frame } from "../../src/answers/index.ts";
import { canDump, dump, tool } from "./live.ts";
import { coregram, Scratch } from "./program.ts";

const THREADS = 24;
const TASKS = 200;

/** Threads that wait, each with rows of its own; tasks that wait for one event, each in a call of another function. */
const PROGRAM = `
import asyncio, sys, threading

def work(number):
    rows = ["row %d of %d" % (row, number) for row in range(500)]
    gate.wait()

async def read(number):
    data = ["%d of %d" % (part, number) for part in range(40)]
    await event.wait()

async def fetch(number):
    page = bytearray(3000)
    await read(number)

gate = threading.Event()
for number in range(${THREADS}):
    threading.Thread(target=work, args=(number,), daemon=True).start()

async def main():
    global event, tasks
    event = asyncio.Event()
    tasks = [asyncio.ensure_future(fetch(number)) for number in range(${TASKS})]
    await asyncio.sleep(0.3)
    print("ready", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
`;

const python = "/usr/bin/python3";

describe.skipIf(!canDump || tool(python, "--version") === null)("threads and tasks that are alike", () => {
  const scratch = new Scratch();
  let core = "";

  beforeAll(async () => {
    const program = scratch.put("alike.py", "");
    writeFileSync(program, PROGRAM);
    ({ core } = await dump(python, [program], scratch.put("alike.core", "")));
  });

  async function owners(...args: readonly string[]): Promise<Frame<"coregram/owners@1">> {
    const { status, stdout, stderr } = await coregram(["owners", core, "--format", "json", ...args]);
    expect(status, stderr).toBe(0);
    return JSON.parse(Buffer.from(stdout, "latin1").toString("utf8"));
  }

  it("are a row each by function, with all that they hold", async () => {
    const { rows } = await owners("--top", "20");
    const threads = rows.find(({ path }) => path?.includes(" in work "));
    expect(threads).toMatchObject({
      type: "builtins.list",
      length: THREADS * 500,
      folded: THREADS,
      address: null,
    });
    expect(threads?.path).toMatch(new RegExp(`^<${THREADS} threads in work alike.py:\\d+>\\.rows$`));
    expect(threads?.count).toBe(THREADS * 501);
    const tasks = rows.find(({ path }) => / in fetch alike.py:\d+>$/.test(path ?? ""));
    expect(tasks).toMatchObject({ type: "_asyncio.Task", folded: TASKS });
    expect(tasks?.path).toMatch(new RegExp(`^<${TASKS} tasks in fetch alike.py:\\d+>$`));
    // A buffer and its 3,000 bytes, a list of 40 texts, each of 50 bytes and more.
    expect(tasks?.retainedBytes).toBeGreaterThan(TASKS * (3000 + 40 * 50));
    expect(rows.filter(({ path }) => path === "__main__.tasks")).toEqual([]);
  });

  it("are a row for each with --unfold", async () => {
    const { rows } = await owners("--all", "--unfold");
    const threads = rows.filter(({ path }) => /^<thread \d+ work alike.py:\d+>\.rows$/.test(path ?? ""));
    expect(new Set(threads.map(({ path }) => path)).size).toBe(THREADS);
    expect(threads.every(({ length, folded, address }) => length === 500 && folded === null && address)).toBe(
      true,
    );
    expect(rows.filter(({ path }) => path?.startsWith("<task fetch ")).length).toBeGreaterThanOrEqual(TASKS);
  });

  it("are below what holds them in a tree, once", async () => {
    const { rows } = await owners("--tree", "--top", "40");
    expect(rows.filter(({ path }) => path?.includes(" in work ")).map(({ depth }) => depth)).toEqual([0]);
    expect(rows.filter(({ path }) => / tasks in fetch alike.py:\d+>$/.test(path ?? "")).length).toBe(1);
  });
});
