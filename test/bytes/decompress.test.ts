import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { bytesSource, decompressBytes } from "../../src/bytes/index.ts";

describe("decompressBytes", () => {
  const text = new TextEncoder().encode("what the stream holds ".repeat(1000));

  it("gives what the stream holds, up to a limit", async () => {
    const packed = gzipSync(text);
    expect(await decompressBytes("x", packed, text.length)).toEqual(Buffer.from(text));
    await expect(decompressBytes("x", packed, text.length - 1)).rejects.toMatchObject({ code: "limit" });
    await expect(decompressBytes("x", packed.subarray(0, 30), 1 << 20)).rejects.toMatchObject({
      code: "format",
    });
  });

  it("gives null for bytes in no compressed format", async () => {
    expect(await decompressBytes("x", text, 1 << 20)).toBeNull();
    expect(await decompressBytes("x", new Uint8Array(0), 1 << 20)).toBeNull();
  });
});

describe("bytesSource", () => {
  it("reads bytes at any position", () => {
    const source = bytesSource("x", Uint8Array.of(1, 2, 3, 4));
    const into = new Uint8Array(3);
    expect([source.size, source.read(2, into), ...into]).toEqual([4, 2, 3, 4, 0]);
    expect(source.read(9, into)).toBe(0);
  });
});
