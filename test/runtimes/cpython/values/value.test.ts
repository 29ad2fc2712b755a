import { expect, it } from "vitest";
import { openFile } from "../../../../src/bytes/index.ts";
import { makeScratch } from "../../../bytes/scratch.ts";
import { dumpProgram, findPythons } from "../../pythons.ts";
import { openObjects, readValueTruth, valueFaults } from "../../value-truth.ts";

const scratch = makeScratch();
const pythons = findPythons();
const cases = [
  ...pythons.map((python) => ({ python, allocator: "pymalloc" })),
  ...pythons.slice(-1).flatMap((python) => [
    { python, allocator: "malloc" },
    { python, allocator: "debug" },
  ]),
];

it.skipIf(cases.length === 0).for(cases)(
  "$python on $allocator: every object is what it says",
  async (given, context) => {
    const { python, allocator } = given;
    const made = await dumpProgram(python, "values.py", scratch.folder, { PYTHONMALLOC: allocator });
    if (made === null) return context.skip("gcore may not attach here");
    const source = openFile(made.core);
    const objects = openObjects(source, "/");
    try {
      const truth = readValueTruth(made.truth);
      expect(truth.rows.length).toBeGreaterThan(150);
      expect(valueFaults(objects.finder, truth)).toEqual([]);
      const freed = truth.freed.filter((at) => objects.finder.objectAt(Number(at))?.state === "freed");
      // pymalloc leaves most of their blocks free; others hand them out again, and promise nothing.
      const least = allocator === "pymalloc" ? truth.freed.length / 4 : -1;
      expect(freed.length).toBeGreaterThan(least);
    } finally {
      objects.close();
      source.close();
    }
  },
);
