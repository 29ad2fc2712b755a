import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerDiagnose } from "../../src/answers/diagnose.ts";
import { answerDiff } from "../../src/answers/diff.ts";
import type { By } from "../../src/answers/index.ts";
import { readSummary } from "../../src/answers/read-summary.ts";
import { answerReport } from "../../src/answers/report.ts";
import {
  type DiffRow,
  type JsonObject,
  type JsonValue,
  SUMMARY,
  type SummaryRow,
} from "../../src/answers/results/index.ts";
import { Summary } from "../../src/answers/summarized.ts";
import { answerSummary } from "../../src/answers/summary.ts";
import { openTarget, type Target } from "../../src/image/index.ts";
import { CoregramError } from "../../src/terms/index.ts";
import { parquetTable } from "../../src/views/index.ts";
import { sample } from "../commands/program.ts";
import { bytesOf } from "../views/parquet-file.ts";
import { anyObject } from "./results/any-result.ts";

const folder = mkdtempSync(join(tmpdir(), "coregram-summary-"));
const targets: Target[] = [];
afterAll(() => {
  for (const target of targets) target.close();
  rmSync(folder, { recursive: true });
});

let files = 0;
async function write(...rows: readonly SummaryRow[]): Promise<string> {
  const path = join(folder, `${files++}.parquet`);
  const table = { name: "summary", columns: SUMMARY, input: { path }, rows: rows as readonly JsonObject[] };
  writeFileSync(path, await bytesOf(parquetTable(table, [])));
  return path;
}

/** What is in the file for it: UTF-8 has no half of a surrogate pair, and a word is one of 8 bytes. */
function inFile(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(inFile);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        key === "word" ? String(member).padStart(16, "0") : inFile(member),
      ]),
    );
  if (typeof value !== "string") return value;
  return value.replaceAll(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}

describe("a summary's file", () => {
  it("has what was put in it, whatever that is", async () => {
    await fc.assert(
      fc.asyncProperty(anyObject(SUMMARY.row), async (row) => {
        const path = await write(row as unknown as SummaryRow);
        expect(await readSummary(path)).toEqual(inFile(row));
      }),
      { numRuns: 25 },
    );
  });

  it("of several cores, or of something else, is none", async () => {
    const [row] = fc.sample(anyObject(SUMMARY.row), 1);
    const two = await write(row as unknown as SummaryRow, row as unknown as SummaryRow);
    await expect(readSummary(two)).rejects.toThrow(/\.parquet is of 2 cores, and takes the place of one$/);
    await expect(readSummary(await write())).rejects.toThrow(/is of 0 cores/);
    const other = join(folder, "other.parquet");
    const columns = { schema: "coregram/other@1", doc: "", row: { a: { kind: "count", doc: "" } } } as const;
    const table = { name: "other", columns, input: {}, rows: [{ a: 1 }] };
    writeFileSync(other, await bytesOf(parquetTable(table, [])));
    await expect(readSummary(other)).rejects.toThrow(
      /is a table, coregram\/other@1, and no summary of a core/,
    );
  });

  it("that says what no summary can is none", async () => {
    const [drawn] = fc.sample(anyObject(SUMMARY.row), 1);
    const row = drawn as unknown as SummaryRow;
    const refusal = async (changed: object) =>
      readSummary(await write({ ...row, ...changed } as unknown as SummaryRow)).catch(String);
    const { totals } = row.words;
    expect(await refusal({ words: { rows: [], totals: { ...totals, restCount: -1 } } })).toMatch(
      /words\.totals\.restCount is not what a summary has there/,
    );
    expect(await refusal({ subject: { ...row.subject, bytes: -1 } })).toMatch(/subject\.bytes is not what/);
    expect(await refusal({ remarks: [{ kind: "praise", text: "" }] })).toMatch(/remarks\.kind is not what/);
  });

  it("that is broken is told of in one line, or read", async () => {
    const [row] = fc.sample(anyObject(SUMMARY.row), 1);
    const whole = readFileSync(await write(row as unknown as SummaryRow));
    const path = join(folder, "broken.parquet");
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        async (flips) => {
          const bytes = Buffer.from(whole);
          for (const [at, byte] of flips) bytes[at] = byte;
          writeFileSync(path, bytes);
          const read = await readSummary(path).catch((error: unknown) => error);
          if (read instanceof Error) expect(read).toBeInstanceOf(CoregramError);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe.each([
  ["downstream", "gz"],
  ["traced", "xz"],
])("summaries of %s", (name, extension) => {
  let cores: readonly [Target, Target];
  let summaries: readonly [Summary, Summary];
  beforeAll(async () => {
    const open = async (when: string): Promise<[Target, Summary]> => {
      const target = await openTarget(sample(`${name}-${when}.core.${extension}`));
      targets.push(target);
      return [target, await Summary.open(await write(await answerSummary(target)))];
    };
    const [before, after] = [await open("before"), await open("after")];
    cores = [before[0], after[0]];
    summaries = [before[1], after[1]];
  }, 120_000);

  it.each<By>(["type", "balance"])("differ by %s as the cores do", async (by) => {
    const options = { by, limit: Number.POSITIVE_INFINITY };
    const [told, known] = [await answerDiff(summaries, options), await answerDiff(cores, options)];
    expect(told.rows).toEqual(known.rows);
    expect(told.rows.length).toBeGreaterThan(3);
    // The process is one, whichever of the two is read from its core.
    for (const pair of [summaries, [cores[0], summaries[1]], [summaries[0], cores[1]]])
      expect((await answerDiff(pair, options)).totals).toMatchObject({ by });
    expect(told.totals).toMatchObject({ sameProcess: true });
  });

  it("differ by owner as the cores do, but for what was too small to be kept", async () => {
    const options = { by: "owner", limit: Number.POSITIVE_INFINITY } as const;
    const changes = ({ rows }: Awaited<ReturnType<typeof answerDiff>>) =>
      new Map(
        (rows as readonly DiffRow[]).map(
          ({ name: owner, bytesDiff, oldNativeBytes, newNativeBytes, ...row }) => [
            owner,
            {
              more: bytesDiff + (newNativeBytes ?? 0) - (oldNativeBytes ?? 0),
              most: Math.max(row.oldBytes + (oldNativeBytes ?? 0), row.newBytes + (newNativeBytes ?? 0)),
            },
          ],
        ),
      );
    const known = changes(await answerDiff(cores, options));
    for (const pair of [summaries, [cores[0], summaries[1]], [summaries[0], cores[1]]] as const) {
      const notes: string[] = [];
      const told = await answerDiff(pair, options, (event) => {
        if (event.kind === "note") notes.push(event.text);
      });
      const left = Math.max(...pair.map((one) => (one instanceof Summary ? (one.row.leastAmount ?? 0) : 0)));
      const rows = changes(told);
      for (const [owner, { more }] of rows)
        expect(Math.abs(more - (known.get(owner)?.more ?? 0)), owner).toBeLessThanOrEqual(left);
      for (const [owner, { more, most }] of known)
        if (most > left && Math.abs(more) > left) expect(rows.has(owner), owner).toBe(true);
      const [first] = told.rows;
      expect(first?.name).toBe([...known.keys()][0]);
      for (const one of pair)
        if (one instanceof Summary && (one.row.restAmounts ?? 0) > 0)
          expect(notes.join()).toContain(`${one.row.restAmounts?.toLocaleString("en")} owners of up to`);
      expect(notes.some((text) => text.startsWith("suspect: "))).toBe(true);
    }
  });

  it("are diagnosed as the cores are", async () => {
    const [told] = await Promise.all(summaries.map((summary) => answerDiagnose([summary], { limit: 9 })));
    const known = await answerDiagnose([cores[0]], { limit: 9 });
    expect(told).toMatchObject({ totals: known.totals, rows: known.rows });
    const [grown, compared] = [await answerDiagnose(summaries), await answerDiagnose(cores)];
    const shape = ({ verdict, kind, path }: (typeof grown.rows)[number]) => ({ verdict, kind, path });
    expect(grown.rows.map(shape)).toEqual(compared.rows.map(shape));
    expect(grown.totals.grewBytes).toBe(compared.totals.grewBytes);
    const [first] = grown.rows;
    expect(first?.grewBytes).toBeGreaterThan(0);
    const left = summaries[0].row.leastAmount ?? 0;
    expect(Math.abs((first?.grewBytes ?? 0) - (compared.rows[0]?.grewBytes ?? 0))).toBeLessThanOrEqual(left);
    // An older summary beside the newer core.
    const mixed = await answerDiagnose([summaries[0], cores[1]]);
    expect(mixed.rows.map(shape)).toEqual(compared.rows.map(shape));
  });

  it("make a page, with what they lack said", async () => {
    const [older, newer] = summaries;
    const page = await answerReport(newer, { older: [older] });
    const whole = await answerReport(cores[1], { older: [cores[0]] });
    expect(page.words.rows.slice(0, 100)).toEqual(whole.words.rows);
    expect(page.heap?.types.rows).toEqual(whole.heap?.types.rows);
    expect(page.heap?.growth?.type.rows).toEqual(whole.heap?.growth?.type.rows);
    expect(page.info.rows[0]?.process).toEqual(whole.info.rows[0]?.process);
    expect(page.remarks.map(({ text }) => text)).toContainEqual(
      expect.stringContaining("the page is of a summary"),
    );
    expect(page.heap?.strings).toBeNull();
  });

  it("have lines where tracemalloc was tracing, and say so where it was not", async () => {
    const options = { by: "line", limit: Number.POSITIVE_INFINITY } as const;
    if (name === "downstream")
      await expect(answerDiff(summaries, options)).rejects.toThrow(
        /has no lines: tracemalloc was not tracing/,
      );
    else {
      expect((await answerDiff(summaries, options)).rows).toEqual((await answerDiff(cores, options)).rows);
      const byFile = { ...options, by: "file" } as const;
      expect((await answerDiff(summaries, byFile)).rows).toEqual((await answerDiff(cores, byFile)).rows);
    }
  });

  it.each<[By, RegExp]>([
    ["word", /--by word is for cores: .* is a summary/],
    ["traceback", /--by traceback is for cores/],
  ])("are not compared by %s", async (by, why) => {
    await expect(answerDiff(summaries, { by })).rejects.toThrow(why);
  });
});

it("is made of what has no objects, too", async () => {
  const path = join(folder, "words.bin");
  writeFileSync(path, Buffer.alloc(4096, 7));
  const target = await openTarget(path);
  targets.push(target);
  const row = await answerSummary(target, { time: "2026-11-27T00:00:00.000Z" });
  expect(row).toMatchObject({ owners: null, types: null, diagnose: null, stacks: null, traces: null });
  expect(row.words.rows).toEqual([{ count: 512, word: "0707070707070707", symbol: null, type: null }]);
  expect(row.unread).toMatch(/is no ELF core/);
  const summary = await Summary.open(await write(row));
  await expect(answerDiagnose([summary])).rejects.toThrow(/tells of no objects: .* is no ELF core/);
  expect((await answerReport(summary)).heap).toBeNull();
});
