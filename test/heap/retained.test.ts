import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dominatorOf, heldBy, retainedBy, retainedByKind } from "../../src/heap/index.ts";
import { drawings, graphOf, naiveLayers, treeOf } from "./graphs.ts";

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe("retained sizes", () => {
  it("of root kinds and garbage are what each reaches first, and sum to the heap", () => {
    fc.assert(
      fc.property(drawings, (drawing) => {
        const tree = treeOf(graphOf(drawing));
        const layers = naiveLayers(drawing);
        const sizes = drawing.sizes ?? [];
        const byKind = retainedByKind(tree);
        // Kinds that have no roots too, and garbage.
        expect(byKind).toHaveLength(4);
        expect(sum(byKind.map(({ bytes }) => bytes))).toBe(sum(sizes));
        expect(sum(byKind.map(({ count }) => count))).toBe(drawing.nodes);
        expect(retainedBy(tree, tree.nodes)).toEqual({ bytes: sum(sizes), count: drawing.nodes });
        byKind.forEach((held, kind) => {
          const layer = kind === tree.kinds ? null : kind;
          const inside = sizes.filter((_, node) => layers[node] === layer);
          expect(held).toEqual({ bytes: sum(inside), count: inside.length });
        });
      }),
    );
  });

  it("of what a node holds sum to what it retains, less itself", () => {
    fc.assert(
      fc.property(drawings, (drawing) => {
        const tree = treeOf(graphOf(drawing));
        for (let node = 0; node < drawing.nodes; ++node) {
          const below = heldBy(tree, node, drawing.nodes).map((child) => retainedBy(tree, child));
          const all = retainedBy(tree, node);
          expect(sum(below.map(({ bytes }) => bytes))).toBe(all.bytes - (drawing.sizes?.[node] ?? 0));
          expect(sum(below.map(({ count }) => count))).toBe(all.count - 1);
        }
      }),
    );
  });

  it("of objects beyond 4 GiB are exact", () => {
    const graph = {
      ...graphOf({ nodes: 2, edges: [[0, 1]], roots: [[0, 0]] }),
      sizes: Float64Array.of(2 ** 40, 1),
    };
    expect(retainedBy(treeOf(graph), 0).bytes).toBe(2 ** 40 + 1);
  });

  it("come biggest first, then by node, however many there are", () => {
    const nodes = 5000;
    const tree = treeOf(
      graphOf({
        nodes,
        edges: Array.from({ length: nodes - 1 }, (_, i) => [0, i + 1] as const),
        roots: [[0, 0]],
        sizes: Array.from({ length: nodes }, (_, i) => (i * 7919) % 2500),
      }),
    );
    const naive = Array.from({ length: nodes - 1 }, (_, i) => i + 1).sort(
      (a, b) => ((b * 7919) % 2500) - ((a * 7919) % 2500) || a - b,
    );
    expect(heldBy(tree, 0, 7)).toEqual(naive.slice(0, 7));
  });

  it("are of the object without which nothing would hold one, where there is one", () => {
    // 1 has 2 and 3, which both have 4; both roots have 5.
    const edges = [
      [0, 5],
      [1, 5],
      [1, 2],
      [1, 3],
      [2, 4],
      [3, 4],
    ] as const;
    const tree = treeOf(
      graphOf({
        nodes: 6,
        edges,
        roots: [
          [0, 0],
          [1, 0],
        ],
      }),
    );
    expect([0, 1, 2, 3, 4, 5].map((node) => dominatorOf(tree, node))).toEqual([null, null, 1, 1, 1, null]);
    expect(heldBy(tree, 1, 10)).toEqual([2, 3, 4]);
    expect(retainedBy(tree, 1)).toEqual({ bytes: 64, count: 4 });
  });
});
