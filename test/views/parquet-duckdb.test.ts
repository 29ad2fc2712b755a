import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type JsonObject,
  RESULTS,
  type Result,
  type ResultColumns,
} from "../../src/answers/results/index.ts";
import { FORMATS, render } from "../../src/views/index.ts";
import { anyFrame } from "../answers/results/any-result.ts";
import { makeScratch } from "../bytes/scratch.ts";
import { ask, DUCKDB } from "./duckdb.ts";
import { bytesOf, mappedObject, withNulls } from "./parquet-file.ts";

const scratch = makeScratch();
const results: readonly ResultColumns[] = RESULTS;

describe.skipIf(DUCKDB === null)("what DuckDB reads of a Parquet file", () => {
  it.each(results)("is the JSON of $schema, after the mapping", async (result) => {
    const path = join(scratch.folder, "rows.parquet");
    const parquet = FORMATS.find(({ name }) => name === "parquet");
    if (!parquet) throw new Error("no format parquet");
    await fc.assert(
      fc.asyncProperty(anyFrame(result), async (frame) => {
        const rows = frame.rows as JsonObject[];
        writeFileSync(path, await bytesOf(render(parquet, frame as unknown as Result)));
        const read = await ask(`from '${path}'`);
        expect(read.map(withNulls)).toEqual(rows.map((row) => mappedObject(row, result.row)));
        const [{ value } = {}] = await ask(
          `select decode(value) as value from parquet_kv_metadata('${path}') where decode(key) = 'coregram.schema'`,
        );
        expect(value).toBe(result.schema);
      }),
      { numRuns: 15 },
    );
  });
});
