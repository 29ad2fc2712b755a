import { expect, it } from "vitest";
import { readSymbolMap } from "../../../src/symbols/index.ts";

/** A map as `nm -S -t` prints it, of functions one behind the other. */
function map(radix: 8 | 10 | 16, count: number, sizeOf: (i: number) => number): string {
  const number = (value: number) => value.toString(radix).padStart(16, "0");
  let at = 0x401000;
  return Array.from({ length: count }, (_, i) => {
    const line = `${number(at)} ${number(sizeOf(i))} T f${i}\n`;
    at += sizeOf(i);
    return line;
  }).join("");
}

async function read(text: string) {
  const { table, format } = await readSymbolMap([new TextEncoder().encode(text)], "map");
  expect(format).toBe("nm");
  return [...table.symbols()].map(({ address, size, name }) => `${address.toString(16)} ${size} ${name}`);
}

it.each([8, 10, 16] as const)("is %i of a map that can be of no other", async (radix) => {
  // Past 256 KiB the kernel reads it.
  for (const count of [100, 10_000]) {
    const sizeOf = (i: number) => ((i * 7919) % 4093) + 1;
    expect(await read(map(radix, count, sizeOf))).toEqual(await read(map(16, count, sizeOf)));
  }
});

it("is 16 of a few lines, which may be by chance without letters", async () => {
  expect(
    await read("0000000000401000 0000000000000010 T f\n0000000000401010 0000000000000010 T g\n"),
  ).toEqual(["401000 16 f", "401010 16 g"]);
});

it("is 16 where all sizes but one are without letters, and where all addresses are round", async () => {
  const sizes = (i: number) => (i === 50 ? 0x1a : 0x20);
  expect((await read(map(16, 100, sizes))).slice(0, 2)).toEqual(["401000 32 f0", "401020 32 f1"]);
  const round = Array.from({ length: 8 }, (_, i) => `${`000000000040${i}000`} T f${i}\n`).join("");
  expect((await read(round))[7]).toBe("407000 0 f7");
});
