import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildGraph, dominatorOf, type RetainedTree, retainedBy } from "../../src/heap/index.ts";
import { type Drawing, drawings, graphOf, naiveLayers, naiveReach, treeOf } from "./graphs.ts";

// The least node of each group that no garbage outside it points to, from who reaches whom.
function naiveGarbageRoots(drawing: Drawing, layers: readonly (number | null)[]): number[] {
  const garbage = [...layers.keys()].filter((node) => layers[node] === null);
  const reach = new Map(garbage.map((node) => [node, naiveReach(drawing, layers, [node], null)]));
  return garbage.filter((node) =>
    garbage.every((other) => !reach.get(other)?.has(node) || (reach.get(node)?.has(other) && node <= other)),
  );
}

// Dominators by their definition: what is not reached any more when one node is left out, in O(nodes · edges).
function naiveHeld(drawing: Drawing): { held: Set<number>[]; garbageRoots: number[] } {
  const layers = naiveLayers(drawing);
  const garbageRoots = naiveGarbageRoots(drawing, layers);
  const starts = (layer: number | null) =>
    layer === null
      ? garbageRoots
      : drawing.roots.filter(([node, kind]) => kind === layer && layers[node] === kind).map(([node]) => node);
  const held = layers.map((layer, node) => {
    const all = naiveReach(drawing, layers, starts(layer), null);
    const left = naiveReach(drawing, layers, starts(layer), node);
    return new Set([...all].filter((other) => !left.has(other)));
  });
  return { held, garbageRoots };
}

function heldIn(tree: RetainedTree, node: number): Set<number> {
  const start = tree.positions[node] ?? 0;
  return new Set(tree.order.subarray(start, start + (tree.spans[start] ?? 0)));
}

// Sizes of the chains, combs and ladders: deep enough to overflow any recursion.
const DEEP = 1_000_000;

function bigGraph(nodes: number, pairs: Uint32Array) {
  return buildGraph(
    {
      sizes: new Uint32Array(nodes).fill(16),
      types: new Uint32Array(nodes),
      typeCount: 1,
      roles: new Uint8Array(nodes),
    },
    { nodes: Uint32Array.of(0), kinds: Uint8Array.of(0), kindCount: 1 },
    [pairs],
  );
}

describe("dominators", () => {
  it("are those of the definition", () => {
    fc.assert(
      fc.property(drawings, (drawing) => {
        const tree = treeOf(graphOf(drawing));
        const naive = naiveHeld(drawing);
        expect([...tree.garbageRoots]).toEqual(naive.garbageRoots);
        for (let node = 0; node < drawing.nodes; ++node) expect(heldIn(tree, node)).toEqual(naive.held[node]);
      }),
      { numRuns: 2000 },
    );
  });

  it("do not depend on the order of edges", () => {
    const shuffled = drawings.chain((drawing) =>
      fc.record({
        drawing: fc.constant(drawing),
        edges: fc.shuffledSubarray([...drawing.edges], { minLength: drawing.edges.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ drawing, edges }) => {
        const tree = treeOf(graphOf(drawing));
        const other = treeOf(graphOf({ ...drawing, edges }));
        for (let node = 0; node < drawing.nodes; ++node) {
          expect(dominatorOf(other, node)).toEqual(dominatorOf(tree, node));
          expect(retainedBy(other, node)).toEqual(retainedBy(tree, node));
        }
      }),
    );
  });

  it("of a chain are a chain", () => {
    const pairs = new Uint32Array(2 * DEEP);
    for (let i = 0; i < DEEP; ++i) pairs.set([i, i + 1], 2 * i);
    const tree = treeOf(bigGraph(DEEP + 1, pairs));
    expect(retainedBy(tree, 0)).toEqual({ bytes: 16 * (DEEP + 1), count: DEEP + 1 });
    expect(retainedBy(tree, DEEP)).toEqual({ bytes: 16, count: 1 });
    expect(dominatorOf(tree, DEEP)).toBe(DEEP - 1);
  });

  it("of a star are its middle", () => {
    const pairs = new Uint32Array(2 * DEEP);
    for (let i = 0; i < DEEP; ++i) pairs.set([0, i + 1], 2 * i);
    const tree = treeOf(bigGraph(DEEP + 1, pairs));
    expect(retainedBy(tree, 0).count).toBe(DEEP + 1);
    expect(dominatorOf(tree, DEEP)).toBe(0);
  });

  it("of a comb are its back", () => {
    // 0 → 2 → 4 …, each with a tooth, and all teeth point to the last node.
    const nodes = DEEP + 1;
    const pairs: number[] = [];
    for (let i = 0; i + 2 < DEEP; i += 2) pairs.push(i, i + 2, i, i + 1, i + 1, DEEP);
    const tree = treeOf(bigGraph(nodes, Uint32Array.from(pairs)));
    expect(dominatorOf(tree, 501)).toBe(500);
    expect(dominatorOf(tree, 500)).toBe(498);
    expect(dominatorOf(tree, DEEP)).toBe(0);
  });

  it("of ladders that make a simpler algorithm quadratic", () => {
    // A chain of 0 … half, and from every node of it an edge to the mirror node of a second chain that runs back up.
    const half = DEEP / 2;
    const pairs: number[] = [];
    for (let i = 0; i + 1 < half; ++i) pairs.push(i, i + 1, half + i + 1, half + i);
    for (let i = 0; i < half; ++i) pairs.push(i, half + i);
    pairs.push(half - 1, DEEP - 1);
    const tree = treeOf(bigGraph(DEEP, Uint32Array.from(pairs)));
    // Node half + i is reached from i and from half + i + 1, and that from i + 1 …: all ways part at i.
    for (const i of [1, 77, half - 2]) expect(dominatorOf(tree, half + i)).toBe(i);
    expect(dominatorOf(tree, half - 1)).toBe(half - 2);
  });

  it("gives a cycle of garbage one root, and what it alone holds", () => {
    // 0 is live; 1 ⇄ 2 is a cycle that holds 3 and points into live memory; nothing points to 4.
    const graph = graphOf({
      nodes: 5,
      edges: [
        [2, 1],
        [1, 2],
        [2, 3],
        [2, 0],
      ],
      roots: [[0, 0]],
    });
    const tree = treeOf(graph);
    expect([...tree.garbageRoots]).toEqual([1, 4]);
    expect(retainedBy(tree, 1)).toEqual({ bytes: 48, count: 3 });
    expect(retainedBy(tree, 0)).toEqual({ bytes: 16, count: 1 });
  });
});
