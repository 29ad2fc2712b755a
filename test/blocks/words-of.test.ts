import { expect, it } from "vitest";
import { wordsOf } from "../../src/blocks/index.ts";
import { Memory } from "../runtimes/heap/memory.ts";
import { readerOf } from "./image-of.ts";

const AT = 0x7f00_0000_0000;
/** More than two mebibytes, which are read one by one. */
const BYTES = 2 ** 21 + 0x2000;

function found(words: Readonly<Record<number, bigint>>, start: number, end: number): [number, number][] {
  const memory = new Memory();
  memory.map(AT, BYTES);
  for (const [place, word] of Object.entries(words)) memory.u64(AT + Number(place), word);
  return [...wordsOf(readerOf(memory), AT + start, AT + end)].map(([at, word]) => [at - AT, word]);
}

it("words come with their addresses, but for zeros and those from 2^48 on", () => {
  const words = {
    0: 0n,
    8: 1n,
    16: 2n ** 32n,
    24: 2n ** 32n + 1n,
    32: 2n ** 48n - 1n,
    40: 2n ** 48n,
    48: 2n ** 64n - 1n,
  };
  expect(found(words, 0, 64)).toEqual([
    [8, 1],
    [16, 2 ** 32],
    [24, 2 ** 32 + 1],
    [32, 2 ** 48 - 1],
  ]);
});

it("words are whole, aligned, and within what is asked for", () => {
  const words = { 0: 7n, 8: 8n, 16: 9n, 24: 10n };
  expect(found(words, 1, 24)).toEqual([
    [8, 8],
    [16, 9],
  ]);
  expect(found(words, 8, 23)).toEqual([[8, 8]]);
  expect(found(words, 8, 8)).toEqual([]);
});

it("words at the borders of what is read at once are there once each", () => {
  const places = [0, 2 ** 20 - 8, 2 ** 20, 2 ** 21 - 8, 2 ** 21, BYTES - 8];
  const words = Object.fromEntries(places.map((place, index) => [place, BigInt(index + 5)]));
  expect(found(words, 0, BYTES).map(([at]) => at)).toEqual(places);
  expect(found(words, 0, BYTES + 0x5000).map(([at]) => at)).toEqual(places);
});
