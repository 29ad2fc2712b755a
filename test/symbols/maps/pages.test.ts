import fc from "fast-check";
import { expect, it } from "vitest";
import type { ByteSource } from "../../../src/bytes/index.ts";
import { MAX_LINE_BYTES, PAGE_BYTES, PageCutter } from "../../../src/symbols/maps/pages.ts";

interface Page {
  readonly text: string;
  readonly hasByteAfter: boolean;
}

function cut(feed: (cutter: PageCutter) => void): Page[] {
  const pages: Page[] = [];
  const cutter = new PageCutter((page, end) => {
    const text = Buffer.from(page.subarray(0, end)).toString("latin1");
    pages.push({ text, hasByteAfter: end < page.length });
  });
  feed(cutter);
  cutter.finish();
  return pages;
}

function source(bytes: Uint8Array, mostAtOnce: number): ByteSource {
  return {
    name: "source",
    size: bytes.length,
    read(position, into) {
      const part = bytes.subarray(position, position + Math.min(mostAtOnce, into.length));
      into.set(part);
      return part.length;
    },
    close() {},
  };
}

it("cuts a text into pages of whole lines, whatever the chunks", () => {
  const line = fc.integer({ min: 0, max: 300_000 }).map((bytes) => "x".repeat(bytes));
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 12 }),
      fc.boolean(),
      fc.integer({ min: 1000, max: 400_000 }),
      (lines, isEnded, chunkBytes) => {
        const bytes = Buffer.from(lines.join("\n") + (isEnded ? "\n" : ""), "latin1");
        const pushed = cut((cutter) => {
          for (let at = 0; at < bytes.length; at += chunkBytes) {
            cutter.push(bytes.subarray(at, at + chunkBytes));
          }
        });
        expect(pushed.map(({ text }) => text).join("")).toBe(bytes.toString("latin1"));
        for (const { text } of pushed.slice(0, -1)) expect(text.endsWith("\n")).toBe(true);
        expect(pushed.every(({ hasByteAfter }) => hasByteAfter)).toBe(true);
        expect(cut((cutter) => cutter.pull(source(bytes, chunkBytes)))).toEqual(pushed);
      },
    ),
    { numRuns: 30 },
  );
});

it("keeps only the start of a line that is longer than a page", () => {
  const text = Buffer.from(`one\n${"y".repeat(3 * PAGE_BYTES)}\nthree\n`, "latin1");
  for (const feed of [
    (cutter: PageCutter) => cutter.push(text),
    (cutter: PageCutter) => cutter.pull(source(text, 100_000)),
  ]) {
    const lines = cut(feed)
      .map((page) => page.text)
      .join("")
      .split("\n");
    expect(lines.map((line) => line.slice(0, 5))).toEqual(["one", "yyyyy", "three", ""]);
    expect(lines[1]?.length).toBeGreaterThan(MAX_LINE_BYTES);
    expect(lines[1]?.length).toBeLessThan(PAGE_BYTES);
  }
});
