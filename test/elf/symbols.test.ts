import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ELF_LIMITS, readHeader, readSections, readSymbols, Warnings } from "../../src/elf/index.ts";
import { buildElf, LAYOUTS } from "./build-elf.ts";
import { buildModule, buildSymbols } from "./build-module.ts";
import { memoryBytes } from "./memory-bytes.ts";
import { symbolSections } from "./symbol-sections.ts";

const PLAN = { class: 64, endian: "little" } as const;

function read(bytes: Uint8Array, limits = ELF_LIMITS) {
  const warnings = new Warnings();
  const source = memoryBytes(bytes);
  const header = readHeader(source, warnings);
  if (header === null) throw new Error("not ELF");
  const sections = readSections(source, header, warnings);
  const [section] = symbolSections(sections);
  if (section === undefined) throw new Error("no symbols");
  return {
    symbols: readSymbols(source, header, sections, section, warnings, limits),
    warnings: warnings.list(),
  };
}

const SYMBOL = { name: "main", value: 0x1000n, size: 16n, type: 2, binding: 1, section: 1 };

describe("readSymbols", () => {
  it.each(LAYOUTS)("reads back what was written, class $class, $endian endian", (layout) => {
    const number = fc.bigInt(0n, layout.class === 64 ? (1n << 64n) - 1n : 0xffff_ffffn);
    const plan = fc.record({
      name: fc.stringMatching(/^[a-zäé_]{0,12}$/),
      value: number,
      size: number,
      type: fc.integer({ min: 0, max: 15 }),
      binding: fc.integer({ min: 0, max: 15 }),
      section: fc.integer({ min: 0, max: 0xffff }),
    });
    fc.assert(
      fc.property(fc.array(plan, { minLength: 1, maxLength: 10 }), (plans) => {
        const { symbols, warnings } = read(buildModule({ ...layout, symbols: plans }));
        expect(warnings).toEqual([]);
        expect(
          Array.from({ length: symbols.count }, (_, index) => ({
            name: symbols.names.textAt(symbols.nameOffsets[index] ?? 0),
            value: symbols.values[index],
            size: symbols.sizes[index],
            type: symbols.types[index],
            binding: symbols.bindings[index],
            section: symbols.sections[index],
          })),
        ).toEqual(plans);
      }),
      { numRuns: 50 },
    );
  });

  it("stops at the limit, and says so", () => {
    const { symbols, warnings } = read(buildModule({ ...PLAN, symbols: [SYMBOL, SYMBOL, SYMBOL] }), {
      ...ELF_LIMITS,
      symbols: 2,
    });
    expect(symbols.count).toBe(2);
    expect(warnings).toEqual([".symtab has 3 symbols, 2 are read"]);
  });

  it.each([
    ["strings without an end", new TextEncoder().encode("\0main"), 2, "main"],
    ["a link to no section", new TextEncoder().encode("\0main\0"), 99, ""],
  ])("survives %s", (_, data, link, name) => {
    const { table } = buildSymbols(PLAN, [SYMBOL]);
    const sections = [
      { name: ".dynsym", type: 11, data: table, link },
      { name: ".dynstr", type: 3, data },
    ];
    const { symbols } = read(buildElf({ ...PLAN, type: 3, sections }));
    expect(symbols.names.textAt(symbols.nameOffsets[0] ?? 0)).toBe(name);
    expect(symbols.names.textAt(0xffff_ffff)).toBe("");
  });

  it("reads no more than the file holds of 10^9", () => {
    const sections = [{ name: ".symtab", type: 2, data: new Uint8Array(48), bytes: 24_000_000_000n }];
    expect(read(buildElf({ ...PLAN, type: 3, sections })).symbols.count).toBeLessThan(20);
  });
});
