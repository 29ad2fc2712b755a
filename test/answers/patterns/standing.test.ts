import { describe, expect, it } from "vitest";
import { diagnoseProgram, drawn, PYTHON } from "./processes.ts";

const SEEDS = [1, 2];

function draw(seed: number): { name: string; count: number; size: number } {
  const next = drawn(seed);
  const from = (low: number, high: number) => low + Math.floor(next() * (high - low));
  return { name: `wait_${from(0, 1000)}`, count: from(2000, 5000), size: from(400, 1500) };
}

const grouped = (count: number) => count.toLocaleString("en-US");

describe.skipIf(PYTHON === undefined)("pending tasks", () => {
  /** Tasks of a coroutine that waits for `future()`. */
  const program = ({ name, count, size }: ReturnType<typeof draw>, future: string) =>
    `import asyncio
loop = asyncio.new_event_loop()
def done():
  future = loop.create_future(); future.set_result(None)
  return future
async def ${name}(body): await ${future}
tasks = [loop.create_task(${name}(bytearray(${size}))) for i in range(${count})]
loop.run_until_complete(asyncio.sleep(0, loop.create_future()))
loop.run_until_complete(asyncio.sleep(0))`;

  it.each(SEEDS)(
    "drawn by seed %i are one finding, by their coroutine",
    async (seed) => {
      const given = draw(seed);
      const { rows } = await diagnoseProgram(PYTHON ?? "", program(given, "loop.create_future()"));
      const [first] = rows;
      expect(first?.path).toMatch(
        new RegExp(`^<${grouped(given.count)} tasks in ${given.name} program\\.py:8>$`),
      );
      expect(first).toMatchObject({ kind: "owner", verdict: "looks like a leak" });
      expect(first?.why).toMatch(new RegExp(`${grouped(given.count)} tasks stand at one place`));
      expect(first?.bytes).toBeGreaterThan(given.count * given.size);
      expect(rows.filter(({ kind }) => kind === "contexts")).toEqual([]);
    },
    60_000,
  );

  it("that ended hold nothing", async () => {
    const { rows } = await diagnoseProgram(PYTHON ?? "", program(draw(3), "done()"));
    expect(rows.filter(({ path }) => path?.includes("tasks in"))).toEqual([]);
  }, 60_000);
});

describe.skipIf(PYTHON === undefined)("threads that only wait", () => {
  const program = ({ name, size }: ReturnType<typeof draw>, rows: number) =>
    `import threading
never = threading.Event()
def ${name}():
  rows = [bytearray(${size}) for i in range(${rows})]
  never.wait()
for i in range(20): threading.Thread(target=${name}, daemon=True).start()
time.sleep(0.5)`;

  it("for what a client sends are no leak: they are as large as their clients are many", async () => {
    const { size } = draw(4);
    const { rows } = await diagnoseProgram(
      PYTHON ?? "",
      `import socket, threading
pairs = [socket.socketpair() for i in range(30)]
def handle(connection):
  rows = [bytearray(${size}) for i in range(500)]
  connection.recv(10)
for pair in pairs: threading.Thread(target=handle, args=pair[:1], daemon=True).start()
time.sleep(0.5)`,
    );
    const [first] = rows;
    expect(first).toMatchObject({ verdict: "biggest", length: 30 * 500 });
    expect(first?.path).toMatch(/^<30 threads in handle program\.py:7>\.rows$/);
  }, 60_000);

  it.each(SEEDS)(
    "drawn by seed %i are told by the local that holds most",
    async (seed) => {
      const given = draw(seed);
      const { rows } = await diagnoseProgram(PYTHON ?? "", program(given, 500));
      const [first] = rows;
      expect(first?.path).toMatch(new RegExp(`^<20 threads in ${given.name} program\\.py:7>\\.rows$`));
      expect(first).toMatchObject({ verdict: "looks like a leak", length: 20 * 500 });
      expect(first?.bytes).toBeGreaterThan(20 * 500 * given.size);
    },
    60_000,
  );

  it("with little for locals are no finding", async () => {
    const { rows } = await diagnoseProgram(PYTHON ?? "", program(draw(3), 5));
    expect(rows.filter(({ path }) => path?.includes("threads in"))).toEqual([]);
  }, 60_000);
});
