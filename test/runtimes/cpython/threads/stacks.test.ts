import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Frame as AnswerFrame, answerStacks } from "../../../../src/answers/index.ts";
import { openCore, openTarget } from "../../../../src/image/index.ts";
import { readThreadStacks } from "../../../../src/runtimes/cpython/threads/stacks.ts";
import type { ThreadStacks } from "../../../../src/runtimes/index.ts";
import { dumpProgram, findPythons } from "../../pythons.ts";
import { openCoreFile, pathOf } from "../../read-core.ts";
import { openedCore } from "./opened-core.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-stacks-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let files = 0;
function newFile(): string {
  files += 1;
  return join(scratch, `patched-${files}.core`);
}

async function stacksOf(path: string): Promise<ThreadStacks> {
  const source = await openCoreFile(path);
  try {
    const core = openCore(source);
    const found = core === null ? null : readThreadStacks(core, null, { locals: false });
    if (found === null || "reason" in found) throw new Error(`no threads in ${path}`);
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

describe.each(findPythons())("%s", (python) => {
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
    expect(found.threads.map(({ gil, raises, handles }) => [gil, raises, handles])).toEqual(
      found.threads.map(() => [null, null, []]),
    );
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
    const { state, writeTo } = await openedCore(path, version);
    const newest = state("current_frame") ?? state("frame");
    if (newest === null) {
      // 3.11 and 3.12: what the state has leads to the C stack, which may be lost.
      const cframe = state("cframe");
      if (cframe === null) throw new Error("no way to a frame");
      const torn = await stacksOf(writeTo(newFile(), { [cframe.at]: 8n }));
      expect(torn.threads[0]).toMatchObject({ frames: whole.threads[0]?.frames, isWhole: false });
      return;
    }
    const previous = newest.value + (state("frame") === null ? PREVIOUS : F_BACK);
    const circle = await stacksOf(writeTo(newFile(), { [previous]: BigInt(newest.value) }));
    expect(circle.threads[0]?.frames[0]).toEqual(whole.threads[0]?.frames[0]);
    expect(circle.threads[0]?.isWhole).toBe(false);
  });
});

it("says that the list of threads is damaged where it runs in a circle", async () => {
  const { state, writeTo } = await openedCore(pathOf("cores/py-3.14.core.xz"), "3.14");
  const next = state("next");
  const self = state("prev");
  if (next === null || self === null) throw new Error("no list");
  expect((await stacksOf(writeTo(newFile(), { [next.at]: BigInt(self.at) }))).isCut).toBe(true);
});
