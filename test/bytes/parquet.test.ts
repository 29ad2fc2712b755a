import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { parquetReadObjects } from "hyparquet";
import {
  ByteWriter,
  type ColumnSource,
  ParquetWriter,
  parquetWriteBuffer,
  type SchemaElement,
} from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import {
  type JsonObject,
  RESULTS,
  type Result,
  type ResultColumns,
} from "../../src/answers/results/index.ts";
import { isParquet, openParquet, type ParquetFile } from "../../src/bytes/index.ts";
import { CoregramError } from "../../src/terms/index.ts";
import { findFormat, render } from "../../src/views/index.ts";
import { anyFrame } from "../answers/results/any-result.ts";
import { ask, DUCKDB } from "../views/duckdb.ts";
import { bytesOf, mappedObject, withNulls } from "../views/parquet-file.ts";
import { failureOf, makeScratch } from "./scratch.ts";

const scratch = makeScratch();
const results: readonly ResultColumns[] = RESULTS;

async function withFile<Made>(bytes: Uint8Array, work: (file: ParquetFile) => Promise<Made>): Promise<Made> {
  const file = await openParquet(scratch.put("rows.parquet", bytes));
  try {
    return await work(file);
  } finally {
    file.close();
  }
}

async function rowsOf(file: ParquetFile): Promise<Record<string, unknown>[]> {
  const rows = [];
  for await (const row of file.objects()) rows.push(row);
  return rows;
}

const readAll = (bytes: Uint8Array) => withFile(bytes, rowsOf);

async function written(result: Result): Promise<Uint8Array> {
  const parquet = findFormat("parquet");
  if (!parquet) throw new Error("no format parquet");
  return bytesOf(render(parquet, result));
}

describe.each(results)("$schema", (result) => {
  it("comes back as its JSON is, after the mapping, and its frame as metadata", async () => {
    await fc.assert(
      fc.asyncProperty(anyFrame(result), async (frame) => {
        const rows = frame.rows as JsonObject[];
        await withFile(await written(frame as unknown as Result), async (file) => {
          expect(file.rows).toBe(rows.length);
          expect(file.columnNames).toEqual(Object.keys(result.row));
          expect(file.metadata.get("coregram.schema")).toBe(result.schema);
          expect(JSON.parse(file.metadata.get("coregram.totals") ?? "")).toEqual(frame.totals);
          expect((await rowsOf(file)).map(withNulls)).toEqual(
            rows.map((row) => mappedObject(row, result.row)),
          );
        });
      }),
      { numRuns: 15 },
    );
  });
});

const SCHEMA: SchemaElement[] = [
  { name: "schema", num_children: 4 },
  { name: "word", repetition_type: "REQUIRED", type: "INT64", converted_type: "UINT_64" },
  { name: "count", repetition_type: "OPTIONAL", type: "INT64" },
  { name: "name", repetition_type: "OPTIONAL", type: "BYTE_ARRAY", converted_type: "UTF8" },
  { name: "live", repetition_type: "REQUIRED", type: "BOOLEAN" },
];

interface Row {
  readonly word: bigint;
  readonly count: bigint | null;
  readonly name: string | null;
  readonly live: boolean;
}

/** Names repeat, so that there is a dictionary. */
const anyRows = fc.array(
  fc.record<Row>({
    word: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    count: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    name: fc.option(fc.constantFrom("builtins.tuple", "é", "", "builtins.int")),
    live: fc.boolean(),
  }),
  { maxLength: 200 },
);

function columnsOf(rows: readonly Row[]): ColumnSource[] {
  return [
    { name: "word", data: BigUint64Array.from(rows, ({ word }) => word) as never },
    { name: "count", data: rows.map(({ count }) => count) },
    { name: "name", data: rows.map(({ name }) => name) },
    { name: "live", data: rows.map(({ live }) => live) },
  ];
}

function parquetOf(rows: readonly Row[], options = {}): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({ columnData: columnsOf(rows), schema: SCHEMA, rowGroupSize: 70, ...options }),
  );
}

describe("a file of several row groups and pages", () => {
  it.each([
    ["UNCOMPRESSED", {}],
    ["SNAPPY", {}],
    ["GZIP", { GZIP: (bytes: Uint8Array) => gzipSync(bytes) }],
  ])("comes back from %s", async (codec, compressors) => {
    await fc.assert(
      fc.asyncProperty(anyRows, async (rows) => {
        const bytes = parquetOf(rows, { codec, compressors, pageSize: 256 });
        expect(await readAll(bytes)).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });

  it("gives single columns of single row groups, whole numbers as typed arrays", async () => {
    const rows = Array.from({ length: 200 }, (_, row) => ({
      word: BigInt(row) << 40n,
      count: BigInt(row),
      name: null,
      live: row % 3 === 0,
    }));
    await withFile(parquetOf(rows), async (file) => {
      expect(file.groups).toEqual([70, 70, 60]);
      const { word, live } = await file.columns(2, ["word", "live"]);
      expect(word).toEqual(BigUint64Array.from(rows.slice(140), (row) => row.word));
      expect(Array.from(live)).toEqual(rows.slice(140).map((row) => row.live));
      expect((await failureOf(() => file.columns(0, ["weight"]))).message).toMatch(/no column weight$/);
      expect((await failureOf(() => file.columns(3, ["word"]))).message).toMatch(/no row group 3$/);
    });
  });

  it.skipIf(DUCKDB === null)("may be of DuckDB: dictionaries, other pages, lists and groups", async () => {
    const path = scratch.put("duck.parquet", new Uint8Array());
    const query =
      "select i::bigint as i, (i % 7)::varchar as name, {a: i % 5, b: case when i % 3 = 0 then null else 'x' || i end} as s, " +
      "range(i % 4) as l, [[i % 2], []] as ll, 1::bigint as one from range(5000) t(i)";
    for (const codec of ["snappy", "gzip", "uncompressed"]) {
      await ask(`copy (${query}) to '${path}' (format parquet, compression ${codec}, row_group_size 2048)`);
      const expected = await ask(query);
      const file = await openParquet(path);
      expect((await rowsOf(file)).map(withNulls)).toEqual(expected.map(withNulls));
      file.close();
    }
  });
});

describe("isParquet", () => {
  const bytes = parquetOf([]);
  it.each([
    ["a file", bytes, true],
    ["an empty file", new Uint8Array(), false],
    ["the magic alone", Buffer.from("PAR1"), false],
    ["a file that is cut", bytes.subarray(0, -1), false],
    ["an ELF file", Buffer.from("\x7fELF then much else"), false],
  ])("of %s", (_, content, expected) => {
    expect(isParquet(scratch.put("maybe", content))).toBe(expected);
  });

  it("of what is no file", () => {
    expect(isParquet(scratch.folder)).toBe(false);
    expect(isParquet(`${scratch.folder}/none`)).toBe(false);
  });
});

/** What opening and reading ends with: rows, or the error that says that it is broken. */
async function readOrRefuse(bytes: Uint8Array): Promise<Record<string, unknown>[] | null> {
  try {
    return await readAll(bytes);
  } catch (error) {
    if (!(error instanceof CoregramError)) throw error;
    expect(error.code).toBe("format");
    expect(error.message).toContain("rows.parquet: ");
    return null;
  }
}

/** The footer of a file changed, and the file put together again. */
function withFooter(bytes: Uint8Array, change: (footer: Buffer) => Uint8Array): Buffer {
  const buffer = Buffer.from(bytes);
  const length = buffer.readUInt32LE(buffer.length - 8);
  const start = buffer.length - 8 - length;
  const footer = change(Buffer.from(buffer.subarray(start, start + length)));
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(footer.length);
  return Buffer.concat([buffer.subarray(0, start), footer, tail, Buffer.from("PAR1")]);
}

function varint(value: bigint): Buffer {
  const bytes = [];
  for (let left = value; ; left >>= 7n) {
    bytes.push(Number(left & 0x7fn) | (left > 0x7fn ? 0x80 : 0));
    if (left <= 0x7fn) return Buffer.from(bytes);
  }
}

describe("a broken file is refused in words:", () => {
  const rows: Row[] = Array.from({ length: 150 }, (_, row) => ({
    word: BigInt(row),
    count: row % 5 === 0 ? null : BigInt(row),
    name: ["a", "b"][row % 2] ?? null,
    live: row % 2 === 0,
  }));
  const whole = parquetOf(rows, { codec: "UNCOMPRESSED" });

  it("bytes that are others", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        async (flips) => {
          const bytes = Uint8Array.from(whole);
          for (const [at, by] of flips) bytes[at] = (bytes[at] ?? 0) ^ by;
          const read = await readOrRefuse(bytes);
          if (read !== null) for (const row of read) expect(Object.keys(row).length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("bytes of nested columns that are others", async () => {
    const result = results.find(({ schema }) => schema.startsWith("coregram/owners"));
    if (result === undefined) throw new Error("no owners");
    await fc.assert(
      fc.asyncProperty(
        anyFrame(result),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (frame, place, by) => {
          const bytes = Uint8Array.from(await written(frame as unknown as Result));
          const at = place % bytes.length;
          bytes[at] = (bytes[at] ?? 0) ^ by;
          await readOrRefuse(bytes);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("a file that is cut, wherever", async () => {
    for (let length = 0; length < whole.length; length += 7) {
      expect(await readOrRefuse(whole.subarray(0, length))).toBe(null);
      expect(await readOrRefuse(Buffer.concat([whole.subarray(0, length), Buffer.from("PAR1")]))).toBe(null);
    }
  });

  it("a footer that says it is longer than the file, or than any", async () => {
    for (const length of [whole.length, 2 ** 31, 2 ** 32 - 1]) {
      const bytes = Buffer.from(whole);
      bytes.writeUInt32LE(length, bytes.length - 8);
      expect((await failureOf(() => readAll(bytes))).message).toMatch(/broken Parquet: a footer of/);
    }
  });

  it("2^60 rows, in a row group as in the file", async () => {
    // Fields 3 of FileMetaData and of RowGroup are I64 after a list: 0x16, zigzag varint.
    const lie = (footer: Buffer) =>
      Buffer.from(
        footer
          .toString("latin1")
          .replaceAll(`\x16${varint(300n).toString("latin1")}`, `\x16${varint(2n ** 61n).toString("latin1")}`)
          .replaceAll(
            `\x16${varint(140n).toString("latin1")}`,
            `\x16${varint(2n ** 61n).toString("latin1")}`,
          ),
        "latin1",
      );
    expect(await readOrRefuse(withFooter(whole, lie))).toBe(null);
  });

  it.each([
    [
      "a list of 2^31 in each other",
      Buffer.from(`29${"f9ffffffff07".repeat(40)}`, "hex"),
      /list of 2147483647 has/,
    ],
    ["lists without an end", Buffer.from(`29${"19".repeat(5000)}`, "hex"), /nested more than 16/],
    ["structs without an end", Buffer.from("1c".repeat(5000), "hex"), /nested more than 16/],
    [
      "a number without an end",
      Buffer.concat([Buffer.from("16", "hex"), Buffer.alloc(10000, 0x80)]),
      /more than 10 bytes/,
    ],
  ])("%s", async (_, footer, message) => {
    const before = process.memoryUsage().rss;
    expect((await failureOf(() => readAll(withFooter(whole, () => footer)))).message).toMatch(message);
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27);
  });

  it("a run that says it is a billion", async () => {
    // One column whose levels are a run of all its values: the run's header is a varint before a byte of 1.
    const writer = new ByteWriter();
    const parquet = new ParquetWriter({
      writer,
      schema: [
        { name: "schema", num_children: 1 },
        { name: "n", repetition_type: "OPTIONAL", type: "INT64" },
      ],
      codec: "UNCOMPRESSED",
      statistics: false,
    });
    parquet.write({
      columnData: [{ name: "n", data: Array.from({ length: 64 }, () => 7n), encoding: "PLAIN" }],
    });
    parquet.finish();
    const bytes = Buffer.from(writer.getBytes());
    const at = bytes.indexOf(Buffer.concat([varint(128n), Buffer.from([1])]));
    expect(at).toBeGreaterThan(0);
    expect((await parquetReadObjects({ file: Uint8Array.from(bytes).buffer as ArrayBuffer })).length).toBe(
      64,
    );
    expect((await readAll(bytes)).length).toBe(64);
    // As many bytes as before, and a run of 8,191 in place of 64.
    varint(2n * 8191n).copy(bytes, at);
    expect((await failureOf(() => readAll(bytes))).message).toMatch(
      /column n: a run of 8191 where 64 values are left/,
    );
  });
});
