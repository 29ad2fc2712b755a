import { expect, it } from "vitest";
import { spanAt, writableSpans } from "../../src/blocks/index.ts";
import { Memory } from "../runtimes/heap/memory.ts";
import { imageOf } from "./image-of.ts";

it("finds the span that has an address, of few and of many", () => {
  for (const count of [1, 2, 3, 8, 9]) {
    const spans = Array.from({ length: count }, (_, index) => ({ start: 10 * index, end: 10 * index + 5 }));
    for (let at = -1; at < 10 * count; at += 1) {
      const expected = spans.find(({ start, end }) => at >= start && at < end) ?? null;
      expect(spanAt(spans, at), `${at} of ${count}`).toBe(expected);
    }
  }
  expect(spanAt([], 0)).toBeNull();
});

const AT = 0x5555_0000_0000;

/** Four mappings that adjoin, the third of which is read-only and the second saved in part, and one further on. */
function memory() {
  const made = new Memory();
  made.map(AT, 0x1000);
  made.map(AT + 0x1000, 0x3000, { savedBytes: 0x1000 });
  made.map(AT + 0x4000, 0x1000, { permissions: "r--" });
  made.map(AT + 0x5000, 0x1000);
  made.map(AT + 0x6000, 0x1000);
  made.map(AT + 0x9000, 0x1000, { savedBytes: 0 });
  return imageOf(made);
}
const spans = (what: "saved" | "mapped") =>
  writableSpans(memory(), what).map(({ start, end }) => [start - AT, end - AT]);

it("has writable memory that adjoins as one, as far as it is saved", () => {
  expect(spans("saved")).toEqual([
    [0, 0x2000],
    [0x5000, 0x7000],
  ]);
});

it("has writable memory as it is mapped, saved or not", () => {
  expect(spans("mapped")).toEqual([
    [0, 0x4000],
    [0x5000, 0x7000],
    [0x9000, 0xa000],
  ]);
});

it("leaves out memory that reaches the end of user space", () => {
  const made = new Memory();
  made.map(2 ** 48 - 0x4000, 0x1000);
  made.map(2 ** 48 - 0x1000, 0x1000);
  const ends = writableSpans(imageOf(made), "saved").map(({ end }) => end);
  expect(ends).toEqual([2 ** 48 - 0x3000]);
});
