import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Frame } from "../../src/answers/index.ts";
import { canDump, dump, tool } from "./live.ts";
import { coregram, Scratch } from "./program.ts";
import { askJson, dataOf, expectSame, textOfSection } from "./report-page.ts";

const scratch = new Scratch();
const python = "/usr/bin/python3";

/** Module of the program: what it keeps is fed by a method, in which some threads stand. */
const HUB = `
import threading

gate = threading.Lock()

class Hub:
    kept = []

    def feed(self, number, stays):
        zqlabel = "zqsecret-local-%d" % number
        Hub.kept.append((number, "zqsecret-%d" % number))
        if stays:
            gate.acquire()
`;

const MAIN = `
import asyncio, ctypes, json, sys, threading, time
import hub

# A small core: threads with little memory of their own (M_ARENA_MAX of malloc.h).
ctypes.CDLL(None).mallopt(-8, 1)
threading.stack_size(2 ** 18)

items, workers, tasks = map(int, sys.argv[1:4])
for number in range(items - workers):
    hub.Hub().feed(number, False)
hub.gate.acquire()
for number in range(workers):
    threading.Thread(target=hub.Hub().feed, args=(7000000 + number, True), name="feeder", daemon=True).start()

async def tick(event):
    await event.wait()

async def main(ready):
    event = asyncio.Event()
    kept = [asyncio.create_task(tick(event)) for _ in range(tasks)]
    await asyncio.sleep(0)
    ready.set()
    await asyncio.gather(*kept)

ready = threading.Event()
threading.Thread(target=lambda: asyncio.run(main(ready)), name="loop", daemon=True).start()
ready.wait()
while len(hub.Hub.kept) < items:
    time.sleep(0.01)
time.sleep(0.2)

def measure():
    # Numbers up to 256 are the interpreter's, and those of workers are theirs as well.
    whole = sys.getsizeof(hub.Hub.kept)
    for number, text in hub.Hub.kept:
        whole += sys.getsizeof((number, text))
        whole += sys.getsizeof(text)
        if 256 < number < 7000000:
            whole += sys.getsizeof(number)
    return whole

print(json.dumps({"kept": measure()}).replace(" ", ""), flush=True)
time.sleep(1000)
`;

const draw = (least: number, most: number) => least + Math.floor(Math.random() * (most - least));

describe.skipIf(!canDump || tool(python, "--version") === null)("a process with threads and tasks", () => {
  const drawn = { items: draw(20_000, 40_000), workers: draw(3, 9), tasks: draw(5, 30) };
  let html = "";
  let redacted = "";
  let kept = 0;
  const [old, core] = [scratch.path("old.core"), scratch.path("new.core")];
  const make = async (path: string, ...args: readonly number[]) => {
    const { said } = await dump(python, [scratch.put("main.py", MAIN), ...args.map(String)], path);
    return JSON.parse(said[0] ?? "").kept as number;
  };
  const page = async (...options: readonly string[]) => {
    const path = scratch.path("page.html");
    const { status, stderr } = await coregram(["report", core, old, "-q", "-o", path, ...options]);
    expect(status, stderr).toBe(0);
    return readFileSync(path, "utf8");
  };
  beforeAll(async () => {
    scratch.put("hub.py", HUB);
    await make(old, 50, 3, 3);
    kept = await make(core, drawn.items, drawn.workers, drawn.tasks);
    html = await page();
    redacted = await page("--redact");
  }, 120_000);

  it("holds the JSON that the command line prints", async () => {
    const data = dataOf(html);
    const stacks = data.get("stacks") as Frame<"coregram/stacks@1">;
    const all: Frame<"coregram/stacks@1"> = await askJson(["stacks", core, "--locals"]);
    const folded: Frame<"coregram/stacks@1"> = await askJson(["stacks", core]);
    expect(stacks.rows.map((row) => ({ ...row, locals: null }))).toEqual(folded.rows);
    // As each thread by itself has them, the first of those that are alike.
    for (const { thread, depth, locals } of stacks.rows)
      expect(locals).toEqual(all.rows.find((row) => row.thread === thread && row.depth === depth)?.locals);
    const findings = (data.get("diagnose") as Frame<"coregram/diagnose@1">).rows;
    const objects = data.get("suspects") as Frame<"coregram/whatis@1">;
    expect(objects.rows.length).toBeGreaterThan(0);
    expect(objects.rows[0]?.object?.path).toBe(findings[0]?.path);
    await expectSame(html, {
      tasks: ["stacks", core, "--tasks"],
      suspects: ["whatis", core, ...objects.rows.map(({ address }) => address)],
      "suspect-0": ["owners", core, "--of", objects.rows[0]?.address ?? ""],
      diagnose: ["diagnose", old, core, "--all"],
      types: ["types", core, "--top", "1000"],
      owners: ["owners", core, "--depth", "20", "--top", "2000", "--holds", "5"],
      words: [core, "--top", "100"],
      info: ["info", core],
    });
  });

  it("tells what leaks with its items, and the threads in the code that adds to it", () => {
    const verdict = textOfSection(html, "verdict");
    expect(verdict).toContain("A leak hub.Hub.kept holds");
    const { rows } = dataOf(html).get("diagnose") as Frame<"coregram/diagnose@1">;
    expect(rows[0]?.bytes).toBe(kept);
    expect(verdict).toContain(`hub.Hub.kept , builtins.list of ${drawn.items.toLocaleString("en-US")} items`);
    expect(verdict).toContain("[0] : builtins.tuple , 2 items: 0, 'zqsecret-0'");
    expect(verdict).toContain(`and ${(drawn.items - 5).toLocaleString("en-US")} more.`);
    expect(verdict).toMatch(
      new RegExp(
        `Who is in the code that adds to it ${drawn.workers} threads, the first \\d+ feeder : \\S*feed`,
      ),
    );
    expect(verdict).not.toContain("Lines that allocated it");
  });

  it("tells where threads and tasks are, with variables", () => {
    const threads = textOfSection(html, "threads");
    expect(threads).toMatch(
      new RegExp(`${drawn.workers} threads, the first \\d+ feeder: \\S*feed \\S*hub.py:13`),
    );
    expect(threads).toContain("State: waits for lock hub.gate.");
    expect(threads).toMatch(/zqlabel : builtins\.str , \d+ B , 'zqsecret-local-70000\d\d'/);
    expect(threads).toContain("stays : builtins.bool , 28 B , True");
    expect(threads).toContain(`${drawn.tasks + 1} tasks of event loops not ended`);
    expect(threads).toMatch(new RegExp(`${drawn.tasks} tasks in tick \\S*main\\.py:\\d+ → `));
  });

  it("has the same without any of its values where it may leave the house", () => {
    expect(redacted).not.toMatch(/zqsecret|zqlabel|feeder|hub|Hub|\.kept|main\.py/);
    const threads = textOfSection(redacted, "threads");
    expect(threads).toMatch(/name_\w{8} : builtins\.str , \d+ B /);
    expect(threads).toContain(`${drawn.tasks + 1} tasks of event loops not ended`);
    const verdict = textOfSection(redacted, "verdict");
    expect(verdict).toContain("Where it hangs");
    expect(verdict).toMatch(/Who is in the code that adds to it \d threads/);
    expect(verdict).not.toContain("Some of its items");
    expect(dataOf(redacted).has("suspects")).toBe(false);
  });
});
