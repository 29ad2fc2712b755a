import { describe, expect, it } from "vitest";
import { findDebugData, readDebugLink, readHeader, readSections, Warnings } from "../../src/elf/index.ts";
import { buildElf, LAYOUTS } from "./build-elf.ts";
import { buildModule } from "./build-module.ts";
import { memoryBytes } from "./memory-bytes.ts";

const PLAN = { class: 64, endian: "little", type: 3 } as const;

function open(bytes: Uint8Array) {
  const source = memoryBytes(bytes);
  const header = readHeader(source, new Warnings());
  if (header === null) throw new Error("not ELF");
  return { source, header, sections: readSections(source, header, new Warnings()) };
}

function read(bytes: Uint8Array) {
  const { source, header, sections } = open(bytes);
  return readDebugLink(source, header, sections);
}

describe("readDebugLink", () => {
  it.each(LAYOUTS)("reads name and CRC, class $class, $endian endian", (layout) => {
    for (const name of ["a", "abc", "abcd", "libx.so.debug"]) {
      const debugLink = { name, crc32: 0xdeadbeef };
      expect(read(buildModule({ ...layout, debugLink }))).toEqual(debugLink);
    }
  });

  it.each(["../../etc/passwd", "/dev/zero", "..", ".", ""])("refuses the name %j", (name) => {
    expect(read(buildModule({ ...PLAN, debugLink: { name, crc32: 1 } }))).toBeNull();
  });

  it("is null without a CRC, without an end, and without a section", () => {
    const section = (data: Uint8Array) =>
      buildElf({ ...PLAN, sections: [{ name: ".gnu_debuglink", type: 1, data }] });
    expect(read(section(new TextEncoder().encode("abc\0")))).toBeNull();
    expect(read(section(new TextEncoder().encode("abcdefgh")))).toBeNull();
    expect(read(buildElf({ ...PLAN, sections: [{ name: ".text", type: 1 }] }))).toBeNull();
  });
});

describe("findDebugData", () => {
  it("finds it where the file has it", () => {
    const data = new Uint8Array(9);
    const bytes = buildElf({ ...PLAN, sections: [{ name: ".gnu_debugdata", type: 1, data }] });
    expect(findDebugData(open(bytes).sections)?.bytes).toBe(9);
    expect(
      findDebugData(
        open(buildElf({ ...PLAN, sections: [{ name: ".gnu_debugdata", type: 8, bytes: 9n }] })).sections,
      ),
    ).toBeNull();
  });
});
