import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { DUCKDB } from "../views/duckdb.ts";
import { canDump, dump, tool } from "./live.ts";
import { coregram, Scratch, sample } from "./program.ts";

const scratch = new Scratch();
const python = "/usr/bin/python3";
const page = readFileSync(fileURLToPath(new URL("../../docs/queries.md", import.meta.url)), "utf8");
const queries = [...page.matchAll(/^## (\d+)\. (.*)\n[^#]*?```sql\n([\s\S]*?)```$/gm)].map(
  ([, number, question, sql]) => ({ number: Number(number), question: question ?? "", sql: sql ?? "" }),
);

const PROGRAM = `
import threading, time

class Session:
    def __init__(self, number):
        self.number = "session %d" % number
        self.data = bytearray(2000)

class Product:
    __slots__ = ("price",)
    def __init__(self, price):
        self.price = price

class Node:
    __slots__ = ("next",)

sessions = {number: Session(number) for number in range(100)}
catalog = [Product(0.5 + number) for number in range(1000)]
cart = [Product(5000.5 + number) for number in range(50)]
single = [{"only": number} for number in range(500)]
hollow = [[] for number in range(300)]
COLOURS = {"red %d" % number for number in range(3)}
seen = {"seen %d" % number for number in range(10)}
copies = ["".join(["copied text ", "again"]) for number in range(200)]
names = ["tenant-a:%d" % number for number in range(300)] + ["tenant-b:%d" % number for number in range(100)]
big = bytearray(9000000)
popular = Product(-1.5)
fans = [popular] * 50000
chain = None
for number in range(60):
    node = Node()
    node.next = chain
    chain = node
del node

def work():
    rows = [[number + 0.25] for number in range(777)]
    gate.wait()

gate = threading.Event()
threading.Thread(target=work, daemon=True).start()
time.sleep(0.5)
print("ready", flush=True)
time.sleep(600)
`;

type Row = Readonly<Record<string, unknown>>;

/** What each question must find in the program above. */
const TRUTH: Readonly<Record<number, (rows: readonly Row[]) => void>> = {
  1: ([first]) => {
    expect(first?.type).toBe("builtins.bytearray");
    expect(Number(first?.bytes)).toBeGreaterThan(9_200_000);
  },
  2: ([first]) =>
    expect(first).toMatchObject({ type: "builtins.bytearray", bytes: 9_000_057, owner: "__main__.big" }),
  3: (rows) => expect(rows.map(({ owner }) => owner)).toContain("__main__.big"),
  4: (rows) =>
    expect(rows.map(({ owner, objects }) => [owner, objects])).toEqual([
      ["__main__.catalog", 1000],
      ["__main__.cart", 50],
      ["__main__.popular", 1],
    ]),
  5: (rows) => expect(rows).toEqual([{ module: "__main__", objects: 1051 }]),
  6: ([first]) => expect(first).toMatchObject({ owner: "__main__.single", dicts: 500 }),
  7: ([first]) =>
    expect(first).toEqual({
      type: "builtins.list",
      owner: "__main__.hollow",
      containers: 300,
      bytes: 300 * 56,
    }),
  8: (rows) => {
    expect(rows.find(({ owner }) => owner === "__main__.COLOURS")).toMatchObject({ length: 3 });
    expect(rows.map(({ owner }) => owner)).not.toContain("__main__.seen");
  },
  9: (rows) => {
    const texts = new Map(rows.map(({ prefix, texts }) => [prefix, texts]));
    // The text that they are made with begins so, too.
    expect([texts.get("tenant-a:"), texts.get("tenant-b:")]).toEqual([301, 101]);
  },
  10: (rows) =>
    expect(rows.find(({ text }) => text === "'copied text again'")).toMatchObject({
      copies: 200,
      wasted: 199 * 66,
    }),
  11: ([first]) => expect(first).toEqual({ type: "builtins.dict", name: "[*]", references: 100 }),
  12: (rows) => {
    expect(rows).toContainEqual({ name: ".data", type: "builtins.bytearray", references: 100 });
    expect(rows).toContainEqual({ name: ".number", type: "builtins.str", references: 100 });
  },
  13: (rows) => {
    const of = (wanted: string) => rows.find(({ type }) => type === wanted)?.objects;
    expect([of("builtins.float"), of("builtins.list")]).toEqual([777, 778]);
  },
  14: (rows) => expect(rows.map(({ type }) => type)).not.toContain("__main__.Product"),
  15: (rows) => {
    expect(rows).toContainEqual(expect.objectContaining({ length: 50_000, owner: "__main__.fans" }));
  },
  16: ([first]) =>
    expect(first).toMatchObject({ type: "__main__.Product", owner: "__main__.popular", references: 50_001 }),
  17: (rows) => {
    expect(rows).toContainEqual(expect.objectContaining({ type: "__main__.Session", objects: 100 }));
    expect(rows).toContainEqual(expect.objectContaining({ type: "builtins.bytearray", objects: 100 }));
  },
  18: (rows) => expect(rows.reduce((sum, { sessions }) => sum + Number(sessions), 0)).toBe(100),
  19: (rows) => expect(rows).toEqual([{ deepest: 60, nodes: 60 }]),
  20: (rows) => {
    expect(rows[0]?.permissions).toBe("rw-");
    expect(Number(rows[0]?.objects)).toBeGreaterThan(1000);
  },
};

/** The same of the sample's cores, before and after. */
const OF_SAMPLES: Readonly<Record<number, (rows: readonly Row[]) => void>> = {
  21: ([first, second, third]) => {
    expect([first, second, third]).toEqual([
      { type: "builtins.int", more: 80_000 },
      { type: "builtins.tuple", more: 60_001 },
      { type: "builtins.str", more: 20_001 },
    ]);
  },
  22: (rows) =>
    expect(rows).toEqual([
      expect.objectContaining({ before: 0, after: 20_000, owner: "downstream.profiler.Profiler.results" }),
    ]),
};

async function ask(sql: string, folders: readonly string[]): Promise<Row[]> {
  const run = await coregram(["query", sql, ...folders, "-q", "-f", "json"]);
  expect(run.status, `${sql}: ${run.stderr}`).toBe(0);
  return JSON.parse(Buffer.from(run.stdout, "latin1").toString("utf8")).rows;
}

async function exported(core: string, name: string): Promise<string> {
  const folder = scratch.path(name);
  const run = await coregram(["export", core, folder, "-q", "--values"]);
  expect(run.status, run.stderr).toBe(0);
  return folder;
}

it("twenty questions and more are asked, and each is tested", () => {
  expect(queries.length).toBeGreaterThanOrEqual(20);
  expect(queries.map(({ number }) => number)).toEqual(queries.map((_, index) => index + 1));
  expect(Object.keys({ ...TRUTH, ...OF_SAMPLES }).map(Number)).toEqual(queries.map(({ number }) => number));
});

describe.skipIf(DUCKDB === null || !canDump || tool(python, "--version") === null)(
  "of a program that is known",
  () => {
    let folder = "";
    beforeAll(async () => {
      const program = scratch.path("program.py");
      writeFileSync(program, PROGRAM);
      const { core } = await dump(python, [program], scratch.path("core"));
      folder = await exported(core, "tables");
    });

    it.each(queries.filter(({ number }) => number in TRUTH))("$number $question", async ({ number, sql }) => {
      TRUTH[number]?.(await ask(sql, [folder]));
    });
  },
);

describe.skipIf(DUCKDB === null)("of the samples", () => {
  const folders: string[] = [];
  beforeAll(async () => {
    for (const when of ["before", "after"])
      folders.push(await exported(sample(`downstream-${when}.core.gz`), when));
  });

  it.each(queries)("$number $question", async ({ number, sql }) => {
    OF_SAMPLES[number]?.(await ask(sql, folders));
    if (number in TRUTH) await ask(sql, folders.slice(1));
  });

  it("Profiler.results is what keeps most", async () => {
    const third = queries.find(({ number }) => number === 3)?.sql ?? "";
    expect(await ask(third, folders.slice(1))).toContainEqual(
      expect.objectContaining({
        retainedBytes: 8_191_888,
        length: 20_000,
        owner: "downstream.profiler.Profiler.results",
      }),
    );
  });
});
