import { describe, expect, test } from "vitest";
import { CompressedInput } from "../../src/bytes/compressed.ts";
import { failureOf } from "./scratch.ts";

async function* chunks(...lengths: number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const length of lengths) yield Uint8Array.from({ length }, () => at++);
}

describe("a compressed input", () => {
  test("gives bytes across its chunks, and knows where it is", async () => {
    const input = new CompressedInput("core", "lz4", chunks(3, 0, 2, 0, 0, 10));
    expect([...(await input.take(2))]).toEqual([0, 1]);
    expect([...((await input.peek()) ?? [])]).toEqual([2]);
    expect([...(await input.take(5))]).toEqual([2, 3, 4, 5, 6]);
    expect(input.offset).toBe(7);
    await input.skip(4);
    expect(input.offset).toBe(11);
    expect([...(await input.take(0))]).toEqual([]);
    expect([...(await input.take(4))]).toEqual([11, 12, 13, 14]);
    expect(await input.peek()).toBeNull();
  });

  test("that ends before what was asked for says so at its end", async () => {
    for (const ask of [
      (input: CompressedInput) => input.take(6),
      (input: CompressedInput) => input.skip(2 ** 32),
    ]) {
      const failure = await failureOf(() => ask(new CompressedInput("co\x1bre", "lz4", chunks(3, 2))));
      expect(failure.code).toBe("format");
      expect(failure.message).toBe("co\\x1bre: lz4 data ends early at byte 5");
    }
    const failure = await failureOf(() => new CompressedInput("-", "xz", chunks()).take(1));
    expect(failure.message).toBe("standard input: xz data ends early at byte 0");
  });
});
