import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readModules } from "../../../src/image/index.ts";
import { locateModule } from "../../../src/symbols/index.ts";
import { makeScratch } from "../../bytes/scratch.ts";
import { buildElf, type SegmentPlan } from "../../elf/build-elf.ts";
import { openPlan } from "../open-plan.ts";

const LITTLE = { class: 64, endian: "little" } as const;
const PAGE = 0x1000;
const BASE = 0x7f00_0000_0000n;
const PATH = "/lib/made.so";
const { folder, put } = makeScratch();
mkdirSync(join(folder, "lib"));

/** A library of four pages: the first two are loaded where it begins, the others three pages further. */
function library(): Uint8Array {
  const bytes = new Uint8Array(4 * PAGE);
  const load = (page: number, start: bigint) => ({
    ...{ type: 1, start, offset: BigInt(page * PAGE), fileBytes: BigInt(2 * PAGE) },
    memoryBytes: BigInt(2 * PAGE),
  });
  bytes.set(buildElf({ ...LITTLE, type: 3, segments: [load(0, 0n), load(2, BigInt(5 * PAGE))] }));
  return bytes;
}

interface Options {
  readonly file?: Uint8Array;
  readonly segments?: readonly SegmentPlan[];
}

/** What is said of the file of a module: pages of the file, where each was mapped, and how many. */
function match(
  mappings: readonly (readonly [page: number, place: number, pages: number])[],
  { file = library(), segments = [] }: Options = {},
) {
  put(PATH, file);
  const core = openPlan(segments, {
    mappings: mappings.map(([page, place, pages]) => ({
      start: BASE + BigInt(place * PAGE),
      end: BASE + BigInt((place + pages) * PAGE),
      page,
      path: PATH,
    })),
  });
  const [module] = readModules(core);
  if (module === undefined) throw new Error("no module");
  const { matches, how, reason } = locateModule(core, module, folder);
  return { matches, how, reason };
}

const GUESS = { matches: null, how: "layout", reason: "layout, not proven" };
const no = (reason: string) => ({ matches: false, how: null, reason });

it("a file without a build ID in memory is guessed where all of its mappings are explained", () => {
  expect(
    match([
      [0, 0, 2],
      [2, 5, 2],
    ]),
  ).toEqual(GUESS);
  expect(
    match([
      [0, 0, 1],
      [1, 1, 1],
      [2, 5, 1],
      [3, 6, 1],
    ]),
  ).toEqual(GUESS);
  // A page of it that was mapped once more, as libffi does; a hole that shows what was mapped first, as glibc leaves it.
  expect(
    match([
      [0, 0, 2],
      [2, 5, 2],
      [3, 8, 1],
    ]),
  ).toEqual(GUESS);
  expect(
    match([
      [0, 0, 2],
      [2, 2, 2],
      [2, 5, 2],
    ]),
  ).toEqual(GUESS);
});

it("a file is another one where a mapping is not explained, or a segment was not mapped to its end", () => {
  const unmapped = (at: string) => no(`has a load segment that was not mapped at 0x7f000000${at}`);
  expect(
    match([
      [0, 0, 2],
      [2, 6, 2],
    ]),
  ).toEqual(no("has its first load segment elsewhere"));
  expect(match([[2, 5, 2]])).toEqual(no("has its first load segment elsewhere"));
  expect(
    match([
      [0, 0, 2],
      [2, 5, 1],
    ]),
  ).toEqual(unmapped("5000"));
  expect(
    match([
      [0, 0, 1],
      [2, 5, 2],
    ]),
  ).toEqual(unmapped("0000"));
  expect(match([[0, 0, 2]])).toEqual(unmapped("5000"));
});

it("a file is another one where memory may do what it may not, or has other bytes", () => {
  const saved = (flags: number, data: Uint8Array) => ({
    segments: [{ type: 1, flags, start: BASE + BigInt(5 * PAGE), data, memoryBytes: BigInt(2 * PAGE) }],
  });
  const mappings = [
    [0, 0, 2],
    [2, 5, 2],
  ] as const;
  const wrong = no("has other load segments than were mapped at 0x7f0000005000");
  expect(match(mappings, saved(4, new Uint8Array(100)))).toEqual(GUESS);
  expect(match(mappings, saved(6, new Uint8Array(100)))).toEqual(wrong);
  expect(match(mappings, saved(5, new Uint8Array(100)))).toEqual(wrong);
  expect(match(mappings, saved(4, new Uint8Array(100).fill(1, 99)))).toEqual(
    no("has other bytes than were mapped at 0x7f0000005000"),
  );
});

it("a file that ends before what was mapped of it is another", () => {
  expect(
    match([
      [0, 0, 2],
      [4, 7, 1],
    ]),
  ).toEqual(no(`has ${4 * PAGE} bytes, ${5 * PAGE} of it were mapped`));
});

it("a hole between segments that nothing may access may reach behind the file's end, as with 64 KiB between them", () => {
  const hole = (flags: number) =>
    match(
      [
        [0, 0, 2],
        [2, 2, 3],
        [2, 5, 2],
      ],
      { segments: [{ type: 1, flags, start: BASE + BigInt(2 * PAGE), memoryBytes: BigInt(3 * PAGE) }] },
    );
  expect(hole(0)).toEqual(GUESS);
  expect(hole(4)).toEqual(no(`has ${4 * PAGE} bytes, ${5 * PAGE} of it were mapped`));
});
