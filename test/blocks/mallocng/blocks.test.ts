import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { BlockFinder, MemoryReader, readMallocng, slotsOf } from "../../../src/blocks/index.ts";
import { openSource } from "../../../src/bytes/index.ts";
import { openCore, readModules } from "../../../src/image/index.ts";
import { findStaticSpans } from "../../../src/runtimes/cpython/objects/statics.ts";
import { canDump } from "../../commands/live.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-musl-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const source = fileURLToPath(new URL("blocks.c", import.meta.url));
const hasMusl = spawnSync("musl-gcc", ["--version"], { stdio: "ignore" }).status === 0;

/** Runs blocks.c, stops and dumps it. Returns the core, and what it knows as live: bytes by address. Null where it may not be traced. */
async function run(program: string, given: readonly string[]) {
  const folder = mkdtempSync(join(scratch, "core-"));
  const record = join(folder, "record");
  const child = spawn(program, [...given, record], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.once("data", () => resolve());
      child.once("exit", (code) => reject(new Error(`blocks ended with ${code}`)));
    });
    const made = spawnSync("gcore", ["-o", join(folder, "core"), String(child.pid)], { stdio: "ignore" });
    const core = join(folder, `core.${child.pid}`);
    return made.status === 0 && existsSync(core) ? { core, live: readRecord(record) } : null;
  } finally {
    child.kill("SIGKILL");
  }
}

function readRecord(path: string): Map<number, number> {
  const bytes = readFileSync(path);
  const rows = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  const live = new Map<number, number>();
  for (let row = 0; row < rows.length; row += 2)
    if ((rows[row] ?? 0n) > 0n) live.set(Number(rows[row]), Number(rows[row + 1]));
  return live;
}

describe.skipIf(!canDump || !hasMusl)(
  "the blocks that a process on musl knows are those that are found, where it is",
  () => {
    it.for([
      { linked: "static", options: ["-static"], seed: "7", own: 0 },
      { linked: "static", options: ["-static"], seed: "21", own: 0 },
      // The loader has a few blocks too, and gives what modules' pages have left over to malloc.
      { linked: "dynamic", options: [], seed: "7", own: 8 },
    ])("$linked, seed $seed", async ({ options, seed, own }, context) => {
      const program = join(scratch, `blocks${options.length}`);
      const compiled = spawnSync("musl-gcc", ["-O1", ...options, source, "-o", program]);
      expect(compiled.stderr.toString()).toBe("");
      const made = await run(program, [seed, "60000"]);
      if (made === null) return context.skip("gcore may not attach here");
      const opened = await openSource(made.core, { temporaryFolder: "/", stdin: 0 });
      try {
        const core = openCore(opened);
        if (core === null) throw new Error("no core");
        const reader = new MemoryReader(core.image);
        const statics = findStaticSpans(core.image, readModules(core), 0).all;
        const mallocng = readMallocng(core.image, reader, statics);
        expect(mallocng.lostGroups).toBe(0);
        const slots = mallocng.groups.flatMap((group) => [...slotsOf(reader, group)]);
        expect(slots.filter(({ state }) => state === "damaged")).toEqual([]);
        const live = new Map(
          slots.filter(({ state }) => state === "in use").map(({ start, bytes }) => [start, bytes]),
        );
        expect(made.live.size).toBeGreaterThan(2000);
        expect([...made.live].filter(([start, bytes]) => live.get(start) !== bytes)).toEqual([]);
        const extra = [...live.keys()].filter((start) => !made.live.has(start));
        expect(extra.length).toBeLessThanOrEqual(own);
        // Each is found from its last byte as well, by itself.
        const finder = new BlockFinder(core.image, reader, () => ({ statics, threadPointers: [] }));
        const wrong = [...made.live].filter(([start, bytes]) => {
          const block = bytes === 0 ? null : finder.blockAt(start + bytes - 1);
          return (
            bytes > 0 &&
            !(block?.kind === "slot" && block.start === start && block.bytes === bytes && block.isInUse)
          );
        });
        expect(wrong).toEqual([]);
      } finally {
        opened.close();
        rmSync(made.core);
      }
    });
  },
);
