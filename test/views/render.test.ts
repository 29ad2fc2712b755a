import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type JsonObject,
  type JsonValue,
  RESULTS,
  type Result,
  type ResultColumns,
} from "../../src/answers/results/index.ts";
import { TEXT_FORMATS } from "../../src/views/index.ts";
import { anyFrame } from "../answers/results/any-result.ts";
import { checkFrame, checkRow } from "./frame-check.ts";
import { render, UNSAFE } from "./word-results.ts";

const results: readonly ResultColumns[] = RESULTS;

/** Frames of the result, as what a program has at hand. */
const framesOf = (result: ResultColumns) =>
  anyFrame(result).map(({ rows, ...frame }) => ({ ...frame, rows: rows.map(shallow) }) as unknown as Result);

/** Owners are indented by their depth, which is no deeper than a tree of them. */
const shallow = (row: JsonObject) => (typeof row.depth === "number" ? { ...row, depth: row.depth % 5 } : row);

/** The object with its keys in the other order and one more, at all depths. */
const disturbed = (object: JsonObject): JsonObject =>
  Object.fromEntries([
    ["other", 1],
    ...Object.entries(object)
      .reverse()
      .map(([key, value]) => [key, within(value)]),
  ]);

function within(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? value.map(within) : disturbed(value as JsonObject);
}

describe.each(results)("$schema", (result) => {
  it("is JSON as its columns say, whatever order its keys are in and whatever else is there", () => {
    fc.assert(
      fc.property(framesOf(result), (frame) => {
        const { input, totals, rows } = frame as unknown as {
          input: JsonObject;
          totals: JsonObject;
          rows: JsonObject[];
        };
        const odd = {
          ...frame,
          input: disturbed(input),
          totals: disturbed(totals),
          rows: rows.map(disturbed),
        } as unknown as Result;
        const text = render("json", odd);
        expect(text).not.toMatch(UNSAFE);
        expect(JSON.parse(text)).toEqual(frame);
        expect(checkFrame(JSON.parse(text))).toEqual([]);
        expect(text).toBe(render("json", frame));
        const lines = render("ndjson", odd).split("\n");
        expect(lines.pop()).toBe("");
        expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
        expect(lines.flatMap((line) => checkRow(result, JSON.parse(line)))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it("has its columns' keys as the header of csv and tsv, and a cell for each", () => {
    const keys = Object.keys(result.lines ?? result.row);
    fc.assert(
      fc.property(framesOf(result), (frame) => {
        expect(render("csv", frame).split("\n")[0]).toBe(keys.join(","));
        const [header, ...lines] = render("tsv", frame).split("\n");
        expect(header).toBe(keys.join("\t"));
        expect(lines.pop()).toBe("");
        for (const line of lines) expect(line.split("\t")).toHaveLength(keys.length);
        if (!result.lines) expect(lines).toHaveLength([...frame.rows].length);
      }),
      { numRuns: 30 },
    );
  });

  it("sends nothing to a terminal that is no text, in no format", () => {
    fc.assert(
      fc.property(framesOf(result), (frame) => {
        for (const { name } of TEXT_FORMATS)
          expect(render(name, frame, { holdLines: true }).replaceAll("\t", " ")).not.toMatch(UNSAFE);
      }),
      { numRuns: 30 },
    );
  });

  it("has a title for each column of its table", () => {
    const [frame] = fc.sample(framesOf(result), 1);
    const [header = ""] = frame ? render("table", frame).split("\n") : [];
    // A column without one would have its key, which is in camel case or in small letters.
    for (const title of header.trim().split(/ {2,}/)) expect(title).toMatch(/^[A-Z][a-z]*( [a-z]+| \d+)*$/);
  });
});
