import { describe, expect, it } from "vitest";
import { ELF_LIMITS, readHeader, readSections, Warnings } from "../../src/elf/index.ts";
import { buildElf, LAYOUTS, type SectionPlan } from "./build-elf.ts";
import { memoryBytes } from "./memory-bytes.ts";

const PLAN = { class: 64, endian: "little", type: 3 } as const;

function read(bytes: Uint8Array, limits = ELF_LIMITS) {
  const warnings = new Warnings();
  const source = memoryBytes(bytes);
  const header = readHeader(source, warnings);
  if (header === null) throw new Error("not ELF");
  return { sections: readSections(source, header, warnings, limits), warnings: warnings.list() };
}

describe("readSections", () => {
  it.each(LAYOUTS)("reads back what was written, class $class, $endian endian", (layout) => {
    const data = Uint8Array.of(1, 2, 3);
    const plan: SectionPlan = {
      name: ".data",
      type: 1,
      start: 0x1000n,
      data,
      link: 7,
      alignment: 8n,
      entryBytes: 3n,
    };
    const bytes = buildElf({ ...layout, type: 3, sections: [{ name: ".a", type: 7 }, plan] });
    const { sections, warnings } = read(bytes);
    expect(warnings).toEqual([]);
    expect(sections.map(({ name }) => name)).toEqual(["", ".a", ".data", ""]);
    const found = sections[2];
    expect(found).toMatchObject({
      index: 2,
      type: 1,
      start: 0x1000n,
      link: 7,
      alignment: 8n,
      entryBytes: 3n,
      memoryBytes: 3n,
    });
    expect(
      bytes.slice(found?.extent.offset, (found?.extent.offset ?? 0) + (found?.extent.bytes ?? 0)),
    ).toEqual(data);
  });

  it("gives a section only the bytes that the file holds", () => {
    const { sections } = read(
      buildElf({
        ...PLAN,
        sections: [
          { name: ".big", type: 1, bytes: 1n << 63n },
          { name: ".bss", type: 8, bytes: 4096n },
        ],
      }),
    );
    expect(sections[1]?.extent.bytes).toBeLessThan(500);
    expect(sections[2]?.extent).toEqual({ offset: 0, bytes: 0 });
    expect(sections[2]?.memoryBytes).toBe(4096n);
  });

  it("says what a truncated file or the limit leaves out", () => {
    const whole = buildElf({
      ...PLAN,
      sections: [
        { name: ".a", type: 1 },
        { name: ".b", type: 1 },
      ],
    });
    expect(read(whole.slice(0, -64)).warnings).toEqual(["3 of 4 section headers read"]);
    expect(read(whole, { ...ELF_LIMITS, sections: 1 }).warnings).toEqual(["1 of 4 section headers read"]);
  });

  it("has no names where their section is not there", () => {
    const bytes = buildElf({ ...PLAN, sections: [{ name: ".a", type: 1 }] });
    bytes[62] = 77;
    expect(read(bytes).sections.map(({ name }) => name)).toEqual(["", "", ""]);
  });
});
