import { describe, expect, it } from "vitest";
import { openCore } from "../../src/image/index.ts";
import { buildElf } from "../elf/build-elf.ts";
import { memoryBytes, readCoreBytes } from "../elf/memory-bytes.ts";
import { CORES, filled, openBytes, openMade, openPlan } from "./open-plan.ts";

describe("openCore", () => {
  it.each([
    ["not ELF", new TextEncoder().encode("hello")],
    ["a library", buildElf({ class: 64, endian: "little", type: 3 })],
  ])("is null for %s", (_, bytes) => {
    expect(openCore(memoryBytes(bytes))).toBeNull();
  });

  it("finds nothing wrong with a core of any kind", () => {
    for (const name of CORES) {
      const core = openMade(name);
      expect(core.warnings.list()).toEqual([]);
      expect(core.missingBytes).toBe(0n);
      expect(core.image.segmentCount).toBeGreaterThan(5);
    }
  });

  it("reads what is saved of the file as the file has it", () => {
    for (const name of CORES) {
      const bytes = readCoreBytes(name);
      const { image } = openBytes(bytes);
      for (let index = 0; index < image.segmentCount; index += 1) {
        const { start, extent } = image.segment(index);
        const into = new Uint8Array(extent.bytes);
        expect(image.read(start, into)).toBe(extent.bytes);
        expect(Buffer.compare(into, bytes.subarray(extent.offset, extent.offset + extent.bytes))).toBe(0);
      }
    }
  });

  it.each(["kernel-x86-64", "gcore-x86-64"] as const)("says all that can be said of %s cut short", (name) => {
    const bytes = readCoreBytes(name);
    const whole = openBytes(bytes);
    for (const kept of [bytes.length - 1, bytes.length >> 1, 8192]) {
      const core = openBytes(bytes.slice(0, kept));
      expect(core.missingBytes).toBe(BigInt(bytes.length - kept));
      expect(core.warnings.list().join()).toContain(`${bytes.length - kept} are missing`);
      expect(core.image.segmentCount).toBe(whole.image.segmentCount);
      if (name === "kernel-x86-64") expect(core.notes.threads).toEqual(whole.notes.threads);
    }
  });

  it("says which memory was cut off", () => {
    const bytes = buildElf({
      class: 64,
      endian: "little",
      segments: [filled(0x1000n, 16, 1, { memoryBytes: 20n })],
    });
    const { image } = openBytes(bytes.slice(0, -6));
    expect([0x1009n, 0x100an, 0x100fn, 0x1010n].map((at) => image.faultAt(at)?.reason)).toEqual([
      undefined,
      "cut off",
      "cut off",
      "not saved",
    ]);
  });

  it("says that segments overlap", () => {
    const core = openPlan([filled(0x1000n, 16, 1), filled(0x1008n, 16, 2), filled(0x1008n, 4, 3)]);
    expect(core.warnings.list()).toEqual([
      "segment at 0x1008 overlaps the one before it, which ends at 0x1010 (and 1 more like it)",
    ]);
  });

  it("survives 100,000 segments that overlap, in the worst order", () => {
    const segments = Array.from({ length: 100_000 }, (_, index) => ({
      type: 1,
      start: BigInt(200_000 - index),
      memoryBytes: 1n << 40n,
      offset: 0n,
      fileBytes: 1n << 40n,
    }));
    const core = openPlan(segments, { extended: true });
    expect(core.image.segmentCount).toBe(100_000);
    expect(core.image.faultAt(100_001n)).toBeNull();
  });
});
