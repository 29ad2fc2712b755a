import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { Frame } from "../../src/answers/index.ts";
import { checkFrame } from "../views/frame-check.ts";
import { canDump, dump, tool } from "./live.ts";
import { coregram, Scratch, sample } from "./program.ts";

const scratch = new Scratch();
const [before, after] = [sample("downstream-before.core.gz"), sample("downstream-after.core.gz")];

async function diagnose(...args: readonly string[]): Promise<Frame<"coregram/diagnose@1">> {
  const { status, stdout, stderr } = await coregram(["diagnose", "--format", "json", ...args]);
  expect(status, stderr).toBe(0);
  return JSON.parse(Buffer.from(stdout, "latin1").toString("utf8"));
}

describe("the sample", () => {
  it("looks like a leak by itself, with who adds to it", async () => {
    const frame = await diagnose(after);
    expect(checkFrame(frame)).toEqual([]);
    expect(frame.rows[0]).toMatchObject({
      verdict: "looks like a leak",
      kind: "owner",
      path: "downstream.profiler.Profiler.results",
      length: 20_000,
      grewBytes: null,
    });
    expect(frame.rows[0]?.places[0]).toEqual({
      ...{ file: "downstream/profiler.py", line: 23, function: "Profiler.end" },
      ...{ adds: true, removes: false, replaces: false, mayAdd: false, mayRemove: false },
    });
    const { memoryBytes, liveBytes, nativeBytes, garbageBytes, freeBytes, otherBytes, balance } =
      frame.totals;
    expect(liveBytes + nativeBytes + garbageBytes + freeBytes + otherBytes).toBe(memoryBytes);
    expect(memoryBytes).toBeLessThan(frame.totals.savedBytes);
    expect(frame.totals.unknownBytes).toBe(balance.unknown);
  });

  it("is a leak by what grew since an earlier core", async () => {
    const { rows, totals } = await diagnose(before, after);
    expect(rows[0]).toMatchObject({ verdict: "leak", path: "downstream.profiler.Profiler.results" });
    // As diff has it: 20,000 items since, with what they hold.
    expect(rows[0]?.grewBytes).toBe(8_191_832);
    expect(totals.grewBytes).toBeGreaterThan(8_191_832);
    const still = await diagnose(after, after);
    expect(still.rows[0]).toMatchObject({ verdict: "looks like a leak", grewBytes: 0 });
    expect(still.totals.grewBytes).toBe(0);
  });

  it("is one screen, and tells what to ask next", async () => {
    const { stdout } = await coregram(["diagnose", after, "-q"]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.length).toBeLessThan(20);
    expect(lines[0]).toMatch(/, CPython 3\.11, pid \d+, [\d.]+ MiB of memory saved$/);
    expect(lines[1]).toMatch(/^ \d\d % +[\d.]+ MiB {2}live Python objects$/);
    expect(lines.at(-2)).toMatch(/^looks like a leak: downstream\.profiler\.Profiler\.results holds \d+ % /);
    expect(lines.at(-1)).toBe(`next: coregram owners ${after} --of downstream.profiler.Profiler.results`);
  });

  it("ends with 3 where --fail-on says so, and its share is reached", async () => {
    const status = async (...args: readonly string[]) =>
      (await coregram(["diagnose", after, "-q", ...args])).status;
    expect(await status("--fail-on", "leak")).toBe(3);
    expect(await status("--fail-on", "leak", "--over", "90")).toBe(0);
    expect(await status("--fail-on", "garbage")).toBe(0);
    expect(await status("--fail-on", "fragmentation", "--fail-on", "native", "--over", "1")).toBe(3);
    expect(await status("--fail-on", "rust")).toBe(2);
  });

  it("takes a core or two", async () => {
    const { status, stderr } = await coregram(["diagnose", after, after, after]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining("diagnose takes a core, or two, the older first"),
    ]);
  });
});

const python = "/usr/bin/python3";
const END = 'print("ready", flush=True); time.sleep(600)';

/** Programs by what is to be said of them first: its verdict, its kind, and the path if it has one. */
const PROGRAMS: readonly (readonly [string, string, string | null, string | null, RegExp | null])[] = [
  [
    "garbage that the collector was told to leave",
    "class Node: pass\ngc.disable()\nfor i in range(20000):\n  a, b = Node(), Node(); a.other, b.other = b, a",
    ...(["leak", "garbage", /^<garbage>$/] as const),
  ],
  [
    "a dict that a method fills and nothing empties",
    "class Registry:\n  def __init__(self): self.entries = {}\n  def remember(self, key): self.entries[key] = [key]\n" +
      "registry = Registry()\nfor i in range(20000): registry.remember(i)",
    ...(["looks like a leak", "owner", /^__main__\.registry\.entries$/] as const),
  ],
  [
    "one that a method empties as well",
    "class Registry:\n  def __init__(self): self.entries = {}\n  def remember(self, key):\n    self.entries[key] = [key]\n" +
      "    if len(self.entries) > 15000: self.entries.pop(key - 15000)\n" +
      "registry = Registry()\nfor i in range(20000): registry.remember(i)",
    ...(["biggest", "owner", /^__main__\.registry\.entries$/] as const),
  ],
  [
    "a batch job that still loads",
    `ROWS = []\ndef load():\n  for i in range(20000): ROWS.append([i])\n  ${END}\nload()`,
    ...(["biggest", "owner", /^__main__\.ROWS$/] as const),
  ],
  [
    "a list of the function that runs",
    `def main():\n  rows = [[i] for i in range(20000)]\n  ${END}\nmain()`,
    ...(["biggest", "owner", /^<thread \d+ main .*>\.rows$/] as const),
  ],
  [
    "one large buffer",
    "buffer = bytearray(20_000_000)\nbuffer[::4096] = b'x' * len(buffer[::4096])",
    ...(["biggest", "owner", /^__main__\.buffer$/] as const),
  ],
  [
    "threads that wait at one place",
    "import threading\nevent = threading.Event()\ndef wait():\n  rows = [[i] for i in range(1000)]\n  event.wait()\n" +
      "for i in range(30): threading.Thread(target=wait, daemon=True).start()\ntime.sleep(0.3)",
    ...(["looks like a leak", "owner", /^<30 threads in wait .*>\.rows$/] as const),
  ],
  ["an interpreter that has just started", "", null, null, null],
];

/** A server on a port of its own, under load until the dump: `handle` is called for each request, `SETUP` before. */
const server = (setup: string, handle: string) =>
  `import http.server, threading, urllib.request, collections, functools
class Handler(http.server.BaseHTTPRequestHandler):
  def do_GET(self):
    handle(self.path); self.send_response(200); self.end_headers()
  def log_message(self, *rest): pass
${setup}
def handle(path):
  ${handle.replaceAll("\n", "\n  ")}
listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
def ask():
  for i in range(400): urllib.request.urlopen("http://127.0.0.1:%d/%d" % (listening.server_port, i)).read()
  print("ready", flush=True)
asking = threading.Thread(target=ask, daemon=True); asking.start()
listening.serve_forever()`;

/** Programs that do not leak, and what they hold most of. */
const HEALTHY: readonly (readonly [string, string, RegExp | null])[] = [
  [
    "a batch job at its peak, whose filling function returned",
    `ROWS = []\ndef load():\n  for i in range(20000): ROWS.append([i])\ndef work():\n  ${END}\nload(); work()`,
    /^__main__\.ROWS$/,
  ],
  [
    "one that fills by a function for each line",
    "ROWS = []\ndef parse(line): ROWS.append([line])\ndef load():\n  for i in range(20000): parse(i)\nload()",
    /^__main__\.ROWS$/,
  ],
  [
    "one of classes, that works on what it loaded",
    "class Job:\n  def __init__(self): self.rows = []\n  def load(self):\n    for i in range(20000): self.rows.append([i])\n" +
      "job = Job(); job.load()",
    /^__main__\.job\.rows$/,
  ],
  [
    "one of classes, whose rows come one by one",
    "class Job:\n  def __init__(self): self.rows = []\n  def add(self, row): self.rows.append([row])\n" +
      `  def run(self):\n    for i in range(20000): self.add(i)\n    self.total()\n  def total(self):\n    ${END}\nJob().run()`,
    null,
  ],
  [
    "a server with a table that it read when it started",
    server(
      "TABLE = {}\ndef put(key): TABLE[key] = [key]\ndef read():\n  for i in range(20000): put(i)\nread(); del read",
      "return TABLE.get(path)",
    ),
    /^__main__\.TABLE$/,
  ],
  [
    "a server with a cache that has a bound",
    server(
      "CACHE = collections.OrderedDict()\n@functools.lru_cache(maxsize=200)\ndef page(path): return path * 3000",
      "CACHE[path] = page(path) * 3\nif len(CACHE) > 200: CACHE.popitem(last=False)",
    ),
    null,
  ],
  [
    "workers that wait for jobs, each with its buffer",
    "import queue, threading\nJOBS = queue.Queue()\ndef work():\n  buffer = [[i] for i in range(2000)]\n" +
      "  while True: buffer[0] = JOBS.get()\nfor i in range(24): threading.Thread(target=work, daemon=True).start()\ntime.sleep(0.3)",
    /^<24 threads in work .*>\.buffer$/,
  ],
  ["one that freed everything", "rows = [[i] for i in range(200000)]\ndel rows", null],
  [
    "an interpreter that has imported much",
    "import asyncio, email, http.server, json, logging, unittest, xml.dom",
    null,
  ],
];

/** Types a command into a shell. */
async function runsWell(command: string): Promise<void> {
  const shell = `coregram() { "$NODE" bin/coregram.js "$@"; }; ${command} > /dev/null`;
  const run = promisify(execFile)("sh", ["-c", shell], { env: { ...process.env, NODE: process.execPath } });
  await expect(run, command).resolves.toBeTruthy();
}

describe.skipIf(!canDump || tool(python, "--version") === null)("of a process", () => {
  it.each(PROGRAMS)("%s", async (name, source, verdict, kind, path) => {
    const file = name.replaceAll(" ", "-");
    const program = scratch.put(`${file}.py`, "");
    writeFileSync(program, `import gc, time\n${source}\n${END}\n`);
    const { core } = await dump(python, [program], scratch.put(`${file}.core`, ""));
    const { rows } = await diagnose(core);
    for (const { next } of rows) if (next !== null) await runsWell(next);
    if (verdict === null) expect(rows).toEqual([]);
    else {
      expect(rows[0]).toMatchObject({ verdict, kind });
      expect(rows[0]?.path).toMatch(path ?? /^$/);
    }
  });

  it.each(HEALTHY)("%s is no leak", async (name, source, path) => {
    const file = name.replace(/\W+/g, "-");
    const program = scratch.put(`${file}.py`, "");
    writeFileSync(program, `import gc, time\n${source}\n${source.includes("serve_forever") ? "" : END}\n`);
    const { core } = await dump(python, [program], scratch.put(`${file}.core`, ""));
    const { rows } = await diagnose(core, "--all");
    expect(rows.filter(({ verdict }) => verdict === "leak" || verdict === "looks like a leak")).toEqual([]);
    if (path !== null) expect(rows[0]?.path).toMatch(path);
    // It has its place among what is large, and its fields, all the same.
    const { stdout } = await coregram(["owners", core, "--suspects", "--format", "json", "-q"]);
    const suspects: Frame<"coregram/owners@1"> = JSON.parse(Buffer.from(stdout, "latin1").toString("utf8"));
    const verdicts = new Set([...suspects.rows].map(({ evidence }) => evidence?.verdict));
    expect([...verdicts]).toEqual(verdicts.size === 0 ? [] : ["biggest"]);
    if (path !== null) expect([...suspects.rows][0]?.path).toMatch(path);
  });

  it("a server whose sessions only grow as requests come looks like a leak, in a variable, a class or an instance", async () => {
    const forms = [
      ["SEEN = {}", "SEEN[path] = path * 5000", "__main__.SEEN"],
      ["class Seen:\n  all = {}", "Seen.all[path] = path * 5000", "__main__.Seen.all"],
      [
        "class Log:\n  def __init__(self): self.lines = []\n  def write(self, line): self.lines.append(line * 5000)\nlog = Log()",
        "log.write(path)",
        "__main__.log.lines",
      ],
    ] as const;
    for (const [setup, handle, path] of forms) {
      const program = scratch.put("grows.py", "");
      writeFileSync(program, `import time\n${server(setup, handle)}\n`);
      const { core } = await dump(python, [program], scratch.put("grows.core", ""));
      const { rows } = await diagnose(core);
      expect(rows[0]).toMatchObject({ verdict: "looks like a leak", path, length: 400 });
    }
  });

  it("commands lead to what shells, addresses and several objects could be taken for", async () => {
    const names = ["it's", "$(false)", "`false`", "two\nlines", "tab\t", "-f", "\u202eltr", "; exit 9"];
    const program = scratch.put("names.py", "");
    writeFileSync(
      program,
      "import time, types, sys\n" +
        `for name in ${JSON.stringify(names)}: globals()[name] = [[i] for i in range(20000)]\n` +
        "sys.modules['cafe'] = types.ModuleType('cafe')\n" +
        // Two of one name; a module is an owner by what its scope's parts do not have.
        "def make(i): return type('Box', (), {'rows': [[i] for i in range(20000)], '__module__': 'cafe'})\n" +
        `boxes = [make(i) for i in range(2)]\n${END}\n`,
    );
    const { core } = await dump(python, [program], scratch.put("na mes'.core", ""));
    const { rows } = await diagnose(core, "--all");
    const told = rows.filter(({ next }) => next !== null);
    expect(told.length).toBeGreaterThanOrEqual(names.length);
    for (const { next } of told) await runsWell(next ?? "");
  });

  it("that freed most of what it had, with what malloc_trim gives back", async () => {
    // Every hundredth of 60,000 blocks stays: they pin what is between them.
    const told = scratch.put("told", "");
    const program = scratch.put("freed.py", "");
    writeFileSync(
      program,
      `import ctypes, signal, time
libc = ctypes.CDLL("libc.so.6")
def dirty():
    return sum(int(line.split()[1]) for line in open("/proc/self/smaps") if line.startswith("Private_Dirty"))
def trim(*_):
    before = dirty(); libc.malloc_trim(0)
    open(${JSON.stringify(told)}, "w").write("%d" % ((before - dirty()) * 1024))
signal.signal(signal.SIGUSR1, trim)
kept = [block for i, block in enumerate([bytes(700 + i % 3000) for i in range(60000)]) if i % 100 == 0]
print("ready", flush=True)
while True: time.sleep(0.1)
`,
    );
    const { core } = await dump(python, [program], scratch.put("freed.core", ""), async (pid) => {
      process.kill(pid, "SIGUSR1");
      while (!existsSync(told) || readFileSync(told, "utf8") === "") await wait(50);
    });
    const { rows, totals } = await diagnose(core);
    expect(rows[0]).toMatchObject({ verdict: "not a leak", kind: "free" });
    const gaveBack = Number(readFileSync(told, "utf8"));
    expect(gaveBack).toBeGreaterThan(2 ** 24);
    // Fastbins that are put together first, and what the program itself allocates meanwhile.
    expect(Math.abs(totals.returnableBytes - gaveBack) / gaveBack).toBeLessThan(0.02);
  });
});
