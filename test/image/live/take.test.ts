import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, expect, it } from "vitest";
import { openProcess } from "../../../src/image/index.ts";
import { readAboutProcess } from "../../../src/image/live/about.ts";
import { copyMapping } from "../../../src/image/live/copy.ts";
import { layOut } from "../../../src/image/live/layout.ts";
import { parseMappings } from "../../../src/image/live/mappings.ts";
import { MemoryFile } from "../../../src/image/live/memory-file.ts";
import { touchedRuns } from "../../../src/image/live/pages.ts";
import { readProc } from "../../../src/image/live/proc-file.ts";
import { copyProcess, frameCopy, makeRoom, planProcess } from "../../../src/image/live/take.ts";

const PAGE = 4096;
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

async function begin(): Promise<{ child: ChildProcess; pid: number }> {
  const child = spawn("sh", ["-c", "echo ready; read x"], { stdio: ["pipe", "pipe", "ignore"], env: {} });
  children.push(child);
  if (child.stdout === null) throw new Error("it says nothing");
  await once(child.stdout, "data");
  return { child, pid: child.pid ?? 0 };
}

it("pages that went away are lost, and what stands around them is not", async () => {
  const { pid } = await begin();
  const mappings = parseMappings(readProc(`/proc/${pid}`, "smaps"));
  const heap = mappings.find(({ path }) => path === "[heap]");
  if (heap === undefined) throw new Error("it has no heap");
  const memory = new MemoryFile(pid);
  // The first page of the heap between two that are nowhere.
  const [start, end] = [heap.start - PAGE, heap.start + 2 * PAGE];
  const run = { start, end };
  const { placed } = layOut([{ mapping: { ...heap, ...run }, parts: [{ ...run, runs: [run] }] }], PAGE);
  const core = new SharedArrayBuffer(8 * PAGE);
  const [first] = placed;
  if (first === undefined) throw new Error("nothing is placed");
  const lost = await copyMapping(memory, first, core, PAGE, () => {});
  expect(lost).toEqual([{ start, end: heap.start }]);
  const direct = new Uint8Array(2 * PAGE);
  expect(memory.read(heap.start, direct)).toBe(2 * PAGE);
  expect(Buffer.from(new Uint8Array(core, 2 * PAGE, 2 * PAGE)).equals(direct)).toBe(true);
  memory.close();
});

it("a process that ends while it is read is said to have", async () => {
  const { child, pid } = await begin();
  const stack = parseMappings(readProc(`/proc/${pid}`, "smaps")).find(({ path }) => path === "[stack]");
  const memory = new MemoryFile(pid);
  const at = (stack?.end ?? 0) - PAGE;
  expect(memory.read(at, new Uint8Array(PAGE))).toBe(PAGE);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(() => memory.read(at, new Uint8Array(PAGE))).toThrow(/ended, or became another program/);
  memory.close();
  await expect(openProcess(pid, { memory: 2 ** 30 })).rejects.toMatchObject({ code: "io" });
});

it("one that becomes another program while it is read is said to have, and is let go on", async () => {
  const { pid } = await begin();
  let resumed = 0;
  const stop = async () => {
    process.kill(pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 50));
    return () => {
      resumed += 1;
    };
  };
  await expect(openProcess(pid, { memory: 2 ** 30, stop })).rejects.toMatchObject({ code: "changed" });
  expect(resumed).toBe(1);
});

it("finds the pages that were touched", async () => {
  // A stack: its upper pages have been, and below the mapping none are.
  const { pid } = await begin();
  const stack = parseMappings(readProc(`/proc/${pid}`, "smaps")).find(({ path }) => path === "[stack]");
  if (stack === undefined) throw new Error("it has no stack");
  const memory = new MemoryFile(pid);
  const runs = touchedRuns(memory.pagemap, stack.start - 700 * PAGE, stack.end, PAGE);
  expect(runs.at(-1)?.end).toBe(stack.end);
  expect(runs.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(stack.touchedBytes);
  memory.close();
});

it("copies to the room that was made, and where that is too small to another", async () => {
  const { pid } = await begin();
  const memory = new MemoryFile(pid);
  const plan = planProcess(readAboutProcess(pid), memory, 2 ** 30);
  const made = await makeRoom(plan);
  const copies = [
    await copyProcess(plan, memory, () => {}, made),
    await copyProcess(plan, memory, () => {}, new SharedArrayBuffer(8)),
  ];
  expect(() => planProcess(plan.about, memory, 100_000)).toThrow(/may be copied/);
  memory.close();
  expect(copies[0]?.bytes).toBe(made);
  const cores = copies.map((copy) => Buffer.from(new Uint8Array(copy.bytes, 0, frameCopy(copy))));
  expect(cores[0]?.length).toBeGreaterThan(100_000);
  expect(cores[1]?.equals(cores[0] ?? Buffer.alloc(0))).toBe(true);
});
