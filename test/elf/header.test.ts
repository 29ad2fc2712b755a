import { describe, expect, it } from "vitest";
import { readHeader, Warnings } from "../../src/elf/index.ts";
import { CoregramError } from "../../src/terms/index.ts";
import { buildElf, LAYOUTS } from "./build-elf.ts";
import { memoryBytes } from "./memory-bytes.ts";

const PLAN = { class: 64, endian: "little" } as const;

function read(bytes: Uint8Array) {
  const warnings = new Warnings();
  return { header: readHeader(memoryBytes(bytes), warnings), warnings: warnings.list() };
}

describe("readHeader", () => {
  it.each(LAYOUTS)("reads class $class, $endian endian", (layout) => {
    const { header, warnings } = read(buildElf({ ...layout, machine: 22, segments: [{ type: 1 }] }));
    expect(header).toMatchObject({ ...layout, type: "core", machine: 22 });
    expect(header?.machineName).toBe(layout.class === 64 ? "s390x" : "s390");
    expect(header?.segments).toEqual(
      layout.class === 64
        ? { offset: 64, count: 1, entryBytes: 56 }
        : { offset: 52, count: 1, entryBytes: 32 },
    );
    expect(warnings).toEqual([]);
  });

  it.each([
    ["nothing", new Uint8Array(0)],
    ["three bytes", Uint8Array.of(0x7f, 0x45, 0x4c)],
    ["zeros", new Uint8Array(4096)],
    [
      "text",
      new TextEncoder().encode("\x7fELM and so on, for more than 64 bytes, which is a header's length"),
    ],
  ])("says that %s is not ELF", (_, bytes) => {
    expect(read(bytes).header).toBeNull();
  });

  it.each([
    ["a header that breaks off", 40, [], "ELF header needs 64 bytes, the file has 40"],
    ["class 3", 64, [[4, 3]], "ELF class is 3"],
    ["byte order 0", 64, [[5, 0]], "ELF byte order is 0"],
    ["program headers of 8 bytes", 64, [[54, 8]], "program header has 8 bytes, not 56"],
  ] as const)("throws on %s", (_, length, changes, message) => {
    const bytes = buildElf(PLAN).slice(0, length);
    for (const [at, value] of changes) bytes[at] = value;
    expect(() => read(bytes)).toThrow(CoregramError);
    expect(() => read(bytes)).toThrow(message);
  });

  it("takes the number of program headers from section header 0", () => {
    const { header } = read(buildElf({ ...PLAN, segments: [{ type: 1 }], extended: true }));
    expect(header?.segments.count).toBe(1);
  });

  it("says that the number is lost with the section headers", () => {
    const whole = buildElf({ ...PLAN, segments: [{ type: 1 }], extended: true });
    const { header, warnings } = read(whole.slice(0, -64));
    expect(header?.segments.count).toBeNull();
    expect(warnings.join()).toContain("stood in a section header that is missing");
  });

  it("names machines that it does not know by number", () => {
    expect(read(buildElf({ ...PLAN, machine: 0x1234 })).header?.machineName).toBe("machine 4660");
    expect(read(buildElf({ ...PLAN, machine: 243 })).header?.machineName).toBe("riscv64");
  });
});
