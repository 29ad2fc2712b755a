import { describe, expect, it } from "vitest";
import { openFile } from "../../../../src/bytes/index.ts";
import { openCore, readModules } from "../../../../src/image/index.ts";
import { Crew } from "../../../../src/kernel/index.ts";
import { ObjectTable, readPython } from "../../../../src/runtimes/cpython/index.ts";
import { CoregramError } from "../../../../src/terms/index.ts";
import { makeScratch, readAll } from "../../../bytes/scratch.ts";
import { openCoreFile, pathOf, readTruth } from "../../read-core.ts";
import { openObjects } from "../../value-truth.ts";

const scratch = makeScratch();

/** All live objects of a committed core as the pass over all memory finds them, and what finds them one by one. */
async function openBoth(version: string) {
  const source = await openCoreFile(pathOf(`cores/py-${version}.core.xz`));
  const core = openCore(source);
  if (core === null) throw new Error("no core");
  const crew = new Crew(1);
  const python = await readPython(crew, core, readModules(core), { root: null });
  await crew.close();
  if ("reason" in python) throw new Error(python.reason);
  const table = new ObjectTable(crew.memory, python.records);
  return { source, python, table, objects: openObjects(source, null) };
}

describe.each(["3.8", "3.9"])("a core of CPython %s", (version) => {
  it("is of that version before one of its classes is asked for", async () => {
    const source = await openCoreFile(pathOf(`cores/py-${version}.core.xz`));
    const objects = openObjects(source, null);
    const truth = readTruth(pathOf(`cores/py-${version}-truth.json`));
    const [str] = Object.entries(truth.types).find(([, name]) => name === "builtins.str") ?? [];
    // sizeof(PyTypeObject): tp_print went with 3.9.
    expect(objects.finder.objectAt(Number(str))).toMatchObject({
      typeName: "builtins.type",
      bytes: version === "3.8" ? 416 : 408,
    });
    source.close();
  });
});

describe.each(["3.8", "3.9", "3.11", "3.13", "3.14", "3.15"])(
  "objects of CPython %s, one by one",
  (version) => {
    let opened: ReturnType<typeof openBoth> | null = null;
    const open = () => {
      opened ??= openBoth(version);
      return opened;
    };

    it("have the types, the sizes and the names that the pass over all memory finds", async () => {
      const { python, table, objects } = await open();
      const faults: string[] = [];
      expect(table.count).toBeGreaterThan(20_000);
      for (let number = 0; number < table.count; number += 5) {
        const at = table.address(number);
        const plan = python.types[table.type(number)];
        const name = python.names.get(plan?.type.address ?? 0)?.name;
        const object = objects.finder.objectAt(at);
        const mine = `${object?.address} ${object?.typeAddress} ${object?.typeName} ${object?.bytes} ${object?.state}`;
        const its = `${at} ${plan?.type.address} ${name} ${table.bytes(number)} live`;
        if (mine !== its) faults.push(`0x${at.toString(16)}: ${mine} for ${its}`);
      }
      expect(faults).toEqual([]);
    });

    it("are found from any address inside them", async () => {
      const { table, objects } = await open();
      const faults: string[] = [];
      for (let number = 0; number < table.count; number += 97) {
        const at = table.address(number);
        const object = objects.finder.objectAt(at);
        const inside = objects.finder.objectAt(at + 15);
        if (inside?.address !== at || inside.text !== object?.text) faults.push(at.toString(16));
      }
      expect(faults).toEqual([]);
    });

    it("are the same types as all of memory has", async () => {
      const { python, objects } = await open();
      const known = new Set(python.types.map(({ type }) => type.address));
      const missing = [...known].filter((at) => objects.memory.typeAt(at) === null);
      const extra = [...python.survey.candidates].filter(
        (at) => !known.has(at) && objects.memory.typeAt(at) !== null,
      );
      expect({ missing, extra }).toEqual({ missing: [], extra: [] });
      const wrong = python.types.filter(
        ({ type }) => objects.memory.nameOf(type).name !== python.names.get(type.address)?.name,
      );
      expect(wrong).toEqual([]);
    });

    it("show instances by their attributes, and what they hold by its value", async () => {
      const { python, table, objects } = await open();
      const plain = python.types.findIndex(
        ({ type }) => python.names.get(type.address)?.name === "__main__.Plain",
      );
      let seen = 0;
      for (let number = 0; number < table.count; number += 1) {
        if (table.type(number) !== plain) continue;
        const held = objects.finder.objectAt(table.address(number))?.held ?? [];
        const texts = new Map(held.map(({ label, text }) => [label, text]));
        const index = Number(texts.get(".number")) - 1000;
        expect(texts.get(".label")).toBe(`'plain-${index}'`);
        seen += 1;
      }
      expect(seen).toBeGreaterThan(60);
    });
  },
);

it("finds nothing, or an object, at any address of a core of any damage, and comes to an end", async () => {
  const source = await openCoreFile(pathOf("cores/py-3.13.core.xz"));
  const original = await readAll(source);
  const core = openCore(source);
  const starts = [...(core?.image.table.starts ?? [])].map(Number).filter((start) => start < 2 ** 47);
  source.close();
  let state = 7;
  const next = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const harm = [0n, 1n, 8n, 0xffffffffn, 2n ** 40n, 2n ** 47n - 8n, 2n ** 63n, 2n ** 64n - 1n];
  let found = 0;
  for (let round = 0; round < 6; round += 1) {
    const bytes = Buffer.from(original);
    for (let change = 0; change < 40_000; change += 1) {
      const to = 65_536 + 8 * next((bytes.length - 131_072) / 8);
      // Numbers that mean most harm, pointers elsewhere, pointers to themselves.
      if (change % 3 === 0) bytes.writeBigUInt64LE(harm[next(harm.length)] ?? 0n, to);
      else {
        const from = 65_536 + 8 * next((bytes.length - 131_072) / 8);
        bytes.copy(bytes, to, from, from + 8);
      }
    }
    const damaged = openFile(scratch.put(`damaged-${round}`, bytes));
    try {
      const objects = openObjects(damaged, null);
      for (let look = 0; look < 1500; look += 1) {
        const at = (starts[next(starts.length)] ?? 0) + 8 * next(200_000) + (look % 4 === 0 ? next(8) : 0);
        const object = objects.finder.objectAt(at);
        if (object === null) continue;
        found += 1;
        expect(object.held.filter(({ address }) => !(address < 2 ** 48))).toEqual([]);
        // An address may be in what stands in front of an object.
        expect(object.address).toBeLessThanOrEqual(at + 32);
        expect(object.held.length).toBeLessThanOrEqual(40);
        expect(object.text?.length ?? 0).toBeLessThan(1200);
        for (const { text } of object.held) expect(text?.length ?? 0).toBeLessThan(2000);
      }
      objects.close();
    } catch (error) {
      if (!(error instanceof CoregramError)) throw error;
    } finally {
      damaged.close();
    }
  }
  expect(found).toBeGreaterThan(200);
});
