import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stateAt } from "../../../src/commands/pause/start-time.ts";
import { readAboutProcess } from "../../../src/image/live/about.ts";
import { writeProcess } from "../../../src/image/live/dump.ts";
import { layOut } from "../../../src/image/live/layout.ts";
import { type LiveMapping, parseMappings } from "../../../src/image/live/mappings.ts";
import { MemoryFile } from "../../../src/image/live/memory-file.ts";
import type { Run } from "../../../src/image/live/pages.ts";
import { type Piece, readPieces } from "../../../src/image/live/pieces.ts";
import { readProc } from "../../../src/image/live/proc-file.ts";
import { copyProcess, coreOf, type ProcessPlan, planProcess } from "../../../src/image/live/take.ts";
import { type CoreSink, writeMemory } from "../../../src/image/live/write.ts";
import { tool } from "../../commands/live.ts";
import { until } from "../../commands/program.ts";

const PAGE = 4096;
const PIECE = 1 << 21;
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

const PROGRAM = `
import sys
kept = bytearray(${7 * PIECE})
for at in range(0, len(kept), 4096):
    if at // 4096 % 7 > 1:
        kept[at + 8 * (at // 4096 % 5)] = 1 + at // 4096 % 255
print("ready", flush=True)
sys.stdin.read()
`;

/** A process that keeps pages, some of them zeros, and is stopped. */
async function begin(): Promise<number> {
  const child = spawn("python3", ["-S", "-c", PROGRAM], { stdio: ["pipe", "pipe", "ignore"], env: {} });
  children.push(child);
  await once(child.stdout, "data");
  child.kill("SIGSTOP");
  const pid = child.pid ?? 0;
  await until(() => stateAt(`/proc/${pid}`) === "T");
  return pid;
}

/** A file in memory, and how it was written to. */
class HeldSink implements CoreSink {
  bytes = Buffer.alloc(0);
  writes = 0;
  writtenZeros = 0;
  /** What a write waits for. */
  readonly #gate: () => Promise<unknown>;

  constructor(gate: () => Promise<unknown> = () => Promise.resolve()) {
    this.#gate = gate;
  }

  async write(bytes: Uint8Array, at: number) {
    await this.#gate();
    this.writes += 1;
    if (this.bytes.length < at + bytes.length)
      this.bytes = Buffer.concat([this.bytes], Math.max(2 * this.bytes.length, at + bytes.length));
    if (bytes.length % PAGE === 0)
      for (let page = 0; page < bytes.length; page += PAGE)
        if (bytes.subarray(page, page + PAGE).every((byte) => byte === 0)) this.writtenZeros += 1;
    this.bytes.set(bytes, at);
  }

  read(at: number, into: Uint8Array) {
    into.fill(0);
    into.set(this.bytes.subarray(at, at + into.length));
  }
}

const hasPython = tool("python3", "--version") !== null;

describe.skipIf(!hasPython)("a core that is written while its process is stopped", () => {
  let pid: number;
  let memory: MemoryFile;
  let plan: ProcessPlan;
  let copy: Buffer;
  beforeAll(async () => {
    pid = await begin();
    memory = new MemoryFile(pid);
    plan = planProcess(readAboutProcess(pid), memory);
    const source = coreOf(await copyProcess(plan, memory), "a copy");
    copy = Buffer.alloc(source.size);
    source.read(0, copy);
  });
  afterAll(() => memory.close());

  it.each([
    ["with room for all", 2 ** 40],
    ["with room for some", 3 * PIECE],
    ["with no room", 0],
  ])("is what a copy of it is, %s", async (_, most) => {
    const sink = new HeldSink(() => nextTurn());
    const size = await writeProcess(pid, { memory: most, stop: async () => () => {} }, sink, () => {});
    expect(size).toBe(copy.length);
    expect(sink.bytes.subarray(0, size).equals(copy)).toBe(true);
    expect(sink.writtenZeros).toBe(0);
  });

  it("does not keep the process waiting for a file that takes nothing, where there is room", async () => {
    let goesOn = () => {};
    const resumed = new Promise<void>((resolve) => {
      goesOn = resolve;
    });
    const sink = new HeldSink(() => resumed);
    const size = await writeProcess(pid, { memory: 2 ** 40, stop: async () => goesOn }, sink, () => {});
    expect(sink.bytes.subarray(0, size).equals(copy)).toBe(true);
  });

  it("keeps no more in memory than it may", async () => {
    let open = () => {};
    const sink = new HeldSink(() => new Promise<void>((resolve) => (open = resolve)));
    let read = 0;
    const limits = { most: 3 * PIECE, pageBytes: PAGE };
    const whole = writeMemory(memory, plan.placed, sink, limits, (bytes) => {
      read += bytes;
    });
    for (let last = -1; last !== read; await sleep(200)) last = read;
    expect(read).toBeGreaterThan(PIECE);
    expect(read).toBeLessThanOrEqual(3 * PIECE);
    const opening = setInterval(() => open(), 0);
    await (await whole).finish();
    clearInterval(opening);
  });

  it("ends where the file takes no more, and the process goes on", async () => {
    const full = new Error("no space left");
    const sink = new HeldSink(async () => {
      if (sink.writes === 3) throw full;
    });
    let resumed = 0;
    const stop = async () => () => {
      resumed += 1;
    };
    for (const most of [0, 2 ** 40]) {
      sink.writes = 0;
      await expect(writeProcess(pid, { memory: most, stop }, sink, () => {})).rejects.toBe(full);
    }
    expect(resumed).toBe(2);
  });

  it("loses the pages that cannot be read, and no others, in parts of any size", async () => {
    const heap = parseMappings(readProc(`/proc/${pid}`, "smaps")).find(({ path }) => path === "[heap]");
    if (heap === undefined) throw new Error("it has no heap");
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 40 }),
        async (nowhere, pages) => {
          const run = { start: heap.start - nowhere * PAGE, end: heap.start + pages * PAGE };
          const mapping: LiveMapping = { ...heap, ...run };
          const { placed, end } = layOut([{ mapping, parts: [{ ...run, runs: [run] }] }], PAGE);
          // A page of the process at a time.
          const expected = Buffer.alloc(end);
          const gone = pagesOf(run.start, run.end).filter((at) => {
            const place = PAGE + at - run.start;
            return memory.read(at, expected.subarray(place, place + PAGE)) === 0;
          });
          const sink = new HeldSink();
          const limits = { most: 2 ** 30, pageBytes: PAGE };
          let read = 0;
          const { lost, finish } = await writeMemory(memory, placed, sink, limits, (bytes) => {
            read += bytes;
          });
          await finish();
          expect(read).toBe(run.end - run.start);
          const lostPages = (runs: readonly Run[][]) =>
            runs[0]?.flatMap(({ start, end }) => pagesOf(start, end));
          expect(lostPages(lost)).toEqual(gone);
          const written = Buffer.alloc(end);
          sink.read(0, written);
          expect(written.equals(expected)).toBe(true);
          for (const lanes of [1, 2, 3]) {
            const core = Buffer.alloc(end);
            const into = ({ place, start, end }: Piece) => core.subarray(place, place + end - start);
            expect(
              lostPages(
                await readPieces(
                  memory,
                  placed,
                  { pageBytes: PAGE, lanes },
                  () => into,
                  () => {},
                ),
              ),
            ).toEqual(gone);
            expect(core.equals(expected)).toBe(true);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

function pagesOf(start: number, end: number): number[] {
  return Array.from({ length: (end - start) / PAGE }, (_, index) => start + index * PAGE);
}
