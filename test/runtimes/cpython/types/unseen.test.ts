import { expect, it } from "vitest";
import { openFile } from "../../../../src/bytes/index.ts";
import { openCore, readModules } from "../../../../src/image/index.ts";
import { LAYOUTS } from "../../../../src/runtimes/cpython/layout/layout.ts";
import { PythonMemory } from "../../../../src/runtimes/cpython/python-memory.ts";
import { readThreadStacks } from "../../../../src/runtimes/cpython/threads/stacks.ts";
import { ObjectFinder } from "../../../../src/runtimes/cpython/values/object-at.ts";
import { makeScratch, readAll } from "../../../bytes/scratch.ts";
import { differences, openCoreFile, pathOf, readSource, readTruth } from "../../read-core.ts";

const scratch = makeScratch();
const CORE = "cores/py-3.15.core.xz";
/** As if 3.14 were the newest version that there is. */
const KNOWN = { root: null, layouts: LAYOUTS.filter(({ minor }) => minor <= 14) };

/** imports_modules in _Py_DebugOffsets (Include/internal/pycore_debug_offsets.h of 3.15). */
const IMPORTS_MODULES = 96;

it("a version that is newer than those that are known is read by what the core says of itself", async () => {
  const source = await openCoreFile(pathOf(CORE));
  try {
    const reading = await readSource(source, KNOWN);
    if ("reason" in reading) throw new Error(reading.reason);
    expect(reading.python.layout.version).toBe("3.15");
    expect(reading.python.remarks).toEqual([
      expect.stringMatching(
        /^CPython 3\.15 is newer than 3\.14, the newest whose structs are known: read as that/,
      ),
    ]);
    const truth = readTruth(pathOf("cores/py-3.15-truth.json"));
    // What an array's items are stands in a file; of dicts the process counts the table of interned strings.
    const sizes = (name: string) => name !== "array.array" && name !== "builtins.dict";
    const wrong = differences(reading, truth, { sizes });
    // Of 165 types: a bytearray has its bytes in an object of their own from 3.15 on, which nothing in the core says.
    expect(wrong.map((fault) => fault.replace(/:.*/, ""))).toEqual(["builtins.bytes", "builtins.bytearray"]);
    expect(Object.keys(truth.counts).length).toBeGreaterThan(160);
  } finally {
    source.close();
  }
});

it.each([
  { version: "3.13", newest: 12 },
  { version: "3.14", newest: 13 },
])("$version is read right as if 3.$newest were the newest", async ({ version, newest }) => {
  const source = await openCoreFile(pathOf(`cores/py-${version}.core.xz`));
  try {
    const layouts = LAYOUTS.filter(({ minor }) => minor <= newest);
    const reading = await readSource(source, { root: null, layouts });
    if ("reason" in reading) throw new Error(reading.reason);
    expect(reading.python.layout.version).toBe(version);
    const truth = readTruth(pathOf(`cores/py-${version}-truth.json`));
    const sizes = (name: string) => name !== "array.array" && name !== "builtins.dict";
    expect(differences(reading, truth, { sizes })).toEqual([]);
  } finally {
    source.close();
  }
});

/** So many objects of a core are asked for one by one. */
const ASKED = 400;

it.each([
  { version: "3.14", newest: 13 },
  { version: "3.15", newest: 14 },
])(
  "objects of $version are told by their addresses as if 3.$newest were the newest",
  async ({ version, newest }) => {
    const source = await openCoreFile(pathOf(`cores/py-${version}.core.xz`));
    try {
      const { objects } = await readSource(source, { root: null }).then((reading) => {
        if ("reason" in reading) throw new Error(reading.reason);
        return reading;
      });
      const core = openCore(source);
      if (core === null) throw new Error("no core");
      const known = new PythonMemory(core, readModules(core), null);
      const unseen = new PythonMemory(
        core,
        readModules(core),
        null,
        LAYOUTS.filter(({ minor }) => minor <= newest),
      );
      const [right, mine] = [new ObjectFinder(known), new ObjectFinder(unseen)];
      const step = Math.floor(objects.count / ASKED);
      const wrong: string[] = [];
      for (let object = 0; object < objects.count; object += step) {
        const at = objects.address(object);
        const { typeName, state, bytes, text } = right.objectAt(at) ?? {};
        const other = mine.objectAt(at);
        const told = [other?.typeName, other?.state, other?.bytes, other?.text];
        if (String(told) !== String([typeName, state, bytes, text])) wrong.push(`${typeName}: ${told}`);
      }
      // What a module keeps for C code, and a bytearray's bytes from 3.15 on, is what nothing in a core says.
      expect(
        wrong.filter((fault) => !/^builtins\.(module|bytearray|generator|frozendict)/.test(fault)),
      ).toEqual([]);
      expect(wrong.length).toBeLessThan(ASKED / 50);
      expect(unseen.layout?.version).toBe(version);
    } finally {
      source.close();
    }
  },
);

/** What the threads of a core do, as if these were the layouts that are known. */
async function stacksOf(version: string, layouts = LAYOUTS) {
  const source = await openCoreFile(pathOf(`cores/py-${version}.core.xz`));
  try {
    const core = openCore(source);
    return core && readThreadStacks(core, null, { locals: true }, layouts);
  } finally {
    source.close();
  }
}

it.each([
  { version: "3.14", newest: 13 },
  { version: "3.15", newest: 14 },
])("threads of $version are where they are as if 3.$newest were the newest", async ({ version, newest }) => {
  const right = await stacksOf(version);
  const mine = await stacksOf(
    version,
    LAYOUTS.filter(({ minor }) => minor <= newest),
  );
  if (right === null || mine === null || "reason" in right || "reason" in mine) throw new Error("no threads");
  expect(right.threads[0]?.frames.map((frame) => frame.function)).toEqual(["<module>"]);
  expect(mine.threads).toEqual(right.threads);
  expect(mine.runtime).toBe(right.runtime);
  expect(right.remarks).toEqual([]);
  expect(mine.remarks).toEqual([
    expect.stringMatching(new RegExp(`^CPython ${version} is newer than 3\\.${newest}, the newest`)),
  ]);
});

it("threads of a version whose newest that is known says nothing of itself are refused by name", async () => {
  expect(
    await stacksOf(
      "3.13",
      LAYOUTS.filter(({ minor }) => minor <= 12),
    ),
  ).toEqual({ reason: expect.stringMatching(/^CPython 3\.13\.\d+, newer than 3\.12, the newest/) });
});

it.each([
  ["has no modules where it says that they are", IMPORTS_MODULES, 8n],
  ["is not newer, by what it says", 8, 0x030d_00f0n],
])("one that %s is refused by name", async (_, offset, word) => {
  const whole = await openCoreFile(pathOf(CORE));
  const bytes = await readAll(whole);
  whole.close();
  bytes.writeBigUInt64LE(word, bytes.indexOf("xdebugpy") + offset);
  const source = openFile(scratch.put("harmed", bytes));
  try {
    expect(await readSource(source, KNOWN)).toEqual({
      reason: expect.stringMatching(
        /^CPython 3\.15\.2, newer than 3\.14, the newest|of a version or build that is not known/,
      ),
    });
  } finally {
    source.close();
  }
});
