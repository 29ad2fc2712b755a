import { describe, expect, it } from "vitest";
import { describeNotSaved } from "../../src/image/index.ts";
import { buildElf } from "../elf/build-elf.ts";
import { CORES, filled, openBytes, openMade, openPlan } from "./open-plan.ts";

describe("describeNotSaved", () => {
  it("adds up by kind, from segments and from NT_FILE alone", () => {
    const { image } = openPlan(
      [
        filled(0x1000n, 0x1000, 1, { memoryBytes: 0x4000n }),
        filled(0x10000n, 0x1000, 1),
        { type: 1, start: 0x20000n, memoryBytes: 0x700n },
      ],
      {
        mappings: [
          { start: 0x1000n, end: 0x3000n, path: "/bin/x" },
          { start: 0x4800n, end: 0x6000n, path: "/dev/shm/y" },
          { start: 0x10000n, end: 0x11000n, path: "/bin/x" },
          { start: 0x40000n, end: 0x40100n, path: "/anon_hugepage (deleted)" },
        ],
      },
    );
    expect(describeNotSaved(image)).toEqual({
      bytes: 0x1000n + 0x1800n + 0x1800n + 0x700n + 0x100n,
      kinds: [
        { kind: "anonymous", bytes: 0x1800n + 0x700n },
        { kind: "shared", bytes: 0x1800n },
        { kind: "file", bytes: 0x1000n },
        { kind: "huge", bytes: 0x100n },
      ],
      filterBits: 0x4c,
    });
  });

  it("keeps what the file lost apart from what was never saved", () => {
    const bytes = buildElf({
      class: 64,
      endian: "little",
      segments: [filled(0x1000n, 16, 1, { memoryBytes: 20n })],
    });
    expect(describeNotSaved(openBytes(bytes.slice(0, -6)).image)).toEqual({
      bytes: 10n,
      kinds: [
        { kind: "cut off", bytes: 6n },
        { kind: "unknown", bytes: 4n },
      ],
      filterBits: 0,
    });
  });

  it("is what the program headers leave unsaved, in a kernel's core", () => {
    for (const name of CORES) {
      if (name.startsWith("gcore")) continue;
      const { image } = openMade(name);
      let bytes = 0n;
      for (let index = 0; index < image.segmentCount; index += 1) {
        const { start, end, extent } = image.segment(index);
        bytes += end - start - BigInt(extent.bytes);
      }
      expect(describeNotSaved(image).bytes).toBe(bytes);
    }
  });

  it("is nothing where all is saved", () => {
    const { image } = openPlan([filled(0x1000n, 16, 1)]);
    expect(describeNotSaved(image)).toEqual({ bytes: 0n, kinds: [], filterBits: 0 });
  });
});
