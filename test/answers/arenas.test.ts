import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { answerArenas, answerTypes } from "../../src/answers/index.ts";
import { openTarget, type Target } from "../../src/image/index.ts";
import type { AnswerEvent, Listener } from "../../src/terms/index.ts";

const OPTIONS = { threads: 2, modules: false, limit: Number.POSITIVE_INFINITY };

async function ofCore<Answer>(path: string, ask: (target: Target) => Promise<Answer>): Promise<Answer> {
  const target = await openTarget(fileURLToPath(new URL(path, import.meta.url)));
  try {
    return await ask(target);
  } finally {
    target.close();
  }
}

const arenasOf = (path: string, options = {}, listener: Listener = () => {}) =>
  ofCore(path, (target) => answerArenas(target, { ...OPTIONS, ...options }, listener));

const versions = ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15"].map(
  (version) => `../runtimes/cores/py-${version}.core.xz`,
);
const SAMPLE = "../../samples/downstream-after.core.gz";
const C_PROGRAM = "../elf/cores/gcore-x86-64.core.gz";

describe("arenas", () => {
  it.each([...versions, SAMPLE])("of %s have the bytes that the balance has", async (path) => {
    const { totals } = await arenasOf(path);
    const { balance: parts } = (await ofCore(path, (target) => answerTypes(target, OPTIONS))).totals;
    expect({
      used: totals.usedBytes,
      cached: totals.tcacheBytes + totals.fastbinBytes,
      free: totals.freeBytes,
      top: totals.topBytes,
      reserved: totals.untouchedBytes + totals.reservedBytes,
      headers: totals.headerBytes,
    }).toEqual({
      used: parts.objectBlocks + parts.tables + parts.internTable + parts.otherBlocks,
      cached: parts.mallocCached,
      free: parts.mallocFree + parts.freedBlocks + parts.freePools,
      top: parts.mallocTop + parts.uncarved + parts.unusedArenas,
      reserved: parts.mallocReserved,
      headers: parts.headers,
    });
    expect(totals.usedCount).toBeGreaterThan(1000);
    expect(totals.damagedBytes).toBeLessThanOrEqual(parts.unknown);
  });

  it("add up: rows to the totals, and the parts of each to what it has", async () => {
    const { totals, rows } = await arenasOf(SAMPLE);
    expect(rows.map(({ allocator, arena }) => `${allocator} ${arena}`)).toEqual([
      "pymalloc pools",
      "malloc main",
      "malloc mapped",
    ]);
    expect(rows.map(({ address }) => address === null)).toEqual([true, false, true]);
    for (const row of [...rows, totals])
      expect(row.bytes).toBe(
        row.usedBytes +
          row.tcacheBytes +
          row.fastbinBytes +
          row.freeBytes +
          row.topBytes +
          row.untouchedBytes +
          row.headerBytes +
          row.foreignBytes +
          row.damagedBytes,
      );
    for (const key of ["bytes", "usedCount", "usedBytes", "tcacheCount", "topBytes", "headerBytes"] as const)
      expect(totals[key], key).toBe(rows.reduce((sum, row) => sum + row[key], 0));
    expect(totals).toMatchObject({ runtime: "CPython 3.11", arenas: 3, restBytes: 0 });
  });

  it("are as many rows as are asked for, in the order that is asked for", async () => {
    const all = await arenasOf(SAMPLE);
    const [largest, second, last] = all.rows;
    const two = await arenasOf(SAMPLE, { limit: 2 });
    expect(two.rows).toEqual([largest, second]);
    expect(two.totals).toEqual({ ...all.totals, restBytes: last?.bytes });
    const counts = (await arenasOf(SAMPLE, { sort: "count" })).rows.map(({ usedCount }) => usedCount);
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  });

  it("of a process without a runtime are malloc's alone", async () => {
    const events: AnswerEvent[] = [];
    const { totals, rows } = await arenasOf(C_PROGRAM, {}, (event) => events.push(event));
    // 33 pages that brk gave: a tcache's struct of 0x290 bytes, stdout's buffer of 4 KiB and the top.
    const [arena] = rows;
    expect(rows).toHaveLength(1);
    expect(arena).toMatchObject({ arena: "main", bytes: 33 * 4096, usedCount: 1, usedBytes: 4096 + 8 });
    expect(arena).toMatchObject({ headerBytes: 0x290 + 2 * 8, untouchedBytes: 31 * 4096, freeCount: 0 });
    expect(totals.runtime).toBeNull();
    expect(events.filter(({ kind }) => kind !== "progress")).toMatchObject([
      { kind: "note", text: "malloc alone: no CPython type objects in its writable memory" },
    ]);
  });

  it.each([
    [
      "kernel-x86-64",
      "no CPython type objects in its writable memory; no malloc of glibc's or musl's; the process",
    ],
    [
      "kernel-i386",
      "a 32-bit little-endian process: objects are read of 64-bit little-endian ones; the process",
    ],
    ["qemu-s390x", "a 64-bit big-endian process: objects are read of 64-bit little-endian ones; the process"],
  ])("are refused where there are none: %s", async (name, message) => {
    await expect(arenasOf(`../elf/cores/${name}.core.gz`)).rejects.toMatchObject({
      code: "format",
      message: expect.stringContaining(`: ${message}`),
    });
  });
});
