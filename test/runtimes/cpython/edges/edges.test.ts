import { describe, expect, it } from "vitest";
import { openCore, readModules } from "../../../../src/image/index.ts";
import { Crew } from "../../../../src/kernel/index.ts";
import { followEdges } from "../../../../src/runtimes/cpython/edges/edges.ts";
import { ObjectTable, readPython } from "../../../../src/runtimes/cpython/index.ts";
import { openCoreFile, pathOf } from "../../read-core.ts";

/** Per type: objects, and those whose count of references is not the number of edges into them. */
async function compareWithCounts(version: string, threads: number) {
  const source = await openCoreFile(pathOf(`cores/py-${version}.core.xz`));
  const crew = new Crew(threads);
  try {
    const core = openCore(source);
    if (core === null) throw new Error("no core");
    const python = await readPython(crew, core, readModules(core), { root: null });
    if ("reason" in python) throw new Error(python.reason);
    const table = new ObjectTable(crew.memory, python.records);
    const { chunks, refs, lostWords } = await followEdges(crew, python, table);
    const edges: number[] = [];
    for (const chunk of chunks) for (const end of chunk) edges.push(end);
    const into = new Uint32Array(table.count);
    for (let i = 1; i < edges.length; i += 2) into[edges[i] ?? 0] = (into[edges[i] ?? 0] ?? 0) + 1;
    const types = new Map<string, { count: number; others: number }>();
    for (let object = 0; object < table.count; object += 1) {
      const name = python.names.get(python.types[table.type(object)]?.type.address ?? 0)?.name ?? "";
      const sum = types.get(name) ?? { count: 0, others: 0 };
      types.set(name, sum);
      sum.count += 1;
      if (refs[object] !== 0xffffffff && refs[object] !== into[object]) sum.others += 1;
    }
    return { types, edges, lostWords };
  } finally {
    await crew.close();
    source.close();
  }
}

// The collector does the same sum (Modules/gcmodule.c, subtract_refs): it is right if every reference was found, and
// none that is not held.
describe.each(["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15"])(
  "edges of CPython %s",
  (version) => {
    it("are as many into an object as its count of references", async () => {
      const { types, lostWords } = await compareWithCounts(version, 1);
      expect(lostWords).toBe(0);
      const faults: string[] = [];
      for (const [name, { count, others }] of types)
        if (name.startsWith("__main__.") && others > 1) faults.push(`${name}: ${others} of ${count}`);
      expect(faults).toEqual([]);
      for (const name of ["list", "float", "set", "function", "cell", "bytearray", "generator"]) {
        const { count, others } = types.get(`builtins.${name}`) ?? { count: 0, others: 0 };
        expect(count, name).toBeGreaterThan(0);
        // A few are held by C code alone.
        expect(others, name).toBeLessThan(Math.max(12, count * 0.01));
      }
      for (const name of ["tuple", "dict", "int"]) {
        const { count, others } = types.get(`builtins.${name}`) ?? { count: 0, others: 0 };
        // Small ints and the dicts of static types are the interpreter's.
        expect(others, name).toBeLessThan(Math.max(300, count * 0.03));
      }
    });
  },
);

describe("followEdges", () => {
  it("finds the same edges in the same order, however many threads", async () => {
    const one = await compareWithCounts("3.13", 1);
    const three = await compareWithCounts("3.13", 3);
    expect(three.edges.length).toBe(one.edges.length);
    expect(three.edges.findIndex((end, i) => end !== one.edges[i])).toBe(-1);
  });
});
