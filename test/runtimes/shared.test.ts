import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { dumpProgram, findPythons } from "./pythons.ts";
import { readCore } from "./read-core.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-shared-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** memfd_create is in the library since 3.8. */
const pythons = findPythons().filter((python) => Number(/\d+$/.exec(python)?.[0]) >= 8);

it.skipIf(pythons.length === 0).for([...new Set([pythons.at(0) ?? "", pythons.at(-1) ?? ""])])(
  "of %s, shared memory is told from what is not known, whoever has mapped it",
  async (python, context) => {
    const made = await dumpProgram(python, "shared.py", scratch);
    if (made === null) return context.skip("gcore may not attach here");
    const { shared, own } = JSON.parse(readFileSync(made.truth, "utf8"));
    const { python: found } = await readCore(made.core, { root: null });
    expect(found.balance.parts.mapped).toBe(shared);
    // What an object has mapped is its own.
    expect(found.mapped.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(own);
    expect(found.remarks).toEqual([]);
  },
);
