import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, expect, it } from "vitest";
import { type ByteSource, readAt, sharedBytes } from "../../../src/bytes/index.ts";
import { openProcess } from "../../../src/image/index.ts";
import { readAboutProcess } from "../../../src/image/live/about.ts";
import { parseMappings } from "../../../src/image/live/mappings.ts";
import { MemoryFile } from "../../../src/image/live/memory-file.ts";
import { touchedRuns } from "../../../src/image/live/pages.ts";
import { readProc } from "../../../src/image/live/proc-file.ts";
import { copyProcess, coreOf, makeRoom, planProcess, readInPlace } from "../../../src/image/live/take.ts";

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

function allOf(source: ByteSource): Buffer {
  const bytes = Buffer.alloc(source.size);
  expect(source.read(0, bytes)).toBe(bytes.length);
  return bytes;
}

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
  const plan = planProcess(readAboutProcess(pid), memory);
  const made = await makeRoom(plan);
  const copies = [
    await copyProcess(plan, memory, { made }),
    await copyProcess(plan, memory, { made: new SharedArrayBuffer(8), isAwaited: true }),
  ];
  memory.close();
  await expect(openProcess(pid, { memory: 100_000 })).rejects.toMatchObject({ code: "limit" });
  expect(copies[0]?.memory.view(8, 8).buffer).toBe(made);
  const cores = copies.map((copy) => allOf(coreOf(copy, "a copy")));
  expect(cores[0]?.length).toBeGreaterThan(100_000);
  expect(cores[1]?.equals(cores[0] ?? Buffer.alloc(0))).toBe(true);
});

it("reads a process that stays stopped where it stands, as a copy of it has it", async () => {
  const { pid } = await begin();
  process.kill(pid, "SIGSTOP");
  const memory = new MemoryFile(pid);
  const plan = planProcess(readAboutProcess(pid), memory);
  const copy = allOf(coreOf(await copyProcess(plan, memory), "a copy"));
  let resumed = 0;
  const place = coreOf(
    readInPlace(plan, memory, () => {
      resumed += 1;
    }),
    "in place",
  );
  expect(allOf(place).equals(copy)).toBe(true);
  // Across the ends of runs, of the frame and of the file, as other threads read it, too.
  const clone = structuredClone(sharedBytes(place));
  const edges = plan.placed.flatMap(({ parts }) =>
    parts.flatMap(({ offset, start, end }) => [offset, offset + end - start]),
  );
  for (const edge of [8, plan.end, copy.length - 8, ...edges]) {
    const [from, to] = [Math.max(0, edge - 24), Math.min(copy.length, edge + 24)];
    const bytes = new Uint8Array(to - from);
    readAt(clone, from, bytes);
    expect(Buffer.from(bytes).equals(copy.subarray(from, to))).toBe(true);
  }
  expect(place.read(copy.length, new Uint8Array(8))).toBe(0);
  expect(resumed).toBe(0);
  place.close();
  place.close();
  expect(resumed).toBe(1);
});

it("a process with more memory than may be copied is read while it stays stopped", async () => {
  const { pid } = await begin();
  let resumed = 0;
  const stop = async () => () => {
    resumed += 1;
  };
  const notes: string[] = [];
  const target = await openProcess(pid, { memory: 100_000, stop }, (event) => {
    if (event.kind === "note") notes.push(event.text);
  });
  expect(notes.join()).toMatch(/ of memory, and 97\.7 KiB may be copied: it stays stopped while it is read$/);
  expect(resumed).toBe(0);
  target.close();
  expect(resumed).toBe(1);
  // Two copies are of two moments.
  await expect(openProcess(pid, { memory: 100_000, copies: 2, stop })).rejects.toMatchObject({
    code: "limit",
  });
  expect(resumed).toBe(1);
});
