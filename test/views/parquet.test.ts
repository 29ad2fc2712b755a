import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import {
  type JsonObject,
  RESULTS,
  type Result,
  type ResultColumns,
  type WordRow,
} from "../../src/answers/results/index.ts";
import { identifyTarget, openTarget } from "../../src/image/index.ts";
import { findFormat, render } from "../../src/views/index.ts";
import { anyFrame } from "../answers/results/any-result.ts";
import { sample } from "../commands/program.ts";
import { bytesOf, mappedObject, metadataOf, readParquet, withNulls } from "./parquet-file.ts";
import { ARTICLE, HOSTILE_NAMES, resultOf, row } from "./word-results.ts";

const results: readonly ResultColumns[] = RESULTS;

function chunksOf(result: Result, options = {}): AsyncIterable<Uint8Array> {
  const parquet = findFormat("parquet");
  if (!parquet) throw new Error("no format parquet");
  return render(parquet, result, options) as AsyncIterable<Uint8Array>;
}

describe.each(results)("$schema", (result) => {
  it("comes back as its JSON is, after the mapping, with the rest of the frame as metadata", async () => {
    await fc.assert(
      fc.asyncProperty(anyFrame(result), async (frame) => {
        const { input, totals, rows } = frame as unknown as Record<"input" | "totals", JsonObject> & {
          rows: JsonObject[];
        };
        const read = await readParquet(await bytesOf(chunksOf(frame as unknown as Result)));
        expect(read.rows.map(withNulls)).toEqual(rows.map((each) => mappedObject(each, result.row)));
        const metadata = metadataOf(read.metadata);
        expect(metadata["coregram.schema"]).toBe(result.schema);
        expect(JSON.parse(metadata["coregram.input"] ?? "")).toEqual(input);
        expect(JSON.parse(metadata["coregram.totals"] ?? "")).toEqual(totals);
        expect(metadata["coregram.cores"]).toBe("[]");
      }),
      { numRuns: 30 },
    );
  });
});

it("hostile names and the largest word come back", async () => {
  const rows = HOSTILE_NAMES.map((name) => row(Number.MAX_SAFE_INTEGER, "f".repeat(16), name, name));
  const read = await readParquet(await bytesOf(chunksOf(resultOf(rows))));
  expect(read.rows.map(({ symbol }) => symbol)).toEqual(
    HOSTILE_NAMES.map((name) => name.replace("\ud800", "\\ud800").replace("\udc00", "\\udc00")),
  );
  for (const { count, word } of read.rows) expect([count, word]).toEqual([2n ** 53n - 1n, 2n ** 64n - 1n]);
});

const ROWS = 300_000;

it("streams: a row group at a time is asked for, and is written before the next", async () => {
  let made = 0;
  function* makeRows(): Generator<WordRow> {
    for (; made < ROWS; made++)
      yield { count: ROWS - made, word: made.toString(16).padStart(16, "0"), symbol: null, type: "same" };
  }
  let farthestAhead = 0;
  let before = 0;
  const copies: Buffer[] = [];
  for await (const chunk of chunksOf({ ...ARTICLE, rows: makeRows() })) {
    farthestAhead = Math.max(farthestAhead, made - before);
    before = made;
    copies.push(Buffer.from(chunk));
  }
  expect(farthestAhead).toBeLessThanOrEqual(65_536);
  const { rows, metadata } = await readParquet(Buffer.concat(copies));
  expect(metadata.row_groups).toHaveLength(copies.length - 1);
  expect(rows).toHaveLength(ROWS);
  rows.forEach(({ count, word, type }, index) => {
    if (count !== BigInt(ROWS - index) || word !== BigInt(index) || type !== "same")
      throw new Error(`row ${index} is ${count} ${word} ${type}`);
  });
  const [first] = metadata.row_groups;
  const encodings = first?.columns.map(({ meta_data }) => meta_data?.encodings.join());
  expect(encodings).toEqual(["PLAIN", "PLAIN", "PLAIN", "PLAIN,RLE_DICTIONARY"]);
});

it("long texts end a row group before it has many rows", async () => {
  let made = 0;
  function* makeRows(): Generator<WordRow> {
    for (; made < 64; made++) yield row(1, "0000000a", String(made).padEnd(2 ** 20, "x"));
  }
  let farthestAhead = 0;
  let before = 0;
  for await (const _ of chunksOf({ ...ARTICLE, rows: makeRows() })) {
    farthestAhead = Math.max(farthestAhead, made - before);
    before = made;
  }
  expect([made, farthestAhead]).toEqual([64, 16]);
});

it("a file that is left early leaves its rows, so that they can clean up", async () => {
  let cleaned = 0;
  function* makeRows(): Generator<WordRow> {
    try {
      for (;;) yield row(1, "0000000a");
    } finally {
      cleaned++;
    }
  }
  for await (const _ of chunksOf({ ...ARTICLE, rows: makeRows() })) break;
  expect(cleaned).toBe(1);
});

describe("what the core is", () => {
  const closing: (() => void)[] = [];
  afterAll(() => {
    for (const close of closing) close();
  });

  it("is in the file: its process, its modules' build IDs, a digest of AT_RANDOM", async () => {
    const path = sample("downstream-after.core.gz");
    const target = await openTarget(path);
    closing.push(() => target.close());
    const { metadata } = await readParquet(
      await bytesOf(chunksOf(ARTICLE, { cores: [await identifyTarget(target)] })),
    );
    const [core, ...others] = JSON.parse(metadataOf(metadata)["coregram.cores"] ?? "");
    expect(others).toEqual([]);
    const { buildIds, randomDigest, ...rest } = core;
    expect(rest).toEqual({
      path,
      time: statSync(path).mtime.toISOString(),
      pid: 12405,
      name: "python3.11",
      commandLine: "/usr/bin/python3.11",
      host: null,
    });
    expect(buildIds[0]).toEqual({
      path: "/usr/bin/python3.11",
      buildId: "571d98e01096d5c1c32420d229a6731a0a50d2a0",
    });
    const random = await target.ask(async ({ core }) => {
      const bytes = new Uint8Array(16);
      core?.image.read(core.notes.auxiliary?.random ?? 0n, bytes);
      return bytes;
    });
    expect(randomDigest).toBe(createHash("sha256").update(random).digest("hex"));
  });
});
