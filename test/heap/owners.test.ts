import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseOwners, garbageHolds, holdsOf, type Owner } from "../../src/heap/index.ts";
import { Role } from "../../src/terms/index.ts";
import { drawings, graphOf, treeOf } from "./graphs.ts";
import { Shape } from "./shapes.ts";

const LEAST = 1000;

function ownersOf(shape: Shape, least = LEAST): [name: string, bytes: number, count: number][] {
  const graph = graphOf(shape.drawing);
  return chooseOwners(graph, treeOf(graph), least).rows.map((owner) => [
    shape.names[owner.node] ?? "?",
    owner.bytes,
    owner.count,
  ]);
}

// A module with its dict, and a little in it.
function moduleOf(shape: Shape, name: string): number {
  const module = shape.add(name, "module", 72, null);
  const names = shape.add(`${name}.__dict__`, "namespace", 232, module);
  shape.add(`${name}.__doc__`, "str", 60, names);
  return names;
}

describe("owners", () => {
  it("are the list that leaks, not the module above it and not one item", () => {
    const shape = new Shape();
    const names = moduleOf(shape, "app");
    const type = shape.add("app.Profiler", "type", 1064, names);
    const results = shape.add("app.Profiler.results", "list", 800, type);
    for (let i = 0; i < 50; ++i) shape.fill(shape.add(`[${i}]`, "tuple", 56, results), 2, "str", 100);
    expect(ownersOf(shape)).toEqual([
      ["app.Profiler.results", 800 + 50 * 256, 151],
      ["app.Profiler", 1064, 1],
    ]);
  });

  it("are found below three levels of single holders", () => {
    const shape = new Shape();
    let holder = moduleOf(shape, "app");
    for (const name of ["state", "cache", "backend"]) {
      const instance = shape.add(name, `${name} type`, 48, holder);
      holder = shape.add(`${name}.__dict__`, "namespace", 104, instance);
    }
    shape.fill(shape.add("entries", "dict", 5000, holder), 100, "str", 100);
    expect(ownersOf(shape)).toEqual([["entries", 15_000, 101]]);
  });

  it("are found below containers of one", () => {
    const shape = new Shape();
    const outer = shape.add("outer", "dict", 232, moduleOf(shape, "app"));
    const inner = shape.add("outer['a']", "dict", 232, outer);
    shape.fill(shape.add("outer['a'][0]", "list", 900, inner), 100, "str", 100);
    expect(ownersOf(shape)).toEqual([["outer['a'][0]", 10_900, 101]]);
  });

  it("are the item that holds half of what its container does, but none that holds less", () => {
    const half = new Shape();
    const outer = half.add("outer", "list", 1000, moduleOf(half, "app"));
    half.fill(half.add("outer[0]", "list", 2000, outer), 10, "str", 100);
    half.fill(outer, 20, "str", 100);
    expect(ownersOf(half).map(([name]) => name)).toEqual(["outer", "outer[0]"]);
    half.add("outer[21]", "str", 1, outer);
    expect(ownersOf(half).map(([name]) => name)).toEqual(["outer"]);
  });

  it("are both of two leaks under one module, and two leaks of one instance", () => {
    const shape = new Shape();
    const names = moduleOf(shape, "app");
    shape.fill(shape.add("first", "list", 800, names), 100, "str", 100);
    shape.fill(shape.add("second", "list", 800, names), 90, "str", 100);
    const dict = shape.add("cache.__dict__", "namespace", 104, shape.add("cache", "Cache", 48, names));
    shape.fill(shape.add("cache.hits", "list", 500, dict), 40, "str", 100);
    shape.fill(shape.add("cache.misses", "list", 500, dict), 30, "str", 100);
    expect(ownersOf(shape)).toEqual([
      ["first", 10_800, 101],
      ["second", 9_800, 91],
      ["cache.hits", 4500, 41],
      ["cache.misses", 3500, 31],
    ]);
  });

  it("are the variables of a flat module, and the module for what is small in it", () => {
    const shape = new Shape();
    const names = moduleOf(shape, "data");
    for (let i = 0; i < 40; ++i) shape.add(`table ${i}`, "dict", 1000 + i, names);
    for (let i = 0; i < 20; ++i) shape.add(`small ${i}`, "str", 100, names);
    expect(ownersOf(shape)).toEqual([
      ["data", 72 + 232 + 60 + 2000, 23],
      ...Array.from({ length: 40 }, (_, i) => [`table ${39 - i}`, 1039 - i, 1]),
    ]);
  });

  it("are a wide cache of dicts as one, and its item where one has half of it", () => {
    const wide = new Shape();
    const cache = wide.add("CACHE", "dict", 5000, moduleOf(wide, "app"));
    for (let i = 0; i < 30; ++i) wide.fill(wide.add(`[${i}]`, "dict", 232, cache), 20, "str", 100);
    expect(ownersOf(wide)).toEqual([["CACHE", 5000 + 30 * 2232, 631]]);
    const one = wide.add("['big']", "dict", 5000, cache);
    wide.fill(one, 1000, "str", 100);
    expect(ownersOf(wide)).toEqual([
      ["['big']", 105_000, 1001],
      ["CACHE", 5000 + 30 * 2232, 631],
    ]);
  });

  it("are no item that has less than half of its container", () => {
    const shape = new Shape();
    const cache = shape.add("CACHE", "dict", 1000, moduleOf(shape, "app"));
    shape.fill(shape.add("['big']", "dict", 1000, cache), 80, "str", 100);
    shape.fill(cache, 100, "str", 100);
    expect(ownersOf(shape)).toEqual([["CACHE", 20_000, 182]]);
  });

  it("are found below any number of scopes, which are no recursion", () => {
    const shape = new Shape();
    let scope = moduleOf(shape, "app");
    for (let i = 0; i < 20; ++i) scope = shape.add(`class ${i}`, "type", 900, scope);
    shape.fill(shape.add("seen", "list", 1000, scope), 100, "str", 100);
    expect(ownersOf(shape)).toEqual([["seen", 11_000, 101]]);
  });

  it.each([
    ["a linked list", 1],
    ["a binary tree", 2],
  ])("are %s as one, at its head, however long", (_, children) => {
    const shape = new Shape();
    const queue = shape.add("queue", "Queue", 48, moduleOf(shape, "app"));
    const nodes = [shape.add("queue.head", "Node", 48, queue)];
    for (let i = 1; i < 20_000; ++i) {
      const holder = nodes[Math.floor((i - 1) / children)] ?? 0;
      nodes.push(shape.add("next", "Node", 48, shape.add("next.__dict__", "namespace", 104, holder)));
    }
    expect(ownersOf(shape)).toEqual([["queue.head", 48 + 19_999 * 152, 39_999]]);
  });

  it("are each of a few big links of a chain, which no rule takes for one structure", () => {
    const shape = new Shape();
    let holder = moduleOf(shape, "app");
    for (let i = 0; i < 4; ++i) {
      holder = shape.add(`node ${i}`, "Node", 48, holder);
      shape.add(`node ${i}.data`, "str", 10_000, holder);
    }
    expect(ownersOf(shape).map(([name]) => name)).toEqual([0, 1, 2, 3].map((i) => `node ${i}.data`));
  });

  it("are what two modules hold, on its own", () => {
    const shape = new Shape();
    const one = moduleOf(shape, "one");
    const two = moduleOf(shape, "two");
    const shared = shape.add("shared", "list", 2000, one);
    shape.link(two, shared);
    shape.fill(shared, 10, "str", 100);
    expect(ownersOf(shape)).toEqual([["shared", 3000, 11]]);
  });

  it("with no least size are all named parts", () => {
    const shape = new Shape();
    const names = moduleOf(shape, "app");
    shape.add("results", "list", 56, names);
    expect(ownersOf(shape, 0)).toEqual([
      ["app", 304, 2],
      ["app.__doc__", 60, 1],
      ["results", 56, 1],
    ]);
  });

  const rolesAndTypes = drawings.chain((drawing) => {
    const { nodes } = drawing;
    return fc.record({
      drawing: fc.constant(drawing),
      roles: fc.array(fc.constantFrom(...Object.values(Role)), { minLength: nodes, maxLength: nodes }),
      types: fc.array(fc.nat({ max: 2 }), { minLength: nodes, maxLength: nodes }),
    });
  });

  it("and garbage and the rest sum to the heap, what they hold to what they have, in a total order", () => {
    const sum = (parts: readonly { bytes: number; count: number }[]) =>
      parts.reduce(
        (total, { bytes, count }) => ({ bytes: total.bytes + bytes, count: total.count + count }),
        {
          bytes: 0,
          count: 0,
        },
      );
    fc.assert(
      fc.property(rolesAndTypes, fc.nat({ max: 200 }), ({ drawing, roles, types }, least) => {
        const graph = graphOf({ ...drawing, roles, types });
        const tree = treeOf(graph);
        const owners = chooseOwners(graph, tree, least);
        const bytes = (drawing.sizes ?? []).reduce((total, size) => total + size, 0);
        expect(sum([...owners.rows, owners.garbage, owners.rest])).toEqual({ bytes, count: drawing.nodes });
        expect(sum(garbageHolds(graph, tree))).toEqual(owners.garbage);
        owners.rows.forEach((owner: Owner, i) => {
          const holds = holdsOf(graph, tree, [owner], owners);
          expect(sum(holds)).toEqual({ bytes: owner.bytes, count: owner.count });
          if (roles[owner.node] !== Role.task) expect(owner.bytes).toBeGreaterThanOrEqual(least);
          expect(owner.bytes).toBeLessThanOrEqual(owners.rows[i - 1]?.bytes ?? Number.POSITIVE_INFINITY);
        });
        const shuffled = graphOf({ ...drawing, edges: [...drawing.edges].reverse(), roles, types });
        expect(chooseOwners(shuffled, treeOf(shuffled), least).rows).toEqual(owners.rows);
      }),
      { numRuns: 500 },
    );
  });
});
