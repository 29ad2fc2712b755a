import fc from "fast-check";
import { expect, it } from "vitest";
import { SymbolTableBuilder } from "../../../src/symbols/index.ts";

interface Line {
  readonly start: bigint;
  readonly size: bigint;
}

function namesLeft(log: readonly Line[]): string[] {
  const builder = new SymbolTableBuilder();
  log.forEach(({ start, size }, index) => {
    builder.addSymbol(start, size, `${index}`);
  });
  builder.dropSuperseded();
  return [...builder.build().symbols()].map(({ name }) => name).sort((a, b) => Number(a) - Number(b));
}

/** Each line against each later one. */
function expected(log: readonly Line[]): string[] {
  const isTable = log.every(({ start }, i) => i === 0 || start >= (log[i - 1]?.start ?? 0n));
  const isGone = (line: Line, index: number) =>
    log.slice(index + 1).some((later) => {
      if (later.start === line.start) return true;
      if (isTable || later.size === 0n) return false;
      const end = line.start + (line.size === 0n ? 1n : line.size);
      return later.start < end && line.start < later.start + later.size;
    });
  return log.flatMap((line, index) => (isGone(line, index) ? [] : [`${index}`]));
}

it("leaves of a log what no later line has taken memory of", () => {
  for (const base of [0x1000n, 0xffff_fff0n, 0xffff_ffff_ffff_ff00n]) {
    const line = fc.record({
      start: fc.bigInt(0n, 60n).map((at) => base + at),
      size: fc.bigInt(0n, 12n),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (log) => {
        expect(namesLeft(log)).toEqual(expected(log));
      }),
      { numRuns: 300 },
    );
  }
});

it("keeps sizes and offsets with those that are left", () => {
  const builder = new SymbolTableBuilder();
  builder.addSymbol(0x2000n, 0n, "gone", 4n);
  builder.addSymbol(0x3000n, 0x10n, "inside", 8n);
  builder.addSymbol(0x1ff0n, 0x20n, "over");
  builder.dropSuperseded();
  builder.addSymbol(0x4000n, 0n, "next");
  expect([...builder.build().symbols()]).toEqual([
    { address: 0x1ff0n, size: 0x20n, name: "over", offset: 0n },
    { address: 0x3000n, size: 0x10n, name: "inside", offset: 8n },
    { address: 0x4000n, size: 0n, name: "next", offset: 0n },
  ]);
});

it("takes no time to speak of where all lie on each other", () => {
  const log = Array.from({ length: 200_000 }, (_, i) => ({
    start: BigInt(400_000 - i),
    size: BigInt(2 * i + 1),
  }));
  expect(namesLeft(log)).toEqual(["199999"]);
});
