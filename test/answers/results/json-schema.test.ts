import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Column,
  type Columns,
  findResult,
  frameSchema,
  type JsonValue,
  RESULTS,
  type ResultColumns,
  rowSchema,
  schemaText,
} from "../../../src/answers/results/index.ts";
import { checkFrame, checkRow } from "../../views/frame-check.ts";
import { anyFrame, anyObject } from "./any-result.ts";

const results: readonly ResultColumns[] = RESULTS;
const nameOf = ({ schema }: ResultColumns) => schema.replace("coregram/", "");
const golden = (name: string) => fileURLToPath(new URL(`golden/${name}`, import.meta.url));

describe("findResult", () => {
  it("takes a name with and without version and program", () => {
    for (const name of ["types", "types@1", "coregram/types", "coregram/types@1"])
      expect(findResult(name)?.schema).toBe("coregram/types@1");
    for (const name of ["", "type", "types@2", "types@", "constructor", "coregram/"])
      expect(findResult(name)).toBeNull();
  });
});

describe.each(results)("$schema", (result) => {
  it("has a schema that takes what its columns make, and says of what kind each value is", () => {
    fc.assert(
      fc.property(anyFrame(result), (frame) => {
        expect(checkFrame(frame)).toEqual([]);
        expect(frame.rows.flatMap((row) => checkRow(result, row))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it("has a schema that takes nothing else: a missing key, another one, null, a value of another kind", () => {
    const [sample] = fc.sample(fullRow(result), 1);
    for (const [path, column] of pathsOf(result.row)) {
      const at = path.join(".");
      const broken = (change: (parent: Record<string, JsonValue>, key: string) => void) => {
        const row = structuredClone(sample) as Record<string, JsonValue>;
        const parent = parentOf(row, path);
        change(parent, path.at(-1) ?? "");
        return checkRow(result, row);
      };
      const set = (value: JsonValue) => broken((parent, key) => Object.assign(parent, { [key]: value }));
      expect(
        broken((parent, key) => delete parent[key]),
        `${at} is missing`,
      ).not.toEqual([]);
      expect(
        broken((parent) => Object.assign(parent, { other: 1 })),
        `beside ${at}`,
      ).not.toEqual([]);
      expect(set(null).length === 0, `${at} is null`).toBe(column.nullable === true);
      for (const value of wrongValues(column)) expect(set(value), `${at} is ${value}`).not.toEqual([]);
    }
  });

  it("is the contract that stands in the golden file", async () => {
    expect(readdirSync(golden("")).sort()).toEqual(results.map((each) => `${nameOf(each)}.txt`).sort());
    await expect(outline(result)).toMatchFileSnapshot(golden(`${nameOf(result)}.txt`));
  });

  it("is published as it is printed", () => {
    const read = (file: string) =>
      readFileSync(fileURLToPath(new URL(`../../../dist/schemas/${file}`, import.meta.url)), "utf8");
    expect(read(`${nameOf(result)}.json`)).toBe(schemaText(frameSchema(result)));
    expect(read(`${nameOf(result)}.row.json`)).toBe(schemaText(rowSchema(result)));
  });

  it("says of each column what it means, in a line", () => {
    for (const columns of [result.input, result.totals, result.row, result.lines ?? {}])
      for (const [path, { doc }] of pathsOf(columns))
        expect(`${path.join(".")}: ${doc}`).toMatch(/^[^\n]+: \S.*\S$/);
  });
});

it("takes no frame whose keys come in another order, though JSON Schema would", () => {
  const [frame] = fc.sample(
    anyFrame(results.find(({ schema }) => schema === "coregram/trend@1") as ResultColumns),
    1,
  );
  if (!frame) throw new Error("no frame");
  const { rows, ...rest } = frame;
  expect(checkFrame({ rows, ...rest })).toEqual(["the frame has the keys rows,schema,input,totals"]);
  const turned = Object.fromEntries(Object.entries(frame.totals).reverse());
  expect(checkFrame({ ...frame, totals: turned })).toEqual([
    "/totals has the keys suspects,restRows,bytes,by",
  ]);
});

/** A row in which nothing is null and no list empty, so that each of its columns can be broken. */
function fullRow(result: ResultColumns) {
  const full = (columns: Columns): Columns =>
    Object.fromEntries(
      Object.entries(columns).map(([key, { nullable, ...column }]): [string, Column] => [
        key,
        column.kind === "object" ? { ...column, columns: full(column.columns) } : column,
      ]),
    );
  return anyObject(full(result.row)).filter((row) => !JSON.stringify(row).includes("[]"));
}

/** Columns with the path to each, those in lists and objects included. */
function* pathsOf(columns: Columns, before: readonly string[] = []): Generator<[readonly string[], Column]> {
  for (const [key, column] of Object.entries(columns)) {
    const path = [...before, key];
    yield [path, column];
    if (column.kind === "object") yield* pathsOf(column.columns, path);
    if (column.kind === "list" && column.of.kind === "object")
      yield* pathsOf(column.of.columns, [...path, "0"]);
  }
}

function parentOf(row: Record<string, JsonValue>, path: readonly string[]): Record<string, JsonValue> {
  let parent = row;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string, JsonValue>;
  return parent;
}

/** Values of all other kinds, and near misses of its own. */
function wrongValues(column: Column): JsonValue[] {
  switch (column.kind) {
    case "count":
    case "bytes":
      return ["1", true, 1.5, 2 ** 53, {}, [], ...(column.signed ? [-(2 ** 53)] : [-1])];
    case "number":
      return ["1", true, 1.5, 2 ** 53, -(2 ** 53), {}, []];
    case "real":
      return ["1", true, {}, []];
    case "flag":
      return ["true", 0, {}, []];
    case "text":
      return [1, false, {}, []];
    case "address":
    case "mask":
      return [1, "", "7f", "0x", "0x007f", "0xAB", "0x10000000000000000", "0x1 ", "0x1\n"];
    case "end":
      return [1, "7f", "0x007f", "0x10000000000000001"];
    case "word":
      return [1, "7f", "0x00000000", "0000000000000000g", "00007F01104E0C70", "000000000"];
    case "hex":
      return [1, "", "abc", "AB", "0x"];
    case "permissions":
      return [1, "rwxp", "xwr", "rw"];
    case "choice":
      return ["none of them", 0, true, {}, []];
    case "list":
      return [{}, "[]", [null], [{ other: 1 }, 1.5]];
    case "object":
      return [{}, [], "{}", 1];
  }
}

/** A line a value of the JSON Schema, in its order, with all that it asks of it: what a change of the contract shows in. */
function outline(result: ResultColumns): string {
  const lines: string[] = [];
  const walk = (path: string, schema: JsonValue | undefined): void => {
    if (typeof schema !== "object" || schema === null || Array.isArray(schema))
      throw new Error(`${path} has no schema`);
    const { $schema, $id, title, description, properties, items, required, ...rest } = schema as {
      readonly [key: string]: JsonValue;
    };
    lines.push(`${path} ${JSON.stringify(rest)}`);
    const inner = (properties ?? {}) as { readonly [key: string]: JsonValue };
    // The frame alone has a key that may be missing.
    expect(required ?? []).toEqual(Object.keys(inner).filter((key) => path !== "$" || key !== "redacted"));
    for (const [key, value] of Object.entries(inner)) walk(`${path}.${key}`, value);
    if (items !== undefined) walk(`${path}[]`, items);
  };
  walk("$", frameSchema(result));
  if (result.lines) lines.push(`csv ${Object.keys(result.lines).join()}`);
  return `${lines.join("\n")}\n`;
}
