import { expect, it } from "vitest";
import { openFile } from "../../../src/bytes/index.ts";
import { makeScratch } from "../../bytes/scratch.ts";
import { dumpProgram, findPythons } from "../pythons.ts";
import { openObjects, readValueTruth, valueFaults } from "../value-truth.ts";

const scratch = makeScratch();
const pythons = findPythons();

it.skipIf(pythons.length === 0).each(pythons)("%s: every object is what the process says", async (python) => {
  const made = await dumpProgram(python, "values.py", scratch.folder);
  if (made === null) return;
  const source = openFile(made.core);
  const objects = openObjects(source, "/");
  try {
    const truth = readValueTruth(made.truth);
    expect(truth.rows.length).toBeGreaterThan(150);
    expect(valueFaults(objects.finder, truth)).toEqual([]);
    const freed = truth.freed.filter((at) => objects.finder.objectAt(Number(at))?.state === "freed");
    // Most of their blocks stay free, and some begin anew.
    expect(freed.length).toBeGreaterThan(truth.freed.length / 4);
  } finally {
    objects.close();
    source.close();
  }
});
