import { readdirSync, readlinkSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import {
  answerArenas,
  answerChain,
  answerContainers,
  answerDiff,
  answerGdbScript,
  answerHolders,
  answerInfo,
  answerOwners,
  answerStrings,
  answerSymbols,
  answerTypes,
  answerWhatis,
  answerWords,
} from "../../src/answers/index.ts";
import { openTarget, type Target } from "../../src/image/index.ts";
import { type AnswerEvent, address, type Listener } from "../../src/terms/index.ts";
import { distinctWords, Scratch, words } from "../commands/program.ts";

// What an answer opens it closes, whether it comes about or not: threads, spills, files of modules, the target's own.
const scratch = new Scratch();
const PYTHON = fileURLToPath(new URL("../runtimes/cores/py-3.11.core.xz", import.meta.url));
const NO_PYTHON = fileURLToPath(new URL("../elf/cores/gcore-x86-64.core.gz", import.meta.url));
const OPTIONS = { threads: 3, modules: false };

/** Files that this process has open, other than libraries and devices, the test runner's own among them. */
function openFiles(): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      const path = readlinkSync(join("/proc/self/fd", fd));
      return /coregram-|\.core/.test(path) ? [path] : [];
    } catch {
      return [];
    }
  });
}

// libuv starts its pool, which stays, when a file is first asked for asynchronously: on some Nodes not before an answer does.
beforeAll(() => stat("/proc/self"));

const threads = () => readdirSync("/proc/self/task").length;

/** Threads go a moment after they were told to; the suite's own limit ends this where they never do. */
async function settled(most: number): Promise<number> {
  while (threads() > most) await sleep(5);
  return threads();
}

/** Everything that can be asked of one target. */
const questions: Record<string, (target: Target, listener?: Listener) => Promise<unknown>> = {
  types: (target, listener) => answerTypes(target, OPTIONS, listener),
  strings: (target, listener) => answerStrings(target, OPTIONS, listener),
  containers: (target, listener) => answerContainers(target, OPTIONS, listener),
  arenas: (target, listener) => answerArenas(target, OPTIONS, listener),
  owners: (target, listener) => answerOwners(target, OPTIONS, listener),
  holders: (target, listener) => answerHolders(target, "dict", OPTIONS, listener),
  chain: (target, listener) => answerChain(target, address(1n), OPTIONS, listener),
  diff: (target, listener) => answerDiff([target, target], OPTIONS, listener),
  "diff by word": (target, listener) => answerDiff([target, target], { ...OPTIONS, by: "word" }, listener),
  info: (target) => answerInfo(target, OPTIONS),
  whatis: (target, listener) => answerWhatis(target, [address(0x1000n)], OPTIONS, listener),
  words: async (target, listener) => (await answerWords(target, OPTIONS, listener)).close(),
  script: async (target, listener) => (await answerGdbScript(target, OPTIONS, listener)).close(),
  symbols: (target, listener) => answerSymbols(target, { sysroot: "/nowhere" }, listener),
};

describe.each(Object.entries(questions))("%s", (_name, ask) => {
  it.each([
    ["Python", PYTHON, 1],
    // So small that it is held in memory.
    ["no Python", NO_PYTHON, 0],
  ])("of a core of %s leaves nothing open", async (_what, path, files) => {
    const before = threads();
    const target = await openTarget(path);
    expect(openFiles()).toHaveLength(files);
    await ask(target).catch(() => undefined);
    expect(openFiles()).toHaveLength(files);
    target.close();
    target.close();
    expect(openFiles()).toEqual([]);
    expect(await settled(before)).toBeLessThanOrEqual(before);
  });

  it("leaves nothing open where the listener throws", async () => {
    const before = threads();
    const target = await openTarget(PYTHON);
    let heard = 0;
    const listener = () => {
      heard += 1;
      throw new Error("enough");
    };
    const outcome = await ask(target, listener).catch((error: Error) => error.message);
    if (heard > 0) expect(outcome).toBe("enough");
    target.close();
    expect(openFiles()).toEqual([]);
    expect(await settled(before)).toBeLessThanOrEqual(before);
  });

  it("is refused by a target that was closed", async () => {
    const target = await openTarget(NO_PYTHON);
    target.close();
    await expect(ask(target)).rejects.toMatchObject({ code: "usage", message: /was closed$/ });
  });
});

describe("a target", () => {
  it("that is closed while it is asked stays open until the answer is made", async () => {
    const target = await openTarget(PYTHON);
    const alone = await answerTypes(target, OPTIONS);
    const asked = answerTypes(target, OPTIONS);
    target.close();
    expect(await asked).toEqual(alone);
    expect(openFiles()).toEqual([]);
  });

  it("that cannot be opened leaves nothing open", async () => {
    const base = address(2n ** 64n - 1n);
    await expect(openTarget(NO_PYTHON, { base })).rejects.toMatchObject({ code: "usage" });
    expect(openFiles()).toEqual([]);
  });

  it("says why a broken ELF file is plain words, once", async () => {
    const events: AnswerEvent[] = [];
    const path = scratch.put(
      "broken",
      Buffer.from("\x7fELF\x09\x09\x09garbage and more of it, for 64 bytes or so", "latin1"),
    );
    const target = await openTarget(path, {}, (event) => events.push(event));
    expect(target).toMatchObject({ kind: "raw", compression: null, name: path });
    expect(target.broken).toMatch(/\w/);
    expect(events).toEqual([
      { kind: "warning", target: path, text: `${target.broken}: taken as plain words` },
    ]);
    target.close();
  });
});

describe("a histogram of words", () => {
  it("that is spilled has its temporary file until it is closed", async () => {
    const temporaryFolder = scratch.folder;
    const path = scratch.put("noise", words(distinctWords(3_000_000)));
    const target = await openTarget(path);
    const result = await answerWords(target, {
      limit: Number.POSITIVE_INFINITY,
      distinct: true,
      memory: 32 * 2 ** 20,
      threads: 1,
      temporaryFolder,
    });
    target.close();
    expect(openFiles()).toHaveLength(1);
    expect(result.totals).toMatchObject({ distinct: 3_000_000, restCount: 0 });
    let rows = 0;
    for (const { count } of result.rows) rows += count;
    expect(rows).toBe(3_000_000);
    await result.close();
    await result.close();
    expect(openFiles()).toEqual([]);
  });

  it("counts what is in no row, and starts its rows anew each time", async () => {
    const target = await openTarget(scratch.put("few", words([1n, 2n, 2n, 3n, 3n, 3n])));
    const result = await answerWords(target, { limit: 2 });
    const rows = [...result.rows];
    expect(rows.map(({ count }) => count)).toEqual([3, 2]);
    expect([...result.rows]).toEqual(rows);
    expect(JSON.parse(JSON.stringify(result.totals))).toEqual({
      bytes: 48,
      words: 6,
      distinct: null,
      restCount: 1,
    });
    await result.close();
    target.close();
  });
});

describe("events", () => {
  it("name the target that they are about, in their order, and progress never falls", async () => {
    const events: AnswerEvent[] = [];
    const target = await openTarget(PYTHON, {}, (event) => events.push(event));
    await answerTypes(target, OPTIONS, (event) => events.push(event));
    target.close();
    expect(new Set(events.map((event) => event.target))).toEqual(new Set([PYTHON]));
    const said = events.filter(({ kind }) => kind === "note");
    expect(said).toMatchObject([{ text: expect.stringMatching(/^CPython 3\.11, pymalloc, /) }]);
    const far = new Map<string, number>();
    for (const event of events) {
      if (event.kind !== "progress") continue;
      expect(event.done).toBeGreaterThanOrEqual(far.get(event.stage) ?? 0);
      far.set(event.stage, event.done);
    }
    expect([...far.keys()]).toContain("decompressing");
  });

  it("of two targets at once are each their own's, and so are the answers", async () => {
    const heard: Record<string, AnswerEvent[]> = { [PYTHON]: [], [NO_PYTHON]: [] };
    const ask = async (path: string) => {
      const listener: Listener = (event) => heard[path]?.push(event);
      const target = await openTarget(path, {}, listener);
      try {
        return await answerOwners(target, OPTIONS, listener);
      } finally {
        target.close();
      }
    };
    const alone = await ask(PYTHON);
    const [python, none] = await Promise.allSettled([ask(PYTHON), ask(NO_PYTHON)]);
    expect(python).toEqual({ status: "fulfilled", value: alone });
    expect(none).toMatchObject({ status: "rejected", reason: { code: "format" } });
    for (const [path, events] of Object.entries(heard))
      expect(new Set(events.map(({ target }) => target))).toEqual(new Set([path]));
  });
});
