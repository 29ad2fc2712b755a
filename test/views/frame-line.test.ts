import fc from "fast-check";
import { expect, it } from "vitest";
import { type Frame, RESULTS, WATCH } from "../../src/answers/results/index.ts";
import { frameLine } from "../../src/views/index.ts";
import { anyFrame } from "../answers/results/any-result.ts";
import { checkFrame } from "./frame-check.ts";

it.each(RESULTS)("a frame of $schema is a line of JSON that says what it says", (result) => {
  fc.assert(
    fc.property(anyFrame(result), (frame) => {
      const line = frameLine(frame as unknown as Frame);
      expect(line.indexOf("\n")).toBe(line.length - 1);
      expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(frame)));
      expect(Object.keys(JSON.parse(line))).toEqual(["schema", "input", "totals", "rows"]);
    }),
    { numRuns: 20 },
  );
});

it("has no keys but those of its schema", () => {
  const [frame] = fc.sample(anyFrame(WATCH), 1);
  const line = frameLine({ ...frame, other: 1, input: { ...frame?.input, other: 1 } } as unknown as Frame);
  expect(checkFrame(JSON.parse(line))).toEqual([]);
});
