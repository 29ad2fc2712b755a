import { rmSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { answerDiff } from "../../src/answers/diff.ts";
import { answerOwners } from "../../src/answers/owners.ts";
import { openTarget } from "../../src/image/index.ts";
import { canDump, dump, tool } from "../commands/live.ts";
import { Scratch } from "../commands/program.ts";
import { PYTHONS } from "./patterns/processes.ts";

const scratch = new Scratch();
const COUNT = 20_000;

/** Who holds what in a program that has come to its end, and what it says of itself in words. */
async function ownersOf(python: string, source: string) {
  const program = scratch.path("program.py");
  writeFileSync(program, `import sys, time\n${source}\nprint("ready", *said, flush=True)\ntime.sleep(600)\n`);
  const { core, said } = await dump(python, [program], scratch.put("program.core", ""));
  const target = await openTarget(core);
  try {
    return { ...(await answerOwners(target, { limit: Number.POSITIVE_INFINITY })), said };
  } finally {
    await target.close();
    rmSync(core);
  }
}

describe.skipIf(PYTHONS.length === 0).each(PYTHONS)("%s", (python) => {
  it.each([
    ["bytearrays", "bytearray(b'x' * 300)"],
    ["arrays", "array.array('d', range(40))"],
    ["structs", "struct.Struct('<%dI2H' % (i % 97))"],
  ])(
    "small buffers of %s are counted once, as their own",
    async (_, make) => {
      const { totals } = await ownersOf(
        python,
        `import array, struct\nobjs = [${make} for i in range(${COUNT})]\nsaid = []`,
      );
      const { otherBlocks = 0, mapped = 0 } = totals.balance;
      expect(totals.nativeBytes).toBeGreaterThan(0);
      expect(totals.nativeBytes).toBeLessThanOrEqual(otherBlocks + mapped);
    },
    60_000,
  );

  it("attributes' values are held by whoever holds the instances", async () => {
    const { rows, said } = await ownersOf(
      python,
      `class Rec:
  def __init__(self, i):
    ${Array.from({ length: 16 }, (_, at) => `self.a${at} = None`).join("; ")}
rows = [Rec(i) for i in range(${COUNT})]
# Bytes of an instance with what it has for its attributes alone; from 3.13 on that is in its own block.
import tracemalloc
tracemalloc.start()
before = tracemalloc.get_traced_memory()[0]
more = [Rec(i) for i in range(1000)]
each = (tracemalloc.get_traced_memory()[0] - before - sys.getsizeof(more)) // 1000
said = [each, int(sys.version_info >= (3, 13))]`,
    );
    const [each = 0, isInside] = said.slice(-2).map(Number);
    const row = rows.find(({ path }) => path === "__main__.rows");
    const held = (row?.bytes ?? 0) + (row?.nativeBytes ?? 0) - COUNT * 8;
    if (isInside === 0) expect(held / COUNT / each).toBeGreaterThan(0.9);
    expect(held / COUNT / each).toBeLessThan(1.1);
  }, 60_000);

  it("what a cache and an index have by the same keys is as many as it is, and of its type", async () => {
    const { rows } = await ownersOf(
      python,
      `class Req:
  def __init__(self, key): self.key = key
class Cache:
  def __init__(self): self.a, self.b = {}, {}
  def put(self, key):
    self.a[key] = self.b[key] = Req(key)
cache = Cache()
for key in range(1000, ${COUNT + 1000}): cache.put(key)
said = []`,
    );
    const set = rows.find(({ holders }) => holders?.includes("__main__.cache.a[*]"));
    expect(set).toMatchObject({ length: COUNT, type: "__main__.Req" });
    expect(set?.holders).toEqual(["__main__.cache.a[*]", "__main__.cache.b[*]"]);
  }, 60_000);
});

describe.skipIf(PYTHONS.length === 0)("what a thread's stack holds", () => {
  it("is the same owner in another process, whatever the thread's number", async () => {
    const program = scratch.put("same.py", 'import time\nprint("ready", flush=True)\ntime.sleep(600)\n');
    const python = PYTHONS.at(-1) ?? "";
    const [older, newer] = [
      (await dump(python, [program], scratch.put("older.core", ""))).core,
      (await dump(python, [program], scratch.put("newer.core", ""))).core,
    ];
    const targets = [await openTarget(older), await openTarget(newer)];
    const limit = Number.POSITIVE_INFINITY;
    const isStack = (path: unknown) => /^<thread \d+ stack>/.test(String(path));
    const [one] = targets;
    if (one === undefined) return expect.fail("no target");
    const held = await answerOwners(one, { limit });
    expect(held.rows.filter(({ path, nativeBytes }) => isStack(path) && nativeBytes > 0)).not.toEqual([]);
    const { rows } = await answerDiff(targets, { by: "owner", limit });
    expect(rows.filter((row) => "name" in row && isStack(row.name))).toEqual([]);
    for (const target of targets) await target.close();
    for (const core of [older, newer]) rmSync(core);
  }, 60_000);
});

/** A Python that has numpy; null where there is none. */
const WITH_NUMPY =
  canDump && tool("/usr/bin/python3", "-c", "import numpy; print(numpy.__version__)") !== null
    ? "/usr/bin/python3"
    : null;

describe.skipIf(WITH_NUMPY === null)("numpy's arrays", () => {
  it("are as large as sys.getsizeof says: with their elements where these are theirs", async () => {
    const { rows, totals, said } = await ownersOf(
      WITH_NUMPY ?? "",
      `import numpy as np
class Kept: pass
own = [np.zeros(100 + i) for i in range(300)]
views = [array[::2] for array in own]
shaped = [np.ones((3, 7), dtype="f4") for i in range(50)] + [np.asfortranarray(np.ones((50, 60))), np.array(1.5)]
objects = np.array([Kept() for i in range(5000)], dtype=object)
del own[100:]
said = [sum(map(sys.getsizeof, each)) for each in (own, views, shaped, [objects])] + [sys.getsizeof(own), sys.getsizeof(shaped)]`,
    );
    const [own = 0, views = 0, shaped = 0, objects = 0, ownList = 0, shapedList = 0] = said
      .slice(-6)
      .map(Number);
    const bytesOf = (path: string) => rows.find((row) => row.path === path)?.retainedBytes ?? 0;
    expect(bytesOf("__main__.own") + bytesOf("__main__.views")).toBeLessThan(own + views + 2 ** 19);
    expect(bytesOf("__main__.shaped")).toBe(shaped + shapedList);
    // What an array of objects holds is held by it.
    const held = rows.find(({ path }) => path === "__main__.objects");
    // With its dtype, and their namespace where they have one.
    expect(held?.count).toBeGreaterThanOrEqual(5001);
    expect(held?.count).toBeLessThan(5010);
    expect(bytesOf("__main__.objects")).toBeGreaterThan(objects + 5000 * 48);
    const { otherBlocks = 0, mapped = 0 } = totals.balance;
    expect(totals.nativeBytes).toBeLessThanOrEqual(otherBlocks + mapped);
    expect(ownList).toBeGreaterThan(0);
  }, 60_000);
});
