import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Frame as AnswerFrame, answerStacks } from "../../../../src/answers/index.ts";
import { MemoryReader } from "../../../../src/blocks/index.ts";
import {
  openCore,
  openTarget,
  readModules,
  readThreads,
  threadPointersOf,
} from "../../../../src/image/index.ts";
import { LAYOUTS } from "../../../../src/runtimes/cpython/layout/layout.ts";
import { PythonMemory } from "../../../../src/runtimes/cpython/python-memory.ts";
import { readThreadStacks } from "../../../../src/runtimes/cpython/threads/stacks.ts";
import { findThreadStates } from "../../../../src/runtimes/cpython/threads/thread-states.ts";
import type { ThreadStacks } from "../../../../src/runtimes/index.ts";
import { dumpProgram, findPythons } from "../../pythons.ts";
import { openCoreFile, pathOf } from "../../read-core.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-stacks-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function stacksOf(path: string): Promise<ThreadStacks> {
  const source = await openCoreFile(path);
  try {
    const core = openCore(source);
    const found = core === null ? null : readThreadStacks(core, null);
    if (found === null) throw new Error(`no threads in ${path}`);
    return found;
  } finally {
    source.close();
  }
}

async function folded(path: string): Promise<AnswerFrame<"coregram/stacks@1">> {
  const target = await openTarget(path);
  try {
    return await answerStacks(target, { modules: false });
  } finally {
    await target.close();
  }
}

type Frame = [name: string, file: string, line: number];

describe.each(findPythons().filter((path) => !path.endsWith("/python3.6")))("%s", (python) => {
  it("has each thread where it says that it is", { timeout: 120_000 }, async () => {
    const deep = 10_000;
    const made = await dumpProgram(python, "stacks.py", scratch, {}, [String(deep)]);
    if (made === null) throw new Error("gcore may not trace it");
    const truth: Record<string, Frame[]> = JSON.parse(readFileSync(made.truth, "utf8"));
    const found = await stacksOf(made.core);
    const { totals, rows } = await folded(made.core);
    // The one that calls itself, the main thread, three kinds more, and all that are alike.
    expect(new Set(rows.map(({ stack }) => stack)).size).toBe(6);
    expect(Math.max(...rows.map(({ threads }) => threads))).toBe(60);
    expect(totals.threads.reduce((sum, { frames }) => sum + frames, 0)).toBe(
      rows.reduce((sum, { threads }) => sum + threads, 0),
    );
    rmSync(made.core);
    expect(found.runtime).toContain(basename(python).replace("python", ""));
    expect(found.isCut).toBe(false);
    expect(found.threads).toHaveLength(Object.keys(truth).length + 1);
    for (const { ident, thread, interpreter, frames, isWhole, isCut } of found.threads.slice(1)) {
      const own: Frame[] = frames.map((frame) => [frame.function ?? "", frame.file ?? "", frame.line ?? 0]);
      expect(own).toEqual(truth[String(ident)]);
      expect({ interpreter, isWhole, isCut }).toEqual({ interpreter: 0, isWhole: true, isCut: false });
      expect(thread).toBeGreaterThan(0);
    }
    const kinds = [...new Array(60).fill("plain"), "by_c", "by_generator", "by_comprehension", "recursive"];
    expect(found.threads.map(({ name }) => name)).toEqual([null, ...kinds.map((kind) => `a ${kind}`)]);
    const depths = found.threads.map(({ frames }) => frames.length);
    expect(Math.max(...depths)).toBeGreaterThan(deep);
    expect(found.threads[0]?.frames.at(-1)?.function).toBe("<module>");
    expect(new Set(found.threads.map(({ thread }) => thread)).size).toBe(found.threads.length);
  });
});

/** PyFrameObject.f_back up to 3.10, _PyInterpreterFrame.previous from 3.13 on. */
const F_BACK = 24;
const PREVIOUS = 8;

const CORES = ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15"] as const;

describe.each(CORES)("the committed core of %s", (version) => {
  const path = pathOf(`cores/py-${version}.core.xz`);

  it("has its main thread's stack", async () => {
    const { runtime, threads } = await stacksOf(path);
    expect(runtime).toBe(`CPython ${version}`);
    const [main] = threads;
    expect(main?.frames.at(-1)).toMatchObject({ function: "<module>" });
    expect(main?.frames.every(({ line }) => line !== null && line > 0)).toBe(true);
  });

  it("has frames that run in a circle once, and those of a lost C stack from its own stack", async () => {
    const whole = await stacksOf(path);
    const { bytes, state, offsetOf } = await opened(path);
    const fields = state("current_frame") ?? state("frame");
    if (fields === null) {
      // 3.11 and 3.12: what the state has leads to the C stack, which may be lost.
      const cframe = state("cframe");
      if (cframe === null) throw new Error("no way to a frame");
      bytes.setBigUint64(offsetOf(cframe.at), 8n, true);
      const torn = await stacksOf(written(bytes));
      expect(torn.threads[0]).toMatchObject({ frames: whole.threads[0]?.frames, isWhole: false });
      return;
    }
    const newest = fields.value;
    const frame = fields.name === "frame" ? F_BACK : PREVIOUS;
    const previous = newest + frame;
    bytes.setBigUint64(offsetOf(previous), BigInt(newest), true);
    const circle = await stacksOf(written(bytes));
    expect(circle.threads[0]?.frames[0]).toEqual(whole.threads[0]?.frames[0]);
    expect(circle.threads[0]?.isWhole).toBe(false);
  });
});

it("says that the list of threads is damaged where it runs in a circle", async () => {
  const { bytes, state, offsetOf } = await opened(pathOf("cores/py-3.14.core.xz"));
  const next = state("next");
  const self = state("prev");
  if (next === null || self === null) throw new Error("no list");
  bytes.setBigUint64(offsetOf(next.at), BigInt(self.at), true);
  expect((await stacksOf(written(bytes))).isCut).toBe(true);
});

let files = 0;
function written(bytes: DataView): string {
  files += 1;
  const path = join(scratch, `patched-${files}.core`);
  writeFileSync(path, bytes);
  return path;
}

/** A core's bytes to be changed, and where a field of its first thread's state is. */
async function opened(path: string) {
  const source = await openCoreFile(path);
  try {
    const bytes = new Uint8Array(source.size);
    source.read(0, bytes);
    const core = openCore(source);
    if (core === null) throw new Error(path);
    const memory = new PythonMemory(core, readModules(core), null);
    const reader = new MemoryReader(core.image);
    const pointers = threadPointersOf(readThreads(core)).filter((pointer) => pointer !== null);
    const { states } = findThreadStates(reader, memory.spans.all, new Set(pointers)) ?? { states: [] };
    const address = states[0]?.address ?? 0;
    const layout = LAYOUTS.find(({ version }) => path.endsWith(`py-${version}.core.xz`));
    const fields = layout?.structs.PyThreadState as Readonly<Record<string, number>>;
    return {
      bytes: new DataView(bytes.buffer),
      state(name: string) {
        const offset = fields[name];
        return offset === undefined
          ? null
          : { name, at: address + offset, value: reader.u64(address + offset) };
      },
      offsetOf(at: number) {
        const segment = core.image.segmentAt(BigInt(at) as never);
        if (segment === null) throw new Error(`nothing at ${at}`);
        return segment.extent.offset + (at - Number(segment.start));
      },
    };
  } finally {
    source.close();
  }
}
