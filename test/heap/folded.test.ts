import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseOwners, foldOwners, together } from "../../src/heap/index.ts";
import { Role } from "../../src/terms/index.ts";
import { drawings, graphOf, naiveLayers, naiveReach, treeOf } from "./graphs.ts";
import { Shape } from "./shapes.ts";

describe("owners that are alike", () => {
  const cases = drawings.chain((drawing) => {
    const { nodes } = drawing;
    const roles = [Role.items, Role.attributes, Role.scope, Role.part];
    return fc.record({
      drawing: fc.constant(drawing),
      roles: fc.array(fc.constantFrom(...roles), { minLength: nodes, maxLength: nodes }),
      keys: fc.array(fc.constantFrom("a", "b", "c"), { minLength: nodes, maxLength: nodes }),
    });
  });

  it("are one, with the sum of what they have, and what goes with any of them once", () => {
    let several = 0;
    fc.assert(
      fc.property(cases, ({ drawing, roles, keys }) => {
        const shape = { ...drawing, roles };
        const graph = graphOf(shape);
        const tree = treeOf(graph);
        const owners = chooseOwners(graph, tree, 1);
        const layers = naiveLayers(drawing);
        // What is reached without a node, in its own layer.
        const without = (node: number) => {
          const starts = drawing.roots
            .filter(([start, kind]) => kind === layers[start])
            .map(([start]) => start);
          return naiveReach(drawing, layers, starts, node);
        };
        const all = without(-1);
        const folded = foldOwners(tree, owners, ({ node }) => keys[node] ?? "");
        expect(folded.flatMap(({ members }) => members).length).toBe(owners.rows.length);
        for (const { members, ...group } of folded) {
          if (members.length > 1) several += 1;
          expect(group.bytes).toBe(members.reduce((sum, { bytes }) => sum + bytes, 0));
          expect(group.count).toBe(members.reduce((sum, { count }) => sum + count, 0));
          const gone = new Set<number>();
          for (const { node, isSet, set } of members) {
            const nodes =
              isSet && set !== null
                ? [...owners.shared.headsOf(set)].map((head) => tree.order[head] ?? 0)
                : [node];
            for (const one of nodes) {
              const left = without(one);
              for (const other of all) if (!left.has(other)) gone.add(other);
            }
          }
          expect(group.retainedCount).toBe(gone.size);
          const bytes = [...gone].reduce((sum, node) => sum + (drawing.sizes?.[node] ?? 0), 0);
          expect(group.retainedBytes).toBe(bytes);
        }
        const weights = folded.map(({ bytes, blockBytes }) => bytes + blockBytes);
        expect(weights).toEqual([...weights].sort((a, b) => b - a));
      }),
    );
    expect(several).toBeGreaterThan(10);
  });

  it("keep what one has for its own, where it is alone", () => {
    const shape = new Shape();
    shape.fill(shape.add(".rows", "list", 100, shape.add("app", "module", 72, null)), 3, "tuple", 40);
    const graph = graphOf(shape.drawing);
    const tree = treeOf(graph);
    const owners = chooseOwners(graph, tree, 1);
    const [rows] = owners.rows;
    expect(rows && together(tree, owners, [rows])).toEqual({
      members: [rows],
      ...{ bytes: 220, count: 4, blockBytes: 0 },
      ...{ retainedBytes: 220, retainedCount: 4, retainedBlockBytes: 0 },
    });
  });
});

describe("tasks", () => {
  /** So many tasks in a list, each with a buffer. */
  function pending(tasks: number, kept = 50) {
    const shape = new Shape();
    const app = shape.add("app", "module", 10, null);
    const list = shape.add(".pending", "list", 1000, app);
    for (let i = 0; i < tasks; ++i) shape.add(".data", "bytes", kept, shape.add(`[${i}]`, "task", 100, list));
    return { shape, list };
  }

  const ownersOf = (shape: Shape, least: number) => {
    const graph = graphOf(shape.drawing);
    const tree = treeOf(graph);
    return { tree, owners: chooseOwners(graph, tree, least) };
  };

  it("are owners each, in a container and below the least bytes", () => {
    const { shape, list } = pending(20);
    const { owners } = ownersOf(shape, 500);
    expect(owners.rows.length).toBe(21);
    expect(owners.rows[0]).toMatchObject({ node: list, bytes: 1000, count: 1 });
    expect(owners.rows[1]).toMatchObject({ bytes: 150, count: 2 });
  });

  it("are one by their function, and what they have is not their container's", () => {
    const { shape } = pending(20);
    const { tree, owners } = ownersOf(shape, 500);
    const [first, second] = foldOwners(tree, owners, ({ count }) => (count === 2 ? "tasks" : "list"));
    expect([first?.bytes, first?.members.length, first?.retainedCount]).toEqual([3000, 20, 40]);
    expect(second?.bytes).toBe(1000);
  });

  it("hold together what two of them have, as containers do", () => {
    const { shape } = pending(2);
    const index = shape.add(".index", "dict", 1000, 0);
    const tasks = shape.names.flatMap((name, node) => (/^\[\d\]$/.test(name) ? [node] : []));
    const shared = shape.add("both", "list", 700, tasks[0] ?? 0);
    const other = shape.add("both too", "list", 300, tasks[0] ?? 0);
    for (const node of [shared, other]) shape.link(tasks[1] ?? 0, node);
    // In one container alone, what they share is in it.
    for (const task of tasks) shape.link(index, task);
    const { owners } = ownersOf(shape, 500);
    const [set] = owners.rows.filter(({ isSet }) => isSet);
    expect(set).toMatchObject({ bytes: 1000, count: 2 });
    expect(owners.shared.holdersOf(set?.set ?? -1).sort()).toEqual(tasks);
  });
});
