import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { BlockFinder, MemoryReader, readMallocng } from "../../src/blocks/index.ts";
import { openSource } from "../../src/bytes/index.ts";
import { type Core, openCore, readModules } from "../../src/image/index.ts";
import { findStaticSpans } from "../../src/runtimes/cpython/objects/statics.ts";
import { canDump } from "../commands/live.ts";
import { readMallocBlocks } from "./glibc/malloc-blocks.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-large-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const source = fileURLToPath(new URL("large.c", import.meta.url));
const PAGE = 4096;

const hasCompiler = (name: string) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0;

interface Large {
  readonly at: number;
  readonly asked: number;
  readonly usable: number;
}

/** Builds and runs large.c, and dumps it. Null where it may not be traced. */
async function run(compiler: string, options: readonly string[], seed: number) {
  const folder = mkdtempSync(join(scratch, "core-"));
  const [program, record] = [join(folder, "large"), join(folder, "record")];
  expect(spawnSync(compiler, ["-O1", ...options, source, "-o", program]).stderr.toString()).toBe("");
  // A freed block makes glibc map less of what comes later, unless it is told from where on.
  const env = { MALLOC_MMAP_THRESHOLD_: "131072", MALLOC_MMAP_MAX_: "65536" };
  const child = spawn(program, [String(seed), record], { env, stdio: ["ignore", "pipe", "inherit"] });
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.once("data", () => resolve());
      child.once("exit", (code) => reject(new Error(`large ended with ${code}`)));
    });
    const made = spawnSync("gcore", ["-o", join(folder, "core"), String(child.pid)], { stdio: "ignore" });
    const core = join(folder, `core.${child.pid}`);
    if (made.status !== 0 || !existsSync(core)) return null;
    const bytes = readFileSync(record);
    const rows = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
    const live: Large[] = [];
    for (let row = 0; row < rows.length; row += 3)
      if (rows[row] !== 0n)
        live.push({ at: Number(rows[row]), asked: Number(rows[row + 1]), usable: Number(rows[row + 2]) });
    return { core, live };
  } finally {
    child.kill("SIGKILL");
  }
}

/** What the block finder says of each from its first, its last asked and its last usable byte: kind, start, bytes. */
function told(core: Core, large: Large) {
  const statics = findStaticSpans(core.image, readModules(core), 0).all;
  const finder = new BlockFinder(core.image, new MemoryReader(core.image), () => ({
    statics,
    threadPointers: [],
  }));
  return [0, large.asked - 1, large.usable - 1].map((into) => finder.blockAt(large.at + into));
}

const SEEDS = [Math.floor(Math.random() * 2 ** 31), Math.floor(Math.random() * 2 ** 31)];

describe.skipIf(!canDump || !hasCompiler("gcc"))("blocks that glibc maps each on its own", () => {
  it.for(SEEDS)("reach to their mapping's end, drawn by %i", async (seed, context) => {
    const made = await run("gcc", [], seed);
    if (made === null) return context.skip("gcore may not attach here");
    expect(made.live.length).toBeGreaterThan(200);
    // Its size in front of it and 16 bytes more, in whole pages (malloc/malloc.c, sysmalloc_mmap).
    const expected = made.live.map(({ at, asked }) => {
      const chunk = Math.ceil((asked + 8) / 16) * 16;
      return [at, Math.ceil((chunk + 8) / PAGE) * PAGE - 16];
    });
    expect(made.live.map(({ at, usable }) => [at, usable])).toEqual(expected);
    const { live, mapped } = await readMallocBlocks(made.core);
    expect(expected.filter(([at = 0, bytes]) => live.get(at) !== bytes)).toEqual([]);
    expect(mapped).toBe(made.live.length);
    const opened = await openSource(made.core, { temporaryFolder: "/", stdin: 0 });
    try {
      const core = openCore(opened);
      if (core === null) throw new Error("no core");
      for (const large of made.live.slice(0, 20)) {
        const block = { kind: "mapped", start: large.at, bytes: large.usable, isInUse: true };
        expect(told(core, large)).toEqual([block, block, block]);
      }
    } finally {
      opened.close();
      rmSync(made.core);
    }
  });
});

describe.skipIf(!canDump || !hasCompiler("musl-gcc"))("blocks that musl maps each on its own", () => {
  it.for(SEEDS)("are in groups of whole pages, drawn by %i", async (seed, context) => {
    const made = await run("musl-gcc", ["-static"], seed);
    if (made === null) return context.skip("gcore may not attach here");
    // What was asked for is kept to the byte.
    expect(made.live.filter(({ asked, usable }) => asked !== usable)).toEqual([]);
    const opened = await openSource(made.core, { temporaryFolder: "/", stdin: 0 });
    try {
      const core = openCore(opened);
      if (core === null) throw new Error("no core");
      const reader = new MemoryReader(core.image);
      const statics = findStaticSpans(core.image, readModules(core), 0).all;
      const { groups } = readMallocng(core.image, reader, statics);
      // The group's head of 16 bytes, some more units, and 4 bytes in front of what would follow (src/malloc/mallocng/malloc.c).
      for (const { at, asked } of made.live) {
        const group = groups.find(({ start, end }) => start < at && at < end);
        const start = Math.floor((at - 16) / PAGE) * PAGE;
        const end = Math.ceil((at + asked + 4) / PAGE) * PAGE;
        expect([group?.start, group?.end, group?.stride]).toEqual([start, end, end - start - 16]);
      }
      for (const large of made.live.slice(0, 20)) {
        const block = { kind: "slot", start: large.at, bytes: large.asked, isInUse: true };
        expect(told(core, large)).toEqual([block, block, block]);
      }
    } finally {
      opened.close();
      rmSync(made.core);
    }
  });
});
