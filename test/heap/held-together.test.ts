import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseOwners, HeldTogether, holdsOf } from "../../src/heap/index.ts";
import { Role } from "../../src/terms/index.ts";
import { type Drawing, drawings, graphOf, naiveLayers, naiveReach, treeOf } from "./graphs.ts";
import { Shape } from "./shapes.ts";

const MOST_NAMES = 12;
/** Without tasks: of these there is an example below. */
const ROLES = Object.values(Role).filter((role) => role !== Role.task);

/** Names it takes to each node by variables and attributes alone; 0 where there is no such way. */
function naiveNames(drawing: Drawing, layers: readonly (number | null)[]): number[] {
  const roles = drawing.roles ?? [];
  const names: number[] = new Array(drawing.nodes).fill(0);
  const set = (node: number, level: number) => {
    if (level > MOST_NAMES || (names[node] !== 0 && (names[node] ?? 0) <= level)) return false;
    names[node] = level;
    return true;
  };
  for (const [node, kind] of drawing.roots) if (layers[node] === kind) set(node, 1);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [from, to] of drawing.edges) {
      const level = names[from] ?? 0;
      if (level === 0 || level === MOST_NAMES || roles[from] === Role.items || layers[from] !== layers[to])
        continue;
      changed = set(to, roles[to] === Role.part ? level : level + 1) || changed;
    }
  }
  return names;
}

/** Sets of holders by the definition, each with its heads and what is reached by no way without these. */
function naiveSets(drawing: Drawing): Map<string, { heads: number[]; gone: Set<number> }> {
  const layers = naiveLayers(drawing);
  const names = naiveNames(drawing, layers);
  const roles = drawing.roles ?? [];
  const nodes = Array.from({ length: drawing.nodes }, (_, node) => node);
  const reached = (cut: readonly number[]) => {
    const edges = drawing.edges.filter(([, to]) => !cut.includes(to));
    const all = new Set<number>();
    for (const kind of [0, 1, 2]) {
      const starts = drawing.roots.filter(([node, of]) => of === kind && layers[node] === kind);
      const open = starts.map(([node]) => node).filter((node) => !cut.includes(node));
      for (const node of naiveReach({ ...drawing, edges }, layers, open, null)) all.add(node);
    }
    return all;
  };
  const live = reached([]);
  const containers = nodes.filter(
    (node) => names[node] !== 0 && (roles[node] === Role.items || names[node] === MOST_NAMES),
  );
  const holders = new Map<number, number[]>();
  const alone = new Set<number>();
  for (const container of containers) {
    const edges = drawing.edges.filter(([, to]) => names[to] === 0);
    for (const node of naiveReach({ ...drawing, edges }, layers, [container], null))
      if (node !== container) holders.set(node, [...(holders.get(node) ?? []), container]);
    const others = reached([container]);
    for (const node of live) if (!others.has(node)) alone.add(node);
  }
  // What is in one of them, or in another that is held together.
  for (const node of holders.keys())
    if (names[node] === 0) {
      const others = reached([node]);
      for (const other of live) if (other !== node && !others.has(other)) alone.add(other);
    }
  const sets = new Map<string, { heads: number[]; gone: Set<number> }>();
  for (const [node, all] of holders) {
    if (alone.has(node) || names[node] !== 0) continue;
    const set = sets.get(all.join()) ?? { heads: [], gone: new Set() };
    set.heads.push(node);
    sets.set(all.join(), set);
  }
  for (const set of sets.values()) {
    const left = reached(set.heads);
    for (const node of live) if (!left.has(node)) set.gone.add(node);
  }
  return sets;
}

function check(drawing: Drawing): number {
  const graph = graphOf(drawing);
  const tree = treeOf(graph);
  const shared = new HeldTogether(graph, tree);
  const found = new Map<string, { heads: number[]; bytes: number; count: number }>();
  for (let position = 0; position < tree.order.length; ++position) {
    const set = shared.setAt(position);
    if (set === null) continue;
    const heads = [...shared.headsOf(set)].map((head) => tree.order[head] ?? 0).sort((a, b) => a - b);
    const holders = shared.holdersOf(set).sort((a, b) => a - b);
    expect(holders.length).toBeGreaterThan(1);
    found.set(holders.join(), { heads, ...shared.retainedBy(set) });
    const ways = shared.waysInto(set);
    for (const [holder, { from, to }] of ways) {
      expect(holders).toContain(holder);
      expect(heads).toContain(to);
      expect(drawing.edges).toContainEqual([from, to]);
    }
  }
  const wanted = [...naiveSets(drawing)].map(([key, { heads, gone }]) => {
    const bytes = [...gone].reduce((sum, node) => sum + (drawing.sizes?.[node] ?? 0), 0);
    return [key, { heads: heads.sort((a, b) => a - b), bytes, count: gone.size }] as const;
  });
  expect(found).toEqual(new Map(wanted));
  return found.size;
}

/** A module or two, two to seven containers in them or their instances, and what is linked below those at random. */
const shops: fc.Arbitrary<Drawing> = fc
  .record({ modules: fc.integer({ min: 1, max: 2 }), holders: fc.integer({ min: 2, max: 7 }) })
  .chain(({ modules, holders }) => {
    const first = modules + holders;
    const items = 16;
    const nodes = first + items;
    const below = fc.tuple(
      fc.integer({ min: modules, max: nodes - 1 }),
      fc.integer({ min: first, max: nodes - 1 }),
    );
    return fc.record({
      nodes: fc.constant(nodes),
      roots: fc.constant(Array.from({ length: modules }, (_, node) => [node, 0] as const)),
      edges: fc
        .tuple(
          fc.array(fc.nat({ max: modules - 1 }), { minLength: holders, maxLength: holders }),
          fc.array(below, { minLength: 8, maxLength: 60 }),
        )
        .map(([of, links]) => [...of.map((module, i) => [module, modules + i] as const), ...links]),
      sizes: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: nodes, maxLength: nodes }),
      roles: fc
        .array(fc.constantFrom(...ROLES), { minLength: items, maxLength: items })
        .map((roles) => [
          ...new Array(modules).fill(Role.scope),
          ...new Array(holders).fill(Role.items),
          ...roles,
        ]),
    });
  });

describe("what several containers hold together", () => {
  it("is what goes when none of them holds it, by the set of them", () => {
    let sets = 0;
    fc.assert(
      fc.property(shops, (drawing) => {
        sets += check(drawing);
      }),
      { numRuns: 400 },
    );
    expect(sets).toBeGreaterThan(200);
  });

  it("is told in any graph", () => {
    const any = drawings.chain((drawing) =>
      fc
        .array(fc.constantFrom(...ROLES), {
          minLength: drawing.nodes,
          maxLength: drawing.nodes,
        })
        .map((roles) => ({ ...drawing, roles })),
    );
    fc.assert(
      fc.property(any, (drawing) => {
        check(drawing);
      }),
      { numRuns: 600 },
    );
  });

  /** Items of 100 bytes, each in all of the containers. */
  function heldBy(containers: number, items: number) {
    const shape = new Shape();
    const names = shape.add("app.__dict__", "namespace", 10, shape.add("app", "module", 10, null));
    const holders = Array.from({ length: containers }, (_, i) => shape.add(`list ${i}`, "list", 10, names));
    const held = Array.from({ length: items }, (_, i) => {
      const item = shape.add(`item ${i}`, "Request", 100, holders[0] ?? 0);
      for (const holder of holders.slice(1)) shape.link(holder, item);
      return item;
    });
    return { shape, names, holders, held };
  }

  const rowsOf = (shape: Shape, least = 1000) => {
    const graph = graphOf(shape.drawing);
    const tree = treeOf(graph);
    const owners = chooseOwners(graph, tree, least);
    return owners.rows.map((owner) => {
      const { node, bytes, count, set, isSet } = owner;
      const holds = holdsOf(graph, tree, [owner], owners).reduce((sum, held) => sum + held.count, 0);
      expect(holds).toBe(count);
      return {
        name: isSet ? "" : shape.names[node],
        bytes,
        count,
        items: isSet && set !== null ? owners.shared.itemsOf(set, () => true).count : null,
        holders: set === null ? null : owners.shared.holdersOf(set).map((holder) => shape.names[holder]),
      };
    });
  };

  it.each([2, 7, 16])("is an owner, of %i containers", (containers) => {
    const { shape } = heldBy(containers, 50);
    const holders = Array.from({ length: containers }, (_, i) => `list ${i}`);
    const [row] = rowsOf(shape);
    expect({ ...row, holders: row?.holders?.sort() }).toEqual({
      ...{ name: "", bytes: 5000, count: 50, items: 50 },
      holders: holders.sort(),
    });
  });

  it("is nobody's where more than sixteen hold it", () => {
    const { shape } = heldBy(17, 50);
    expect(rowsOf(shape).map(({ name, bytes }) => [name, bytes])).toEqual([["app", 5000 + 17 * 10 + 20]]);
  });

  it("is nobody's where two hold it, and others through what more than sixteen hold", () => {
    const { shape, holders, held } = heldBy(17, 50);
    const parts = held.slice(0, 40).map((item) => shape.add("part", "Part", 100, item));
    for (const part of parts) for (const holder of holders.slice(0, 2)) shape.link(holder, part);
    expect(rowsOf(shape).map(({ name }) => name)).toEqual(["app"]);
  });

  it("is about those that two of its containers have, not about what one has with an item", () => {
    const { shape, holders, held } = heldBy(2, 20);
    for (const item of held) shape.link(holders[0] ?? 0, shape.add("note", "Note", 50, item));
    expect(rowsOf(shape)).toEqual([
      { name: "", bytes: 3000, count: 40, items: 20, holders: ["list 0", "list 1"] },
    ]);
  });

  it("is about the items of its containers, not about keys that these have in common", () => {
    const { shape, holders, held } = heldBy(2, 20);
    const keys = held.map((_, i) => shape.add(`key ${i}`, "Key", 30, holders[0] ?? 0));
    for (const key of keys) shape.link(holders[1] ?? 0, key);
    const graph = graphOf(shape.drawing);
    const owners = chooseOwners(graph, treeOf(graph), 1000);
    const set = owners.rows.find(({ isSet }) => isSet)?.set ?? Number.NaN;
    const type = (of: number) => graph.types[of];
    const isItem = ({ to }: { readonly to: number }) => !keys.includes(to);
    expect(owners.shared.itemsOf(set, isItem)).toEqual({ count: 20, type: type(held[0] ?? 0) });
    expect(owners.shared.itemsOf(set, () => true)).toEqual({ count: 40, type: null });
    // Where nothing is one, all are told.
    expect(owners.shared.itemsOf(set, () => false)).toEqual({ count: 40, type: null });
  });

  it("is one object as any other, with its holders", () => {
    const { shape, held } = heldBy(2, 1);
    shape.fill(held[0] ?? 0, 30, "str", 100);
    expect(rowsOf(shape)).toEqual([
      { name: "item 0", bytes: 3100, count: 31, items: null, holders: ["list 0", "list 1"] },
    ]);
  });

  it("has what its items hold together, what these hold with another container is that one's too", () => {
    const { shape, names, held } = heldBy(2, 20);
    const users = shape.add("users", "dict", 10, names);
    const [config = 0, user = 0] = [
      shape.add("config", "str", 500, held[0] ?? 0),
      shape.add("user", "User", 1500, held[0] ?? 0),
    ];
    for (const item of held) {
      shape.link(item, config);
      shape.link(item, user);
    }
    shape.link(users, user);
    expect(rowsOf(shape)).toEqual([
      { name: "", bytes: 2500, count: 21, items: 20, holders: ["list 0", "list 1"] },
      { name: "user", bytes: 1500, count: 1, items: null, holders: ["list 0", "list 1", "users"] },
    ]);
  });

  it("has a name of its own where a variable has it", () => {
    const { shape, names, held } = heldBy(2, 1);
    shape.link(names, held[0] ?? 0);
    shape.fill(held[0] ?? 0, 30, "str", 100);
    expect(rowsOf(shape).map(({ name, holders }) => [name, holders])).toEqual([["item 0", null]]);
  });

  it("is told of long chains of shared objects without a stack, and of many sets", () => {
    const { shape, holders } = heldBy(2, 1);
    let before = 0;
    for (let i = 0; i < 100_000; ++i) {
      const item = shape.add("node", "Node", 100, holders[i % 2] ?? 0);
      shape.link(holders[(i + 1) % 2] ?? 0, item);
      if (i > 0) {
        shape.link(before, item);
        shape.link(item, before);
      }
      before = item;
    }
    expect(rowsOf(shape)[0]).toMatchObject({ bytes: 10_000_100, count: 100_001, items: 100_001 });
    const many = new Shape();
    const module = many.add("app", "module", 10, null);
    const lists = Array.from({ length: 120 }, (_, i) => many.add(`list ${i}`, "list", 10, module));
    lists.forEach((a, i) => {
      for (const b of lists.slice(0, i)) for (let n = 0; n < 2; ++n) many.link(b, many.add("x", "str", 1, a));
    });
    const rows = rowsOf(many, 0).filter(({ items }) => items !== null);
    expect(rows).toHaveLength((120 * 119) / 2);
    expect(new Set(rows.map(({ holders: of }) => of?.join())).size).toBe(rows.length);
    expect(rows.every(({ items, bytes }) => items === 2 && bytes === 2)).toBe(true);
  });
});
