import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { dumpProgram, findPythons } from "../pythons.ts";
import { byTrueName, differences, readCore, readTruth, type Truth } from "../read-core.ts";

/** As many of each kind as make most built-in types of kinds.py common. */
const COUNT = 600;

const pythons = findPythons();
const scratch = mkdtempSync(join(tmpdir(), "coregram-spot-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A core of kinds.py on that interpreter, and what it wrote of itself; null where it may not be traced. */
async function makeCore(
  python: string,
  environment: Record<string, string>,
): Promise<{ core: string; truth: Truth } | null> {
  const made = await dumpProgram(python, "kinds.py", scratch, environment, [String(COUNT)]);
  return made && { core: made.core, truth: readTruth(made.truth) };
}

const cases = [
  ...pythons.map((python) => ({ python, allocator: "pymalloc" })),
  ...pythons.slice(-1).flatMap((python) => [
    { python, allocator: "malloc" },
    { python, allocator: "debug" },
  ]),
];

it.skipIf(cases.length === 0).for(cases)(
  "$python on $allocator is as it says itself",
  async (given, context) => {
    const { python, allocator } = given;
    const made = await makeCore(python, { PYTHONMALLOC: allocator });
    if (made === null) return context.skip("gcore may not attach here");
    const reading = await readCore(made.core, { root: "/" });
    expect(differences(reading, made.truth)).toEqual([]);
    const plain = byTrueName(reading.totals, made.truth).get("__main__.Plain");
    // 600 were made and all but every 50th dropped; then pymalloc gives most of their blocks to others.
    expect(plain?.freedCount).toBeLessThanOrEqual(588);
  },
);

const jemalloc = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"]
  .map((folder) => join(folder, "libjemalloc.so.2"))
  .find((path) => existsSync(path));
const python = pythons.at(-1) ?? "";

it.skipIf(jemalloc === undefined || python === "")(
  "says of an allocator that it does not know how much it has, with pymalloc above it and without",
  async (context) => {
    const above = await makeCore(python, { LD_PRELOAD: jemalloc ?? "" });
    const alone = await makeCore(python, { LD_PRELOAD: jemalloc ?? "", PYTHONMALLOC: "malloc" });
    if (above === null || alone === null) return context.skip("gcore may not attach here");
    const [pools, none] = [
      await readCore(above.core, { root: "/" }),
      await readCore(alone.core, { root: "/" }),
    ];
    expect(pools.python.remarks.join()).toMatch(/^no chunks of glibc's malloc: .* MiB not told apart$/);
    const plain = pools.totals.find(({ name }) => name === "__main__.Plain");
    expect(plain?.count).toBe(above.truth.counts["__main__.Plain"]);
    expect(none.python.remarks.join()).toMatch(/^allocator unknown: [\d.]+ MiB of blocks not told apart/);
  },
);
