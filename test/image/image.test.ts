import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LAYOUTS } from "../elf/build-elf.ts";
import { filled, openPlan } from "./open-plan.ts";

function readAt(core: ReturnType<typeof openPlan>, at: bigint, bytes: number) {
  const into = new Uint8Array(bytes);
  const got = core.image.read(at, into);
  return [...into.subarray(0, got)];
}

describe("Image", () => {
  it("reads over the border of adjacent segments, and stops at a gap", () => {
    const core = openPlan([filled(0x1000n, 4, 1), filled(0x1004n, 4, 2), filled(0x1009n, 4, 3)]);
    expect(readAt(core, 0x1002n, 100)).toEqual([1, 1, 2, 2, 2, 2]);
    expect(readAt(core, 0x1008n, 1)).toEqual([]);
    expect(readAt(core, 0xfffn, 4)).toEqual([]);
  });

  it("tells what is not saved from what is not mapped, and neither is zero", () => {
    const core = openPlan([filled(0x1000n, 16, 1, { memoryBytes: 32n }), filled(0x1020n, 16, 2)], {
      mappings: [{ start: 0x9000n, end: 0xa000n, path: "/lib/text.so" }],
    });
    expect(readAt(core, 0x1008n, 100).length).toBe(8);
    expect(core.image.faultAt(0x100fn)).toBeNull();
    expect(core.image.faultAt(0x1010n)).toEqual({ address: 0x1010n, reason: "not saved" });
    expect(core.image.faultAt(0x9fffn)?.reason).toBe("not saved");
    expect(core.image.faultAt(0xa000n)?.reason).toBe("not mapped");
    expect(core.image.readWord(0x100cn)).toBeNull();
    expect(() => core.image.readFields(0x1008n, 16)).toThrow("address 0x1010 is not saved");
    expect(() => core.image.readFields(0x2000n, 16)).toThrow("address 0x2000 is not mapped");
  });

  it("reads memory above 2^47 and at the very top", () => {
    const core = openPlan([filled(0xffff_ffff_ff60_0000n, 8, 1), filled((1n << 64n) - 8n, 8, 2)]);
    expect(readAt(core, 0xffff_ffff_ff60_0004n, 9)).toEqual([1, 1, 1, 1]);
    expect(readAt(core, (1n << 64n) - 2n, 9)).toEqual([2, 2]);
    expect(core.image.segmentAt((1n << 64n) - 1n)?.end).toBe(1n << 64n);
  });

  it.each(LAYOUTS)("reads words of class $class, $endian endian", (layout) => {
    const core = openPlan([{ type: 1, start: 0x1000n, data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) }], layout);
    const bytes = layout.class === 64 ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 2, 3, 4];
    if (layout.endian === "little") bytes.reverse();
    expect(core.image.readWord(0x1000n)).toBe(bytes.reduce((word, byte) => (word << 8n) | BigInt(byte), 0n));
  });

  it("reads text up to its NUL, the limit or a fault", () => {
    const core = openPlan([{ type: 1, start: 0x1000n, data: new TextEncoder().encode("one\0two") }]);
    expect(core.image.readText(0x1000n)).toBe("one");
    expect(core.image.readText(0x1004n)).toBe("two");
    expect(core.image.readText(0x1004n, 2)).toBe("tw");
    expect(core.image.readText(0x2000n)).toBeNull();
  });

  it("finds the mapping of an address, and gives overlapping ones to the first", () => {
    const { image } = openPlan([], {
      mappings: [
        { start: 0x1000n, end: 0x4000n, path: "/a" },
        { start: 0x2000n, end: 0x6000n, path: "/b" },
        { start: 0x3000n, end: 0x3800n, path: "/c" },
      ],
    });
    expect([0xfffn, 0x1000n, 0x3fffn, 0x4000n, 0x6000n].map((at) => image.mappingAt(at)?.path)).toEqual([
      undefined,
      "/a",
      "/a",
      "/b",
      undefined,
    ]);
    expect(image.mappingAt(0x4000n)?.fileOffset).toBe(0x2000n);
    expect([...image.mappingsIn(0x3fffn, 0x4001n)].map(({ path }) => path)).toEqual(["/a", "/b"]);
  });

  it("reads what a model of single bytes reads, whatever overlaps", () => {
    const plan = fc.record({
      start: fc.bigInt(0n, 60n),
      saved: fc.integer({ min: 0, max: 12 }),
      more: fc.integer({ min: 0, max: 6 }),
    });
    fc.assert(
      fc.property(fc.array(plan, { maxLength: 8 }), (plans) => {
        const core = openPlan(
          plans.map(({ start, saved, more }, index) =>
            filled(start, saved, index + 1, { memoryBytes: BigInt(saved + more) }),
          ),
        );
        // The segment that starts first has the address, of equal ones the first; the others keep their end.
        const order = plans
          .map((one, index) => ({ ...one, byte: index + 1 }))
          .sort((a, b) => Number(a.start - b.start) || a.byte - b.byte);
        const model: (number | "not saved" | "not mapped")[] = Array(100).fill("not mapped");
        let end = 0;
        for (const { start, saved, more, byte } of order) {
          for (let at = Math.max(end, Number(start)); at < Number(start) + saved + more; at += 1) {
            model[at] = at < Number(start) + saved ? byte : "not saved";
          }
          end = Math.max(end, Number(start) + saved + more);
        }
        for (let at = 0; at < 100; at += 1) {
          const reason = core.image.faultAt(BigInt(at))?.reason;
          expect(reason ?? readAt(core, BigInt(at), 1)[0]).toBe(model[at]);
          const run = model.slice(at).findIndex((byte) => typeof byte !== "number");
          expect(readAt(core, BigInt(at), 100)).toEqual(model.slice(at, run < 0 ? 100 : at + run));
        }
      }),
      { numRuns: 100 },
    );
  });
});
