import { describe, expect, it } from "vitest";
import { diagnoseProgram, PYTHON, PYTHONS } from "./processes.ts";

/** Programs that do well, and look like a pattern: what they hold, and what is said of that. */
const HEALTHY: readonly (readonly [string, RegExp, string])[] = [
  [
    "jobs that are taken off and run",
    /^__main__\.jobs$/,
    `import collections, functools
jobs = collections.deque()
def put(body): jobs.append(functools.partial(len, body))
def run(): return jobs.popleft()()
def work():
  for i in range(30000): put(["row %d" % i] * 60)
  while len(jobs) > 20000: run()
work()`,
  ],
  [
    "a table of handlers",
    /^__main__\.HANDLERS$/,
    `class Plugin:
  def __init__(self, i): self.table = bytes(40000) + b"%d" % i
  def run(self): pass
HANDLERS = {}
def setup():
  for i in range(300): HANDLERS["p%d" % i] = Plugin(i).run
setup()`,
  ],
  [
    "what a task gathers",
    /main program\.py:\d+>\.results/,
    `import asyncio
async def job(i):
  data = bytearray(3000)
  if i % 2: raise ValueError(i)
  return data
async def main():
  results = await asyncio.gather(*(job(i) for i in range(6000)), return_exceptions=True)
  print("ready", flush=True)
  time.sleep(600)
asyncio.run(main())`,
  ],
  [
    "connections that wait",
    /_fd_to_key/,
    `import asyncio, socket
async def handle(reader, writer):
  session = bytearray(60000)
  while await reader.readline(): pass
async def main():
  server = await asyncio.start_server(handle, "127.0.0.1", 0)
  port = server.sockets[0].getsockname()[1]
  clients = []
  for i in range(200):
    clients.append(socket.create_connection(("127.0.0.1", port)))
    await asyncio.sleep(0)
  await asyncio.sleep(0.5)
  print("ready", flush=True)
  time.sleep(600)
asyncio.run(main())`,
  ],
];

describe.skipIf(PYTHONS.length === 0)("no leak", () => {
  const versions = [...new Set([PYTHONS[0] ?? "", PYTHON ?? ""])];
  it.each(HEALTHY)(
    "%s",
    async (_, path, source) => {
      for (const python of versions) {
        const { rows } = await diagnoseProgram(python, source);
        expect(rows.filter(({ verdict }) => /leak$/.test(verdict) && verdict !== "not a leak")).toEqual([]);
        const told = rows.filter((row) => path.test(row.path ?? row.holders?.join() ?? ""));
        expect(told).not.toEqual([]);
        expect(new Set(told.map((row) => row.path)).size).toBe(told.length);
      }
    },
    90_000,
  );
});

describe.skipIf(PYTHON === undefined)("tasks that sleep", () => {
  it("are one finding, with the timers that wake them", async () => {
    const { rows } = await diagnoseProgram(
      PYTHON ?? "",
      `import asyncio
async def fetch(): await asyncio.sleep(3600)
async def main():
  tasks = [asyncio.ensure_future(fetch()) for i in range(8000)]
  await asyncio.sleep(0.5)
  print("ready", flush=True)
  time.sleep(600)
asyncio.run(main())`,
    );
    const leaks = rows.filter(({ verdict }) => verdict === "looks like a leak");
    expect(leaks).toMatchObject([{ kind: "owner", path: expect.stringContaining("8,000 tasks in fetch") }]);
  }, 60_000);
});

describe.skipIf(PYTHON === undefined)("what several containers hold together", () => {
  it("leads to the first of them", async () => {
    const { rows } = await diagnoseProgram(
      PYTHON ?? "",
      `first, second = {}, {}
for i in range(20000): first[i] = second[i] = ["payload %d" % i, i * 1.5]
`,
    );
    const together = rows.find(({ holders }) => holders !== null);
    expect(together?.next).toMatch(/^coregram owners \S+ --of __main__\.first$/);
  }, 60_000);
});
