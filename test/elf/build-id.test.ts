import { describe, expect, it } from "vitest";
import { readBuildId, readHeader, readSections, readSegments, Warnings } from "../../src/elf/index.ts";
import { buildElf, buildNotes, LAYOUTS } from "./build-elf.ts";
import { buildModule } from "./build-module.ts";
import { memoryBytes } from "./memory-bytes.ts";

const PLAN = { class: 64, endian: "little", type: 3 } as const;
const ID = Uint8Array.of(0, 1, 0xab, 0xff);

function read(bytes: Uint8Array) {
  const warnings = new Warnings();
  const source = memoryBytes(bytes);
  const header = readHeader(source, warnings);
  if (header === null) throw new Error("not ELF");
  return readBuildId(
    source,
    header,
    readSegments(source, header, warnings),
    readSections(source, header, warnings),
  );
}

describe("readBuildId", () => {
  it.each(LAYOUTS)("finds it in a note section, class $class, $endian endian", (layout) => {
    expect(read(buildModule({ ...layout, buildId: ID }))).toBe("0001abff");
  });

  it("finds it in a segment after a property note, which is aligned to 8", () => {
    const property = buildNotes(PLAN, [{ owner: "GNU", type: 5, descriptor: new Uint8Array(16) }], 8);
    const data = buildNotes(PLAN, [{ owner: "GNU", type: 3, descriptor: ID }]);
    const segments = [
      { type: 4, data: property, alignment: 8n },
      { type: 4, data, alignment: 4n },
    ];
    expect(read(buildElf({ ...PLAN, segments }))).toBe("0001abff");
  });

  it.each([
    ["none", []],
    ["another owner's", [{ owner: "XYZ", type: 3, descriptor: ID }]],
    ["an empty one", [{ owner: "GNU", type: 3, descriptor: new Uint8Array(0) }]],
    ["one of 65 bytes", [{ owner: "GNU", type: 3, descriptor: new Uint8Array(65) }]],
  ])("is null for %s", (_, notes) => {
    expect(read(buildElf({ ...PLAN, segments: [{ type: 4, data: buildNotes(PLAN, notes) }] }))).toBeNull();
  });
});
