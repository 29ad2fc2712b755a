import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ArenaRow, answerArenas } from "../../src/answers/index.ts";
import { openTarget } from "../../src/image/index.ts";
import { canDump, dump } from "../commands/live.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-mallinfo-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const program = join(scratch, "mallinfo");
/** A chunk's size word, which malloc's sums have in them and rows have not. */
const HEADER = 8;

/** What malloc says of an arena: mallinfo2's and malloc_info's fields have these sums. */
function asMallocCounts(row: ArenaRow) {
  const { freeCount } = row;
  if (freeCount === null) throw new Error(`${row.arena} has no count of free chunks`);
  const fast = row.fastbinBytes + HEADER * row.fastbinCount;
  const free = row.freeBytes + HEADER * freeCount;
  const top = row.topBytes + row.untouchedBytes + HEADER;
  return { system: row.bytes, fastCount: row.fastbinCount, fast, freeCount, free, top };
}

/** One number of malloc_info's text. */
function numberIn(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`malloc_info has no ${pattern}`);
  return Number(found);
}

/** Of each arena: system_mem; fastbins' chunks and bytes; free chunks with the top, and bytes. */
function heapsOf(info: string): number[][] {
  return info
    .split("<heap ")
    .slice(1)
    .map((heap) => [
      numberIn(heap, /<system type="current" size="(\d+)"/),
      numberIn(heap, /<total type="fast" count="(\d+)"/),
      numberIn(heap, /<total type="fast" count="\d+" size="(\d+)"/),
      numberIn(heap, /<total type="rest" count="(\d+)"/),
      numberIn(heap, /<total type="rest" count="\d+" size="(\d+)"/),
    ]);
}

const sorted = (rows: readonly number[][]) => rows.map((row) => row.join(" ")).sort();
const sum = (numbers: readonly number[]) => numbers.reduce((all, number) => all + number, 0);

describe.skipIf(!canDump)("rows of arenas are what malloc says of itself", () => {
  beforeAll(() => {
    execFileSync("gcc", [
      ...["-O1", "-pthread", "-o", program],
      fileURLToPath(new URL("mallinfo.c", import.meta.url)),
    ]);
  });

  it.each([
    ["of six threads", "-", 0],
    ["where brk was moved by another: system_mem counts that memory", "f", 8192],
  ])("%s", async (_, ways, foreign) => {
    const said = join(scratch, `said-${ways}`);
    const { core } = await dump(program, [said, ways], join(scratch, `core-${ways}`));
    const target = await openTarget(core);
    const { rows, totals } = await answerArenas(target, { limit: Number.POSITIVE_INFINITY, modules: false });
    target.close();
    rmSync(core);
    const [summary = "", ...lines] = readFileSync(said, "latin1").split("\n");
    const told = Object.fromEntries(
      [...summary.matchAll(/(\w+) (\d+)/g)].map(([, name, value]) => [name, Number(value)]),
    );
    const info = lines.join("\n");
    const arenas = rows.filter(({ arena }) => arena === "main" || arena === "thread");
    const mapped = rows.filter(({ arena }) => arena === "mapped");
    expect(arenas).toHaveLength(6);
    expect(rows).toHaveLength(7);
    expect([totals.foreignBytes, totals.damagedBytes]).toEqual([foreign, 0]);
    const counts = arenas.map(asMallocCounts);
    const of = (key: keyof (typeof counts)[number]) => sum(counts.map((each) => each[key]));
    const main = counts[arenas.findIndex(({ arena }) => arena === "main")];
    // What is in tcaches counts as in use, and so do tcaches' own structs, heaps' heads and fence posts.
    const cached = totals.tcacheBytes + HEADER * totals.tcacheCount;
    const inArenas = sum(arenas.map((row) => row.usedBytes + HEADER * row.usedCount));
    const heads =
      totals.headerBytes -
      sum(mapped.map(({ headerBytes }) => headerBytes)) -
      HEADER * sum(arenas.map((row) => row.usedCount + row.tcacheCount)) -
      // Those of fastbins', free and top chunks, which the sums above have.
      HEADER * sum(counts.map(({ fastCount, freeCount }) => fastCount + freeCount + 1));
    expect({
      arena: of("system"),
      // Each arena has a top.
      ordblks: of("freeCount") + counts.length,
      smblks: of("fastCount"),
      hblks: sum(mapped.map(({ usedCount, tcacheCount }) => usedCount + tcacheCount)),
      hblkhd: sum(mapped.map(({ bytes }) => bytes)),
      fsmblks: of("fast"),
      uordblks: inArenas + cached + heads + foreign,
      fordblks: of("fast") + of("free") + of("top"),
      keepcost: main?.top,
    }).toEqual(told);
    for (const key of ["smblks", "hblks", "fsmblks"]) expect(told[key], key).toBeGreaterThan(10);
    expect(totals.tcacheCount).toBeGreaterThan(100);
    expect(sorted(heapsOf(info))).toEqual(
      sorted(
        counts.map(({ system, fastCount, fast, freeCount, free, top }) => [
          ...[system, fastCount, fast],
          freeCount + 1,
          // malloc_info adds up size words as they are: each free chunk's has PREV_INUSE, 1, but for the top's.
          free + freeCount + top,
        ]),
      ),
    );
    expect(numberIn(info, /<total type="mmap" count="(\d+)"/)).toBe(told.hblks);
    expect(numberIn(info, /<total type="mmap" count="\d+" size="(\d+)"/)).toBe(told.hblkhd);
  });
});
