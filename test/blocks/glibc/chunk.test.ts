import { expect, it } from "vitest";
import { alignedChunk, chunkSize, isChain, nextChunk } from "../../../src/blocks/glibc/chunk.ts";
import { Memory } from "../../runtimes/heap/memory.ts";
import { readerOf } from "../image-of.ts";
import { putChunks } from "./put-malloc.ts";

const AT = 0x5555_0000_0000;

/** A page with the word as the size of a chunk at its start. */
function sized(word: number) {
  const memory = new Memory();
  memory.map(AT, 4096);
  memory.u64(AT + 8, word);
  return readerOf(memory);
}

it("reads a size without its three flags, and none of what is not saved", () => {
  for (const flags of [0, 1, 2, 4, 7]) expect(chunkSize(sized(48 | flags), AT)).toBe(48);
  expect(chunkSize(sized(48), AT + 8192)).toBeNaN();
});

it("finds the next chunk behind one of 32 bytes or more that fits and was not mapped", () => {
  const next = (word: number, room = 4096) => nextChunk(sized(word), AT, AT + room);
  expect(next(33)).toBe(AT + 32);
  expect(next(32 | 4)).toBe(AT + 32);
  expect(next(48 | 5, 48)).toBe(AT + 48);
  for (const size of [0, 16, 24, 40, 56]) expect(next(size | 1), String(size)).toBeNull();
  expect(next(64, 48)).toBeNull();
  expect(next(32 | 2)).toBeNull();
  expect(nextChunk(sized(32), AT + 8192, AT + 16_384)).toBeNull();
});

it("takes for a chain as many chunks as are asked for, or all up to the end", () => {
  const memory = new Memory();
  memory.map(AT, 4096);
  const end = putChunks(memory, AT, [32, 48, 64]);
  const reader = readerOf(memory);
  expect(isChain(reader, AT, end, 64)).toBe(true);
  expect(isChain(reader, AT + 32, end, 64)).toBe(true);
  // What follows has no size.
  expect(isChain(reader, AT, end + 512, 3)).toBe(true);
  expect(isChain(reader, AT, end + 512, 4)).toBe(false);
  // The last one would reach further.
  expect(isChain(reader, AT, end - 16, 64)).toBe(false);
  expect(isChain(reader, end, end, 64)).toBe(false);
  expect(isChain(reader, AT, end, 0)).toBe(false);
});

it("moves to where a chunk's user bytes are aligned to 16", () => {
  expect([0x1000, 0x1001, 0x1008, 0x100f, 0x1010].map(alignedChunk)).toEqual([
    0x1000, 0x1010, 0x1010, 0x1010, 0x1010,
  ]);
});
