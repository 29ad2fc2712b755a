import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canDump } from "../../commands/live.ts";
import { readMallocBlocks } from "./malloc-blocks.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-glibc-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const sourceOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const program = join(scratch, "churn");
const recorder = join(scratch, "record.so");

/** Runs churn.c under record.c, stops and dumps it. Returns the core, and the blocks that its callers know as live. */
async function churn(given: readonly string[], environment: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(scratch, "core-"));
  const record = join(folder, "record");
  const child = spawn(program, given, {
    env: { ...environment, LD_PRELOAD: recorder, RECORD: record },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.once("data", () => resolve());
      child.once("exit", (code) => reject(new Error(`churn ended with ${code}`)));
    });
    const made = spawnSync("gcore", ["-o", join(folder, "core"), String(child.pid)], { stdio: "ignore" });
    const core = join(folder, `core.${child.pid}`);
    if (made.status !== 0 || !existsSync(core)) return null;
    return { core, live: readRecord(record) };
  } finally {
    child.kill("SIGKILL");
  }
}

/** Rows of two u64: address, and bytes asked for; below 2 the row is free. */
function readRecord(path: string): Map<number, number> {
  const bytes = readFileSync(path);
  const rows = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  const live = new Map<number, number>();
  for (let row = 0; row < rows.length; row += 2)
    if ((rows[row] ?? 0n) > 1n) live.set(Number(rows[row]), Number(rows[row + 1]));
  return live;
}

/** SEED THREADS STEPS WAYS of churn.c, and malloc's settings. */
const CASES: readonly { name: string; given: readonly string[]; environment?: Record<string, string> }[] = [
  { name: "one thread", given: ["1", "0", "60000", "-"] },
  { name: "seven threads, aligned and large blocks", given: ["2", "7", "40000", "mb"] },
  { name: "brk that others move, and that cannot grow", given: ["5", "2", "40000", "snmb"] },
  { name: "memory that was given back", given: ["6", "1", "40000", "tb"] },
  { name: "full caches", given: ["8", "3", "40000", "c"] },
  {
    name: "caches of 127 chunks up to 1000 bytes",
    given: ["10", "2", "40000", "c"],
    environment: { GLIBC_TUNABLES: "glibc.malloc.tcache_count=127:glibc.malloc.tcache_max=1000" },
  },
  {
    name: "no caches",
    given: ["9", "2", "40000", "c"],
    environment: { GLIBC_TUNABLES: "glibc.malloc.tcache_count=0" },
  },
  {
    name: "one arena for all threads",
    given: ["11", "4", "40000", "m"],
    environment: { MALLOC_ARENA_MAX: "1" },
  },
  {
    name: "chunks mapped from 8 KiB on",
    given: ["12", "2", "20000", "mb"],
    environment: { MALLOC_MMAP_THRESHOLD_: "8192" },
  },
  {
    name: "huge pages, which cut mappings",
    given: ["14", "2", "20000", "mb"],
    environment: { GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" },
  },
];

describe.skipIf(!canDump)("a churned process's blocks are those that its callers know, with", () => {
  beforeAll(() => {
    execFileSync("gcc", ["-O1", "-pthread", sourceOf("churn.c"), "-o", program]);
    execFileSync("gcc", ["-O1", "-shared", "-fPIC", sourceOf("record.c"), "-o", recorder]);
  });

  it.for(CASES)("$name", async ({ given, environment = {} }, context) => {
    const made = await churn(given, environment);
    if (made === null) return context.skip("gcore may not attach here");
    const found = await readMallocBlocks(made.core);
    expect(made.live.size).toBeGreaterThan(1000);
    const missed = [...made.live].filter(([start, bytes]) => !((found.live.get(start) ?? -1) >= bytes));
    const extra = [...found.live.keys()].filter((start) => !made.live.has(start));
    expect({ missed, extra }).toEqual({ missed: [], extra: [] });
    expect(found).toMatchObject({ guessed: 0, bytes: { damaged: 0 } });
    rmSync(made.core);
  });
});
