import { describe, expect, it } from "vitest";
import { diagnoseProgram, drawn, PYTHON, PYTHONS } from "./processes.ts";

/** What a drawn program has for its names and numbers. */
interface Draw {
  readonly name: string;
  readonly count: number;
  /** Bytes of what each item keeps. */
  readonly size: number;
  /** An expression of an item's payload. */
  readonly payload: string;
  /** A container's expression, and how an item gets into it. */
  readonly container: string;
  readonly add: (item: string) => string;
}

const CONTAINERS: readonly (readonly [string, (name: string, item: string) => string])[] = [
  ["[]", (name, item) => `${name}.append(${item})`],
  ["{}", (name, item) => `${name}[i] = ${item}`],
  ["__import__('collections').deque()", (name, item) => `${name}.append(${item})`],
  ["{}", (name, item) => `${name}[str(i)] = ${item}`],
];
const PAYLOADS = [
  "bytes(SIZE)",
  "'x' * SIZE + str(i)",
  "[str(i + j) for j in range(SIZE // 64)]",
  "bytearray(SIZE)",
];

function draw(seed: number): Draw {
  const next = drawn(seed);
  const from = (low: number, high: number) => low + Math.floor(next() * (high - low));
  const name = `${["kept", "seen", "store", "log"][from(0, 4)]}_${from(0, 1000)}`;
  const size = from(300, 1500);
  const [container = "[]", put] = CONTAINERS[from(0, CONTAINERS.length)] ?? [];
  return {
    ...{ name, size, container, count: from(2000, 6000) },
    payload: (PAYLOADS[from(0, PAYLOADS.length)] ?? "").replace("SIZE", String(size)),
    add: (item) => put?.(name, item) ?? "",
  };
}

interface Case {
  readonly kind: string;
  readonly has: (given: Draw) => string;
  /** Much like it, and nothing of the kind. */
  readonly misses: (given: Draw) => string;
  readonly type: RegExp | null;
  readonly path: (given: Draw) => RegExp;
  readonly why: (given: Draw) => RegExp;
}

const grouped = (count: number) => count.toLocaleString("en-US");

const CASES: readonly Case[] = [
  {
    kind: "cache",
    has: ({ name, count, payload }) =>
      `import functools\n@functools.lru_cache(maxsize=None)\ndef ${name}(i): return ${payload}\nfor i in range(${count}): ${name}(i)`,
    misses: ({ name, count, payload }) =>
      `import functools\n@functools.lru_cache(maxsize=${2 * count})\ndef ${name}(i): return ${payload}\nfor i in range(${count}): ${name}(i)`,
    type: /_lru_cache_wrapper$/,
    path: ({ name }) => new RegExp(`^__main__\\.${name}`),
    why: ({ count }) => new RegExp(`^${grouped(count)} results of .* no bound \\(maxsize=None\\)`),
  },
  {
    kind: "exceptions",
    has: ({ name, count, container, payload, add }) =>
      `${name} = ${container}\ndef fail(i):\n  local = ${payload}\n  raise KeyError(i)\n` +
      `for i in range(${count}):\n  try: fail(i)\n  except KeyError as error: ${add("error")}`,
    misses: ({ name, count, container, payload, add }) =>
      `${name} = ${container}\ndef fail(i):\n  local = ${payload}\n  raise KeyError(local)\n` +
      `for i in range(${count}):\n  try: fail(i)\n  except KeyError as error: ${add("error.with_traceback(None)")}`,
    type: /^builtins\.KeyError$/,
    path: ({ name }) => new RegExp(`^__main__\\.${name}$`),
    why: ({ count }) => new RegExp(`^${grouped(count)} exceptions keep tracebacks`),
  },
  {
    kind: "classes",
    has: ({ name, count, container, payload, add }) =>
      `${name} = ${container}\ndef make(i):\n  class Answer:\n    body = ${payload}\n  return Answer\n` +
      `for i in range(${count}): ${add("make(i)")}`,
    // Each has a name of its own.
    misses: ({ name, count, container, payload, add }) =>
      `${name} = ${container}\nfor i in range(${count}): ${add(`type('Answer%d' % i, (), {'body': ${payload}})`)}`,
    type: /^__main__\.make\.<locals>\.Answer$/,
    path: ({ name }) => new RegExp(`^__main__\\.${name}$`),
    why: ({ count }) => new RegExp(`^${grouped(count)} classes called __main__\\.make\\.<locals>\\.Answer`),
  },
  {
    kind: "contexts",
    has: ({ name, count, payload }) =>
      `import asyncio\nloop = asyncio.new_event_loop()\n${name} = loop\n` +
      `for i in range(${count}): ${name}.call_later(9999, print, ${payload})`,
    misses: ({ name, count, container, payload, add }) =>
      `import asyncio\nloop = asyncio.new_event_loop()\n${name} = ${container}\n` +
      `for i in range(${count}): ${add(payload)}\nfor i in range(50): loop.call_later(9999, print)`,
    type: /^asyncio\.events\.TimerHandle$/,
    path: () => /_scheduled$/,
    why: ({ count }) =>
      new RegExp(`^${grouped(count)} of asyncio\\.events\\.TimerHandle, each with a context`),
  },
  {
    kind: "callbacks",
    has: ({ name, count, container, payload, add }) =>
      `${name} = ${container}\ndef listen(body): return lambda: body\n` +
      `for i in range(${count}): ${add(`listen(${payload})`)}`,
    misses: ({ name, count, container, payload, add }) =>
      `${name} = ${container}\nclass Listener:\n  def __init__(self, body): self.body = body\n  def __call__(self): pass\n` +
      `for i in range(${count}): ${add(`Listener(${payload})`)}`,
    type: null,
    path: ({ name }) => new RegExp(`^__main__\\.${name}$`),
    why: ({ count }) => new RegExp(`^${grouped(count)} functions or handlers of `),
  },
];
const SEEDS = [1, 2, 3];

describe.skipIf(PYTHON === undefined).each(CASES)("$kind", ({ kind, has, misses, type, path, why }) => {
  const told = async (python: string, source: string) =>
    (await diagnoseProgram(python, source)).rows.filter((row) => row.kind === kind);

  async function check(python: string, given: Draw) {
    const [found, ...others] = await told(python, has(given));
    const source = has(given);
    expect(others, source).toEqual([]);
    expect(found?.why ?? "", source).toMatch(why(given));
    expect(found?.path ?? "", source).toMatch(path(given));
    if (type !== null) expect(found?.type ?? "", source).toMatch(type);
    // The loop takes from its timers what is due.
    expect(found?.verdict).toBe(kind === "contexts" ? "biggest" : "looks like a leak");
    expect(found?.length, source).toBe(given.count);
    expect(found?.bytes, source).toBeGreaterThan(given.count * Math.min(given.size, 300));
    expect(await told(python, misses(given)), misses(given)).toEqual([]);
  }

  it.each(SEEDS)("drawn by seed %i", (seed) => check(PYTHON ?? "", draw(seed)), 60_000);
  it.each(PYTHONS)("of %s", (python) => check(python, draw(9)), 60_000);
});

describe.skipIf(PYTHONS.length === 0).each(PYTHONS)("%s: arenas", (python) => {
  const fill = (kept: string) => `
class Item:
    __slots__ = ("a", "b", "c", "d", "e", "f", "g", "h")
def arenas():
    # As many as pymalloc itself says, on stderr: what is in them and what was ever there.
    import ctypes, os, tempfile
    with tempfile.TemporaryFile() as file:
        saved = os.dup(2); os.dup2(file.fileno(), 2)
        sys._debugmallocstats()
        os.dup2(saved, 2); file.seek(0)
        return [int(line.split()[-1].replace(b",", b"")) for line in file if line.startswith(b"# arenas allocated current")][0]
before = arenas()
every = [Item() for i in range(200000)]
${kept}
del every
gc.collect()
with_kept = arenas()
`;

  it("that few objects keep are told with who has these, and go back when that is dropped", async () => {
    const source = `${fill("few = every[::3000]")}dropped = few; few = None; dropped = None; gc.collect()\nfreed = with_kept - arenas()\n`;
    const { said } = await diagnoseProgram(python, `${source}say = str(freed)`);
    const { rows, totals } = await diagnoseProgram(python, fill("few = every[::3000]"));
    const stuck = rows.find(({ kind }) => kind === "stuck");
    expect(stuck?.why).toMatch(/kept by __main__\.few \(6\d objects in \d+ of them\)/);
    expect(stuck?.why).toMatch(/blocks of \d+ B \([\d.]+ [KM]iB free, \d+ % in use\)/);
    expect(stuck?.verdict).toBe("not a leak");
    // What was there at the peak, and where that is empty now.
    const [freed] = totals.freedTypes;
    expect(freed?.type).toBe("__main__.Item");
    // Arenas that nothing keeps went back, which up to 3.9 are smaller.
    expect(freed?.count).toBeGreaterThan(150_000);
    const blockBytes = (freed?.bytes ?? 0) / (freed?.count ?? 1);
    const ofItems = totals.sizeClasses.find((each) => each.blockBytes === blockBytes);
    expect(ofItems?.freeBlocks).toBeGreaterThan(2 * (ofItems?.usedBlocks ?? 0));
    expect(totals.arenas.map(({ allocator, arena }) => `${allocator} ${arena}`)).toContain("pymalloc pools");
    expect(Math.abs((stuck?.length ?? 0) - Number(said[0]))).toBeLessThanOrEqual(2);
  }, 60_000);

  it("that are full, or empty, are not", async () => {
    for (const kept of ["few = every", "few = every[:50]"]) {
      const { rows } = await diagnoseProgram(python, fill(kept));
      expect(rows.find(({ kind }) => kind === "stuck")).toBeUndefined();
    }
  }, 60_000);
});

describe.skipIf(PYTHONS.length === 0).each(PYTHONS)("%s: a server's log", (python) => {
  const serve = (bound: string) => `
import collections, socketserver, threading
class Log:
  lines = collections.deque(${bound})
  @classmethod
  def write(cls, line): cls.lines.append(line)
def handle(i): Log.write(str(i) * 60)
def work():
  for i in range(30000): handle(i)
thread = threading.Thread(target=work); thread.start(); thread.join()
server = socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
`;

  it("that drops a line for each that comes is none, and one without a bound is a leak", async () => {
    const [bound, free] = [
      await diagnoseProgram(python, serve("maxlen=20000")),
      await diagnoseProgram(python, serve("")),
    ].map(({ rows }) => rows.find(({ path }) => path === "__main__.Log.lines"));
    expect(free).toMatchObject({ verdict: "looks like a leak", length: 30_000 });
    expect(free?.why).not.toContain("maxlen");
    expect(bound).toMatchObject({ verdict: "biggest", length: 20_000 });
    expect(bound?.why).toMatch(/^20,000 items of \d+ B each, 20,000 at the most \(maxlen\), added to in /);
    expect(bound?.why).not.toContain("takes from it");
  }, 60_000);
});

describe.skipIf(PYTHONS.length === 0).each(PYTHONS)("%s: what has a pattern in it", (python) => {
  const failing = (payload: string) => `
class Job:
  def __init__(self, number): self.number, self.rest = number, ${payload}
kept = []
def fail(i):
  local = str(i) * 300
  raise KeyError(i)
for i in range(3000):
  job = Job(i)
  try: fail(i)
  except KeyError as error: job.error = error; kept.append(job)
del job
`;

  it("is one finding: it is that pattern where that is most of it", async () => {
    const { rows } = await diagnoseProgram(python, failing("None"));
    const found = rows.filter(({ path }) => path?.startsWith("__main__.kept"));
    expect(found).toMatchObject([{ kind: "exceptions", path: "__main__.kept", length: 3000 }]);
    expect(found[0]?.why).toMatch(/^3,000 exceptions keep tracebacks.*; 3,000 items of /);
  }, 60_000);

  it("is not told again by what it has for its own: a cached function's cache", async () => {
    const { rows } = await diagnoseProgram(
      python,
      `import functools
class Repo:
  @functools.lru_cache(maxsize=None)
  def get(self, key): return 'x%07d' % key * 40
repo = Repo()
for i in range(9000): repo.get(i)`,
    );
    const found = rows.filter(({ path }) => path?.includes("Repo") || path?.includes("repo"));
    expect(found).toMatchObject([{ kind: "cache", verdict: "looks like a leak", length: 9000 }]);
    expect(found[0]?.why).toMatch(/^9,000 results of .*; 9,000 items of /);
  }, 60_000);

  it("is told as itself where that is the smaller part", async () => {
    const { rows } = await diagnoseProgram(python, failing("bytearray(4000)"));
    const found = rows.filter(({ path }) => path?.startsWith("__main__.kept"));
    expect(found).toMatchObject([{ kind: "owner", path: "__main__.kept", length: 3000 }]);
    expect(found[0]?.why).toMatch(/^3,000 items of .*; in it 3,000 exceptions keep tracebacks/);
  }, 60_000);
});

describe.skipIf(PYTHON === undefined)("a chain of exceptions", () => {
  it.each([40_000, 30])(
    "%i deep by __context__ is told with its length, where it is long and large",
    async (depth) => {
      const { rows } = await diagnoseProgram(
        PYTHON ?? "",
        `last = None
def fail(before):
  error = ValueError(); error.__context__ = before
  raise error
for i in range(${depth}):
  try: fail(last)
  except ValueError as error: last = error`,
      );
      const found = rows.find(({ kind }) => kind === "exceptions");
      if (depth < 100) expect(found).toBeUndefined();
      else {
        expect(found).toMatchObject({ path: "__main__.last", length: depth, type: "builtins.ValueError" });
        expect(found?.why).toContain("up to 40,000 one behind the other by __context__");
      }
    },
    60_000,
  );
});

describe.skipIf(PYTHONS.length === 0).each(PYTHONS)("%s: exceptions without tracebacks", (python) => {
  const chain = `last = None
for i in range(40000):
  error = RuntimeError("failed %d" % i); error.__context__ = last; last = error
del error`;
  const list = `last = [RuntimeError("failed %d" % i) for i in range(40000)]`;

  it("are told where they keep each other, and only there", async () => {
    const [chained, alone] = [await diagnoseProgram(python, chain), await diagnoseProgram(python, list)].map(
      ({ rows }) => rows.find(({ kind }) => kind === "exceptions"),
    );
    expect(chained).toMatchObject({ path: "__main__.last", verdict: "looks like a leak" });
    expect(chained?.why).toMatch(
      /^40,0\d\d exceptions without tracebacks, up to 40,000 one behind the other/,
    );
    expect(alone).toBeUndefined();
  }, 60_000);
});

/** What a program says of its waste, in bytes; what is found of it, and how far that may be off. */
const WASTES: readonly (readonly [string, string, string, number | null])[] = [
  [
    "duplicates",
    "as it says",
    "text = 'x' * SIZE\nkept = [(text + str(i % 3)) for i in range(COUNT)]\nsay = str(sum(map(sys.getsizeof, kept)) - 3 * sys.getsizeof(kept[0]))",
    0.06,
  ],
  [
    "duplicates",
    "of many, about as it says",
    "kept = [(b'y' * SIZE + b'%d' % (i % 5)) for i in range(20 * COUNT)]\nsay = str(sum(map(sys.getsizeof, kept)) - 5 * sys.getsizeof(kept[0]))",
    0.1,
  ],
  ["duplicates", "not of texts that all differ", "kept = ['x' * SIZE + str(i) for i in range(COUNT)]", null],
  [
    "duplicates",
    "not of one text that is held many times",
    "text = 'x' * SIZE\nkept = [text + '' for i in range(COUNT)]",
    null,
  ],
  [
    "empty",
    "of deques with a block each",
    "from collections import deque\nkept = [deque() for i in range(COUNT)]\nsay = str(sum(sys.getsizeof(one) - 96 for one in kept))",
    0.02,
  ],
  [
    "empty",
    "of one dict that was emptied",
    "kept = {i: i for i in range(100 * COUNT)}\nsay = str(sys.getsizeof(kept) - 64)\nfor i in range(100 * COUNT): kept.pop(i)",
    0.02,
  ],
  [
    "empty",
    "not of what is used",
    "from collections import deque\nkept = [deque(range(40)) for i in range(COUNT)]",
    null,
  ],
  ["empty", "not of what takes none", "kept = [[] for i in range(COUNT)] + [{} for i in range(COUNT)]", null],
];

describe.skipIf(PYTHON === undefined)("what is wasted", () => {
  it.each(WASTES)(
    "%s of %s",
    async (kind, _, source, error) => {
      const { count, size } = draw(5);
      const filled = source.replaceAll("COUNT", String(count)).replaceAll("SIZE", String(size));
      const { rows, said } = await diagnoseProgram(PYTHON ?? "", filled);
      const found = rows.find((row) => row.kind === kind);
      if (error === null) return expect(found).toBeUndefined();
      const truth = Number(said[0]);
      expect(Math.abs((found?.bytes ?? 0) - truth) / truth).toBeLessThan(error);
      expect(found).toMatchObject({ verdict: "not a leak", path: null });
    },
    60_000,
  );
});
