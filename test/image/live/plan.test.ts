import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openProcess } from "../../../src/image/index.ts";
import { readAboutProcess } from "../../../src/image/live/about.ts";
import { MemoryFile } from "../../../src/image/live/memory-file.ts";
import { planProcess } from "../../../src/image/live/take.ts";
import { tool } from "../../commands/live.ts";

const PAGE = 4096;
const MIB = 2 ** 20;
const python = tool("python3", "-c", "import sys; print(sys.executable)")?.trim() ?? null;
const folder = mkdtempSync(join(tmpdir(), "plan-"));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** A program that says an address, and waits. */
async function begin(program: string): Promise<{ pid: number; at: number }> {
  const args = ["-c", `import ctypes, mmap, sys\n${program}`, join(folder, "file")];
  const child = spawn(python ?? "", args, { stdio: ["pipe", "pipe", "inherit"], env: {} });
  children.push(child);
  if (child.stdout === null) throw new Error("it says nothing");
  const [said] = await once(child.stdout, "data");
  return { pid: child.pid ?? 0, at: Number(String(said)) };
}

const END = `
print(ctypes.addressof(ctypes.c_char.from_buffer(memory)), flush=True)
sys.stdin.read()
`;
const rss = (pid: number) =>
  1024 * Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]);

describe.skipIf(python === null)("what of a process is read", () => {
  it("is of a large file only what it wrote: the file's other pages are not mapped into it", async () => {
    const { pid, at } = await begin(`
file = open(sys.argv[1], "wb+")
file.truncate(64 << 20)
memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
memory[5] = 1
memory[40 << 20] = 7
memory[50 << 20] # read, and not written
${END}`);
    const memory = new MemoryFile(pid);
    const { placed } = planProcess(readAboutProcess(pid), memory);
    memory.close();
    const parts = placed.find(({ mapping }) => mapping.start === at)?.parts ?? [];
    expect(parts.map(({ start, end }) => [start - at, end - at])).toEqual([
      [0, PAGE],
      [40 * MIB, 40 * MIB + PAGE],
    ]);
    const before = rss(pid);
    const target = await openProcess(pid, { memory: 2 ** 30 });
    target.close();
    expect(rss(pid) - before).toBeLessThan(8 * MIB);
  });

  it("is of a large reserve what stands around the pages that it touched", async () => {
    const { pid, at } = await begin(`
memory = mmap.mmap(-1, 40 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)
for where in 0, 8 << 12, 20 << 30: memory[where] = 1
${END}`);
    const memory = new MemoryFile(pid);
    const { placed, room } = planProcess(readAboutProcess(pid), memory);
    memory.close();
    const runs = placed
      .find(({ mapping }) => mapping.start === at)
      ?.parts.map((part) => [part.start - at, part.end - at, part.runs.length]);
    // Transparent huge pages are 512 at once.
    expect(runs?.map(([start = 0]) => start - (start % (2 * MIB)))).toEqual([0, 20 * 2 ** 30]);
    expect(room).toBeLessThan(2 ** 30);
    const target = await openProcess(pid, { memory: 2 ** 30 });
    target.close();
  });
});
