import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readModules } from "../../../src/image/index.ts";
import { locateModule } from "../../../src/symbols/index.ts";
import { makeScratch } from "../../bytes/scratch.ts";
import { buildElf } from "../../elf/build-elf.ts";
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

/** Whether the file is that of a module of which nothing is saved: pages of the file, and where each was mapped. */
function match(...mappings: readonly (readonly [page: number, place: number])[]) {
  put(PATH, library());
  const core = openPlan([], {
    mappings: mappings.map(([page, place]) => ({
      start: BASE + BigInt(place * PAGE),
      end: BASE + BigInt((place + 1) * PAGE),
      page,
      path: PATH,
    })),
  });
  const [module] = readModules(core);
  if (module === undefined) throw new Error("no module");
  const { matches, reason } = locateModule(core, module, folder);
  return { matches, reason };
}

it("a file without a build ID in memory is known by where more than half of its mappings are", () => {
  const layout = { matches: true, reason: "layout" };
  expect(match([0, 0], [2, 5])).toEqual(layout);
  expect(match([0, 0], [1, 1], [3, 6])).toEqual(layout);
  // A page of it that was mapped once more, as libffi does.
  expect(match([0, 0], [2, 5], [3, 8])).toEqual(layout);
  const other = { matches: false, reason: "has other load segments than were mapped" };
  expect(match([0, 0], [3, 8])).toEqual(other);
  expect(match([0, 0], [2, 7], [3, 9])).toEqual(other);
});

it("a file that ends before what was mapped of it is another", () => {
  expect(match([0, 0], [4, 7])).toEqual({
    matches: false,
    reason: `has ${4 * PAGE} bytes, ${5 * PAGE} of it were mapped`,
  });
});
