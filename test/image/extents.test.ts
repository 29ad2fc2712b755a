import { describe, expect, it } from "vitest";
import { type Scope, savedExtents, writableExtents } from "../../src/image/index.ts";
import { readCoreBytes } from "../elf/memory-bytes.ts";
import { CORES, filled, openBytes, openMade, openPlan } from "./open-plan.ts";

/** Every scope must account for every byte of its file. */
function checked(scope: Scope, fileBytes: number): Scope {
  const { notMemory, notWritable, shared } = scope.leftOut;
  expect(scope.bytes + notMemory + notWritable + shared).toBe(fileBytes);
  expect(scope.extents.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(scope.bytes);
  let end = 0;
  for (const { offset, bytes } of scope.extents) {
    expect(offset).toBeGreaterThanOrEqual(end);
    expect(bytes).toBeGreaterThan(0);
    end = offset + bytes;
  }
  return scope;
}

/** How often the aligned 8-byte word occurs in the scope. */
function countWord(bytes: Uint8Array, scope: Scope, word: bigint): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let count = 0;
  for (const { offset, bytes: length, start } of scope.extents) {
    for (let at = Number(-start & 7n); at + 8 <= length; at += 8) {
      if (view.getBigUint64(offset + at, true) === word) count += 1;
    }
  }
  return count;
}

describe("savedExtents and writableExtents", () => {
  it("account for every byte of every core", () => {
    for (const name of CORES) {
      const { image } = openMade(name);
      const all = checked(savedExtents(image), image.source.size);
      const writable = checked(writableExtents(image), image.source.size);
      expect(writable.bytes + writable.leftOut.notWritable + writable.leftOut.shared).toBe(all.bytes);
      expect(writable.bytes).toBeGreaterThan(10_000);
      for (const { start, offset } of writable.extents) {
        expect(image.segmentAt(start)?.permissions.slice(0, 2)).toBe("rw");
        expect(image.segmentAt(start)?.extent.offset).toBeLessThanOrEqual(offset);
      }
    }
  });

  // tiny.c fills a private page with 0xa110c001, and one page of each shared kind with 0x5a5a000N.
  it.each(["kernel-x86-64", "gcore-x86-64"] as const)("leaves out what %s shares, and only that", (name) => {
    const bytes = readCoreBytes(name);
    const { image } = openBytes(bytes);
    const memory = savedExtents(image);
    const writable = writableExtents(image);
    expect(writable.leftOut.shared).toBe(4 * 4096);
    for (const word of [0x5a5a0001n, 0x5a5a0002n, 0x5a5a0003n, 0x5a5a0004n]) {
      expect(countWord(bytes, memory, word)).toBeGreaterThanOrEqual(512);
      expect(countWord(bytes, memory, word) - countWord(bytes, writable, word)).toBe(512);
    }
    expect(countWord(bytes, memory, 0xa110c001n)).toBe(countWord(bytes, writable, 0xa110c001n));
  });

  it("joins what adjoins in the file and in memory", () => {
    const { image } = openPlan([filled(0x1000n, 16, 1), filled(0x1010n, 16, 2), filled(0x2000n, 16, 3)]);
    expect(savedExtents(image).extents.map(({ start, bytes }) => [start, bytes])).toEqual([
      [0x1000n, 32],
      [0x2000n, 16],
    ]);
  });

  it("cuts a shared mapping out of the middle of a segment", () => {
    const { image } = openPlan([filled(0x1000n, 0x3000, 1)], {
      mappings: [
        { start: 0x2000n, end: 0x3000n, path: "/dev/shm/x" },
        { start: 0x3000n, end: 0x3800n, path: "/lib/x.so" },
      ],
    });
    const scope = checked(writableExtents(image), image.source.size);
    expect(scope.extents.map(({ start, bytes }) => [start, bytes])).toEqual([
      [0x1000n, 0x1000],
      [0x3000n, 0x1000],
    ]);
  });

  it.each([
    ["/dev/shm/x", true],
    ["/dev/shm/x (deleted)", true],
    ["/memfd:x (deleted)", true],
    ["/SYSV00007e57 (deleted)", true],
    ["/dev/zero (deleted)", true],
    ["/dev/zero", false],
    ["/SYSVOL/share", false],
    ["/home/dev/shm/x", false],
    ["/lib/x.so (deleted)", false],
  ])("takes %s for shared: %s", (path, isShared) => {
    const { image } = openPlan([filled(0x1000n, 0x1000, 1)], {
      mappings: [{ start: 0x1000n, end: 0x2000n, path }],
    });
    expect(writableExtents(image).leftOut.shared).toBe(isShared ? 0x1000 : 0);
  });

  it("scans bytes that many segments claim once", () => {
    const segments = Array.from({ length: 1000 }, (_, index) => ({
      type: 1,
      flags: 6,
      start: BigInt(index) << 40n,
      offset: 0n,
      fileBytes: 30_000n,
      memoryBytes: 30_000n,
    }));
    const { image } = openPlan(segments);
    expect(checked(savedExtents(image), image.source.size).bytes).toBe(30_000);
  });

  it("have all bytes of segments at addresses of others, each once", () => {
    // A vmcore whose writer left all addresses 0, a segment within another, one over the end of another.
    for (const starts of [
      [0n, 0n, 0n, 0n],
      [0x1000n, 0x1008n, 0x1000n, 0x1010n],
      [0x1010n, 0x1000n, 0x0ff8n, 0x9000n],
    ]) {
      const sizes = [64, 16, 32, 24];
      const plan = starts.map((start, index) =>
        filled(start, sizes[index] ?? 0, index + 1, { flags: index === 3 ? 4 : 6 }),
      );
      const { image } = openPlan(plan);
      expect(checked(savedExtents(image), image.source.size).bytes).toBe(64 + 16 + 32 + 24);
      const writable = checked(writableExtents(image), image.source.size);
      expect([writable.bytes, writable.leftOut.notWritable]).toEqual([64 + 16 + 32, 24]);
    }
  });
});
