import { describe, expect, it } from "vitest";
import { openRaw, savedExtents } from "../../src/image/index.ts";
import { address, CoregramError } from "../../src/terms/index.ts";
import { memoryBytes } from "../elf/memory-bytes.ts";

describe("openRaw", () => {
  it("is one writable segment at its base", () => {
    const image = openRaw(memoryBytes(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 9)), address(0x7000n));
    expect(image.segment(0)).toMatchObject({ start: 0x7000n, end: 0x7009n, permissions: "rw-" });
    expect([image.readWord(0x7000n), image.readWord(0x7004n)]).toEqual([1n, null]);
    expect(savedExtents(image).extents).toEqual([{ offset: 0, bytes: 9, start: 0x7000n }]);
  });

  it("refuses to leave the address space", () => {
    const source = memoryBytes(new Uint8Array(16));
    expect(openRaw(source, address((1n << 64n) - 16n)).segmentCount).toBe(1);
    expect(() => openRaw(source, address((1n << 64n) - 15n))).toThrow(CoregramError);
    expect(() => openRaw(source, address(0xffff_fff8n), { class: 32, endian: "big" })).toThrow(
      "base 0xfffffff8 and 16 bytes leave the address space",
    );
  });

  it("is an image without segments for an empty file", () => {
    expect(openRaw(memoryBytes(new Uint8Array(0)), address(0n)).segmentCount).toBe(0);
  });
});
