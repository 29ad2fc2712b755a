import fc from "fast-check";
import { expect, it } from "vitest";
import { type MapFormat, Verdict } from "../../../src/symbols/maps/format.ts";
import { LineCursor } from "../../../src/symbols/maps/lines.ts";
import { sniffFormat } from "../../../src/symbols/maps/sniff.ts";

const FORMATS = [0, 1, 2].map(formatOf);

/** A format that makes of a line what the digit at its place says. */
function formatOf(place: number): MapFormat {
  const verdicts = [Verdict.skipped, Verdict.neutral, Verdict.weak, Verdict.understood];
  return {
    name: `format ${place}`,
    open: () => ({ read: (bytes, start) => verdicts[(bytes[start + place] ?? 0) - 0x30] ?? Verdict.skipped }),
  };
}

/** All formats read all lines. */
function expectedFormat(bytes: Uint8Array): MapFormat | null {
  const counts = FORMATS.map((format) => {
    const count = { format, understood: 0, weak: 0, lines: 0 };
    const line = new LineCursor(bytes, 0, bytes.length, 0);
    const reader = format.open(undefined as never, () => {});
    for (; line.next(); count.lines++) {
      const verdict = reader.read(bytes, line.start, line.end, line.number);
      if (verdict === Verdict.understood) count.understood++;
      if (verdict === Verdict.weak) count.weak++;
    }
    return count;
  });
  const most = Math.max(...counts.map(({ understood }) => understood));
  const best =
    most > 0
      ? counts.find(({ understood }) => understood === most)
      : counts.find(({ weak, lines }) => lines > 0 && weak === lines);
  return best?.format ?? null;
}

it("the format is the first of those that understand most lines, however few it takes to see that", () => {
  const verdicts = fc.oneof(fc.constantFrom("222", "323", "332", "022"), fc.stringMatching(/^[0-3]{3}$/));
  const lines = fc.tuple(fc.array(verdicts, { maxLength: 50, size: "max" }), fc.nat(40), verdicts);
  fc.assert(
    fc.property(lines, ([some, times, one]) => {
      const bytes = new TextEncoder().encode([...Array(times).fill(one), ...some].join("\n"));
      expect(sniffFormat(FORMATS, bytes, 0, bytes.length)?.name).toBe(expectedFormat(bytes)?.name);
    }),
    { numRuns: 1000 },
  );
});
