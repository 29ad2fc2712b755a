import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import type { Entry } from "./dicts.ts";
import type { DiffJson } from "./results.ts";
import { World } from "./world.ts";

interface Plan {
  readonly rows: number;
  readonly texts: number;
  readonly pid?: number;
  readonly random?: number;
}

/** A process whose list grows by floats and whose dict of texts shrinks. */
function core({ rows, texts, pid = 4711, random = 7 }: Plan): string {
  const world = new World(12);
  const { values, containers, dicts, heap } = world;
  const list = containers.list(
    Array.from({ length: rows }, (_, n) => values.float(n)),
    1000,
  );
  const entries = Array.from({ length: texts }, (_, n): Entry => {
    const text = values.str(`text ${n}`);
    return [text, text];
  });
  const table = dicts.dict(entries, { log2: 8 });
  world.module("app", [
    [values.str("rows"), list],
    [values.str("texts"), table],
  ]);
  world.addInterpreter();
  const { start } = heap.malloc.allocate(16);
  heap.memory.u64(start, random);
  world.process.random = start;
  const [thread] = world.process.threads;
  if (thread) thread.pid = pid;
  return putCore(world.build().core);
}

const SAME = {
  oldLength: null,
  newLength: null,
  freshCount: null,
  freshBytes: null,
  oldNativeBytes: null,
  newNativeBytes: null,
  frames: null,
  symbol: null,
};

describe("between two cores", () => {
  it("all of saved memory is compared by the balance, and where it grew is said by any name", async () => {
    const paths = [core({ rows: 100, texts: 20 }), core({ rows: 400, texts: 20 })];
    const { json } = await ask<DiffJson>("diff", paths, "--by", "balance");
    const objects = json.rows.find(({ name }) => name === "blocks of live objects");
    expect(objects).toMatchObject({ bytesDiff: 300 * 32, newCount: 0 });
    const { said } = await ask<DiffJson>("diff", paths, "--by", "owner");
    expect(said.filter((line) => line.startsWith("saved memory"))).toEqual([
      expect.stringContaining("+9.4 KiB blocks of live objects"),
    ]);
  });

  it("types grow and shrink by exactly what came and went", async () => {
    const { json } = await ask<DiffJson>("diff", [
      core({ rows: 100, texts: 20 }),
      core({ rows: 400, texts: 10 }),
    ]);
    const floats = {
      oldCount: 100,
      newCount: 400,
      countDiff: 300,
      oldBytes: 2400,
      newBytes: 9600,
      bytesDiff: 7200,
    };
    expect(json.rows[0]).toEqual({ by: "type", name: "builtins.float", ...floats, ...SAME });
    expect(json.rows[1]).toMatchObject({ name: "builtins.str", countDiff: -10, bytesDiff: -10 * 48 });
    expect(json.rows).toHaveLength(2);
    const { oldBytes, newBytes, oldCount, newCount } = json.totals;
    expect([newBytes - oldBytes, newCount - oldCount]).toEqual([7200 - 480, 290]);
  });

  it("owners grow with their lengths, and a suspect says by how much", async () => {
    const paths = [core({ rows: 100, texts: 20 }), core({ rows: 400, texts: 10 })];
    const { json, said } = await ask<DiffJson>("diff", paths, "--by", "owner");
    expect(json.rows[0]).toMatchObject({ name: "app.rows", oldLength: 100, newLength: 400, bytesDiff: 7200 });
    expect(json.rows[1]).toMatchObject({ name: "app.texts", oldLength: 20, newLength: 10, bytesDiff: -480 });
    expect(said.filter((line) => line.startsWith("suspect"))).toEqual([
      expect.stringMatching(
        /^suspect: app\.rows holds [\d.]+ % of memory \([\d.]+ KiB\), 400 items of .*, grew by 300 items, 7\.0 KiB/,
      ),
    ]);
  });

  it("what did not grow is no suspect", async () => {
    const paths = [core({ rows: 400, texts: 10 }), core({ rows: 400, texts: 10 })];
    const { json, said } = await ask<DiffJson>("diff", paths, "--by", "owner");
    expect(json.rows).toEqual([]);
    expect(said.filter((line) => line.startsWith("suspect"))).toEqual([]);
    const types = await ask<DiffJson>("diff", paths);
    expect(types.said.filter((line) => line.startsWith("suspect"))).toEqual([
      expect.stringMatching(/^suspect: app\.rows holds /),
      expect.stringMatching(/^suspect: app\.texts holds /),
    ]);
  });

  it("of one process new objects are told from those that were there", async () => {
    const paths = [core({ rows: 100, texts: 20 }), core({ rows: 400, texts: 20 })];
    const { json } = await ask<DiffJson>("diff", paths, "--new");
    expect(json.totals.sameProcess).toBe(true);
    expect(json.rows.map(({ name, freshCount, freshBytes }) => [name, freshCount, freshBytes])).toEqual([
      ["builtins.float", 300, 7200],
    ]);
  });

  it.each([
    ["another number", { pid: 4712 }],
    ["other random bytes", { random: 8 }],
  ])("of %s they are two processes", async (_, other) => {
    const paths = [core({ rows: 100, texts: 20 }), core({ rows: 100, texts: 20, ...other })];
    expect((await ask<DiffJson>("diff", paths)).json.totals.sameProcess).toBe(false);
    expect((await ask<DiffJson>("diff", paths, "--new")).said[0]).toContain(
      "--new compares two cores of one process",
    );
  });
});
