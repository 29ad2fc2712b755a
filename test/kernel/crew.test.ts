import { execFileSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { Chunks, Crew, TABLE } from "../../src/kernel/index.ts";
import { failureOf, makeScratch } from "../bytes/scratch.ts";

const { folder, put } = makeScratch();
const CHUNK = 65_536;
const CHUNKS = 1500;
/** Jobs by which every worker has joined one: minutes. */
const MOST_JOBS = 5000;

// A crew that sketches a file, and how many words each thread says that it saw.
function makeSketching(crew: Crew, chunks: Chunks) {
  const { table, keys } = TABLE.choose([7n], 14);
  const places = Array.from({ length: crew.threads }, () => ({
    buffer: crew.memory.place(CHUNK),
    tableAt: crew.memory.place(TABLE.bytes(14)),
    totals: crew.memory.place(TABLE.bytes(14)),
  }));
  const place = (thread: number) => {
    const found = places[thread];
    if (!found) throw new RangeError(`thread ${thread}`);
    TABLE.write(crew.memory.wasm, found.tableAt, table, keys);
    return found;
  };
  return (progress?: (done: number, all: number) => void) =>
    crew.run(
      "sketch",
      chunks.count,
      (thread) => ({ chunks, table, foldAfter: 1e9, ...place(thread) }),
      progress,
    );
}

async function withCrew<T>(threads: number, act: (crew: Crew) => Promise<T>): Promise<T> {
  const crew = new Crew(threads);
  try {
    return await act(crew);
  } finally {
    await crew.close();
  }
}

// `CHUNKS` chunks of the same 64 KiB.
const path = put("words", Buffer.alloc(CHUNK, 7));
const fd = openSync(path, "r");
afterAll(() => closeSync(fd));
const chunks = new Chunks(
  { name: path, fd },
  Array.from({ length: CHUNKS }, () => ({ offset: 0, bytes: CHUNK })),
  { bytes: 8, endian: "little" },
  CHUNK,
);

describe("a crew", () => {
  it.each([1, 2, 3])("of %d does every item once, job after job", async (threads) => {
    await withCrew(threads, async (crew) => {
      const sketch = makeSketching(crew, chunks);
      let most = 0;
      // Workers may be late for as many jobs as a busy machine likes, but come they do.
      for (let job = 0; job < 2 || (most < threads && job < MOST_JOBS); ++job) {
        const seen = await sketch();
        expect(seen.reduce((sum, words) => sum + words, 0)).toBe(chunks.words);
        most = Math.max(most, seen.length);
      }
      expect(most).toBe(threads);
    });
  });

  it("does a job that is over before a worker has started, and the next one right", async () => {
    const one = new Chunks({ name: path, fd }, [{ offset: 0, bytes: 16 }], chunks.shape);
    await withCrew(3, async (crew) => {
      const small = makeSketching(crew, one);
      for (let job = 0; job < 50; ++job)
        expect((await small()).reduce((sum, words) => sum + words, 0)).toBe(2);
      const seen = await makeSketching(crew, chunks)();
      expect(seen.reduce((sum, words) => sum + words, 0)).toBe(chunks.words);
    });
  });

  it("tells how far it is, and lets timers run meanwhile", async () => {
    await withCrew(1, async (crew) => {
      const told: number[] = [];
      let timers = 0;
      const timer = setInterval(() => ++timers, 1);
      await makeSketching(
        crew,
        chunks,
      )((done, all) => {
        expect(all).toBe(CHUNKS);
        told.push(done);
      });
      clearInterval(timer);
      expect(told.length).toBeGreaterThan(50);
      expect(told).toEqual([...told].sort((a, b) => a - b));
      expect(told.at(-1)).toBeLessThanOrEqual(CHUNKS);
      expect(timers).toBeGreaterThan(0);
    });
  });

  it.each([1, 3])("of %d ends a job with the error of a thread, and can do the next", async (threads) => {
    await withCrew(threads, async (crew) => {
      const short = new Chunks(
        { name: "short", fd },
        [...chunks.extents, { offset: CHUNK, bytes: 8 }],
        chunks.shape,
        CHUNK,
      );
      const failing = makeSketching(crew, short);
      for (let job = 0; job < 4; ++job)
        expect(await failureOf(failing)).toMatchObject({
          code: "changed",
          message: expect.stringContaining("short"),
        });
      const seen = await makeSketching(crew, chunks)();
      expect(seen.reduce((sum, words) => sum + words, 0)).toBe(chunks.words);
    });
  });

  it("is done at once with a job without items", async () => {
    await withCrew(2, async (crew) => {
      const none = new Chunks({ name: path, fd }, [], chunks.shape);
      const seen = await makeSketching(crew, none)();
      expect(seen.every((words) => words === 0)).toBe(true);
    });
  });
});

it("a process lives until its workers have answered, and ends without being told to", async () => {
  // In a process of its own: here, vitest would keep the loop alive.
  const { build } = await import("esbuild");
  const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
  const outfile = join(folder, "alive.mjs");
  await build({
    stdin: {
      contents: `
        import { openSync } from "node:fs";
        import { Chunks, Crew, TABLE } from "./index.ts";
        const crew = new Crew(2);
        await new Promise((resolve) => setTimeout(resolve, 300));
        const chunks = new Chunks({ name: "words", fd: openSync(${JSON.stringify(path)}, "r") },
          [0, 1, 2].map(() => ({ offset: 0, bytes: ${CHUNK} })), { bytes: 8, endian: "little" }, ${CHUNK});
        const { table } = TABLE.choose([], 14);
        const places = [0, 1].map(() => ({ buffer: crew.memory.place(${CHUNK}),
          tableAt: crew.memory.place(TABLE.bytes(14)), totals: crew.memory.place(TABLE.bytes(14)) }));
        for (let job = 0; job < 500; ++job)
          await crew.run("sketch", 3, (thread) => ({ chunks, table, foldAfter: 1e9, ...places[thread] }));
        console.log("done");`,
      resolveDir: fileURLToPath(new URL("../../src/kernel/", import.meta.url)),
      loader: "ts",
    },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    // The built kernel and worker stand in dist/, wherever this bundle is.
    define: { "import.meta.url": JSON.stringify(new URL("main.js", `file://${dist}`).href) },
  });
  expect(execFileSync(process.execPath, [outfile], { encoding: "utf8", timeout: 60_000 })).toBe("done\n");
});
