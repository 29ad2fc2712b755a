import { describe, expect, it } from "vitest";
import type { FileMapping, Segment } from "../../../src/elf/index.ts";
import { loadBias, loadedSpan } from "../../../src/image/index.ts";
import { address } from "../../../src/terms/index.ts";

function load(start: bigint, fileOffset: bigint, bytes: number, memoryBytes = BigInt(bytes)): Segment {
  return {
    index: 0,
    type: 1,
    flags: 5,
    start: address(start),
    memoryBytes,
    extent: { offset: Number(fileOffset), bytes },
    fileOffset,
    missingBytes: 0n,
    alignment: 4096n,
  };
}

function mapping(start: bigint, fileOffset: bigint, bytes = 0x1000n): FileMapping {
  return {
    start: address(start),
    end: address(start + bytes),
    fileOffset,
    path: "/lib/x.so",
    deleted: false,
  };
}

// As `ld -z separate-code` lays a library out; RELRO splits the last segment's mapping.
const LIBRARY = [load(0n, 0n, 0x800), load(0x1000n, 0x1000n, 0x2000), load(0x5df0n, 0x4df0n, 0x300, 0x9000n)];

describe("loadBias", () => {
  it.each([
    [
      "a library",
      LIBRARY,
      [
        mapping(0x7f0000n, 0n),
        mapping(0x7f1000n, 0x1000n, 0x2000n),
        mapping(0x7f5000n, 0x4000n),
        mapping(0x7f6000n, 0x5000n),
      ],
      0x7f0000n,
    ],
    [
      "a library of which only the text is mapped",
      LIBRARY,
      [mapping(0x7f1000n, 0x1000n, 0x2000n)],
      0x7f0000n,
    ],
    ["a segment that mprotect split", LIBRARY, [mapping(0x7f2000n, 0x2000n)], 0x7f0000n],
    [
      "a program at a fixed address",
      [load(0x400000n, 0n, 0x1000), load(0x401000n, 0x1000n, 0x1000)],
      [mapping(0x400000n, 0n), mapping(0x401000n, 0x1000n)],
      0n,
    ],
    [
      "a library linked for a higher address",
      [load(0x30000000n, 0n, 0x1000)],
      [mapping(0x10000000n, 0n)],
      -0x20000000n,
    ],
    [
      "two segments in one page of the file",
      [load(0n, 0n, 0x700), load(0x200df0n, 0xdf0n, 0x210)],
      [mapping(0x7f0000n, 0n), mapping(0x9f0000n, 0n)],
      0x7f0000n,
    ],
  ])("is right for %s", (_, segments, mappings, bias) => {
    expect(loadBias(segments, mappings, 4096)).toBe(bias);
  });

  it("is null where no mapping fits", () => {
    expect(loadBias(LIBRARY, [mapping(0x7f0000n, 0x9000n)], 4096)).toBeNull();
    expect(loadBias([], [mapping(0x7f0000n, 0n)], 4096)).toBeNull();
  });
});

describe("loadedSpan", () => {
  it("goes from the first page to the last, .bss and all", () => {
    expect(loadedSpan(LIBRARY, 0x7f0000n, 4096)).toEqual({ start: 0x7f0000n, end: 0x7ff000n });
    expect(loadedSpan([], 0n, 4096)).toBeNull();
  });
});
