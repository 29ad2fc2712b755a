import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { dumpProgram, findPythons } from "../pythons.ts";
import {
  byTrueName,
  differences,
  pathOf,
  readCore,
  readTruth,
  savedBytesOf,
  type Truth,
} from "../read-core.ts";

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
    expect(python).toMatch(new RegExp(`/python${reading.python.layout.version}$`));
    expect(differences(reading, made.truth)).toEqual([]);
    const plain = byTrueName(reading.totals, made.truth).get("__main__.Plain");
    // 600 were made and all but every 50th dropped; then pymalloc gives most of their blocks to others.
    expect(plain?.freedCount).toBeLessThanOrEqual(588);
  },
);

const FOLDERS = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
const ALLOCATORS = [
  { name: "jemalloc", library: "libjemalloc.so.2" },
  { name: "tcmalloc", library: "libtcmalloc_minimal.so.4" },
  { name: "mimalloc", library: "libmimalloc.so.2.0" },
].map(({ name, library }) => ({
  name,
  path: FOLDERS.map((folder) => join(folder, library)).find((path) => existsSync(path)) ?? null,
}));
const python = pythons.at(-1) ?? "";

it.skipIf(python === "").for(ALLOCATORS)(
  "finds objects in $name, whose blocks are not known, with pymalloc above it and without",
  async ({ name, path }, context) => {
    if (path === null) return context.skip(`no ${name} here`);
    const above = await makeCore(python, { LD_PRELOAD: path });
    const alone = await makeCore(python, { LD_PRELOAD: path, PYTHONMALLOC: "malloc" });
    if (above === null || alone === null) return context.skip("gcore may not attach here");
    for (const { core, truth } of [above, alone]) {
      const reading = await readCore(core, { root: "/" });
      // A long text that realloc has moved leaves a copy behind, which the allocator's caches lead to.
      expect(differences(reading, truth, { sizes: (type) => type !== "builtins.str" })).toEqual([]);
      const { remarks, replaced, balance } = reading.python;
      expect(remarks.join()).toMatch(new RegExp(`^memory is of ${name}, whose blocks are not known: `));
      expect(replaced?.name).toBe(name);
      // Most of what is not told apart is the allocator's, and said to be.
      expect(balance.parts.unknown).toBeLessThan(balance.parts.otherAllocator / 3);
      expect(Object.values(balance.parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(balance.saved);
    }
    expect((await readCore(alone.core, { root: "/" })).totals.every((row) => row.freedCount === null)).toBe(
      true,
    );
  },
);

/** programs/lists.c, to be preloaded; null where there is no compiler. */
function makeLists(): string | null {
  const library = join(scratch, "liblists.so");
  const options = ["-shared", "-fPIC", "-O1", "-fno-builtin", "-o", library, pathOf("programs/lists.c")];
  return spawnSync("cc", options, { stdio: "ignore" }).status === 0 ? library : null;
}

it.skipIf(python === "").for([...new Set([pythons[0] ?? "", python])])(
  "%s on an allocator that nobody knows is as it says itself, and of what it freed nothing is said",
  async (given, context) => {
    const library = makeLists();
    if (library === null) return context.skip("no C compiler");
    const made = await makeCore(given, { LD_PRELOAD: library, PYTHONMALLOC: "malloc" });
    if (made === null) return context.skip("gcore may not attach here");
    const reading = await readCore(made.core, { root: "/" });
    expect(differences(reading, made.truth)).toEqual([]);
    expect(
      reading.totals.filter(({ freedCount, freedBytes }) => freedCount !== null || freedBytes !== null),
    ).toEqual([]);
    const { balance, remarks } = reading.python;
    expect(remarks).toEqual([
      "memory is of an allocator that is not known: live objects are told by their own heads and the collector's lists, of freed ones nothing is known",
    ]);
    expect(balance.saved).toBe(await savedBytesOf(made.core));
    expect(Object.values(balance.parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(balance.saved);
    expect(Object.entries(balance.parts).filter(([, bytes]) => bytes < 0)).toEqual([]);
    // Its blocks are found, and are no less than what is live in them.
    expect(balance.parts.otherAllocator).toBeGreaterThan(balance.parts.objectBlocks / 4);
    expect(balance.parts.unknown).toBeLessThan(balance.saved * 0.03);

    // Where the collector's links do not lead back to the classes that the program has made, neither is all else there.
    const bytes = readFileSync(made.core);
    const head = reading.python.layout.structs.PyGC_Head.sizeof;
    for (const { type } of reading.python.types)
      if ((type.flags & (1 << 9)) !== 0) bytes.fill(8, ...placeOf(bytes, type.address - head));
    const broken = join(scratch, "broken");
    writeFileSync(broken, bytes);
    await expect(readCore(broken, { root: "/" })).rejects.toThrow(
      /^CPython 3\..*, whose objects are in blocks of an allocator that is not known: most of its classes were not found there$/,
    );
  },
);

/** Where the word at an address stands in a core, by its program headers, and where it ends. */
function placeOf(core: Buffer, address: number): [start: number, end: number] {
  const first = Number(core.readBigUInt64LE(32));
  for (let at = first; at < first + core.readUInt16LE(56) * 56; at += 56) {
    const into = address - Number(core.readBigUInt64LE(at + 16));
    const isIn = core.readUInt32LE(at) === 1 && into >= 0 && into < Number(core.readBigUInt64LE(at + 32));
    if (isIn)
      return [Number(core.readBigUInt64LE(at + 8)) + into, Number(core.readBigUInt64LE(at + 8)) + into + 8];
  }
  return [0, 0];
}
