import { expect, it } from "vitest";
import { groupHeads } from "../../src/heap/index.ts";
import { Role } from "../../src/terms/index.ts";
import { graphOf, treeOf } from "./graphs.ts";

// Of kind 1: three heads of type 3, two of which hold one of type 4 each, and one of type 5; of kind 0 one of type 3.
const graph = graphOf({
  nodes: 7,
  edges: [
    [0, 4],
    [1, 5],
  ],
  roots: [...[0, 1, 2, 3].map((node): [number, number] => [node, 1]), [6, 0]],
  sizes: [10, 10, 20, 25, 100, 200, 7],
  types: [3, 3, 3, 5, 4, 4, 3],
  roles: new Array(7).fill(Role.attributes),
});
const tree = treeOf(graph);

it("what a root kind holds is told by the types of its heads, the most first", () => {
  expect(groupHeads(graph, tree, 1, Number.POSITIVE_INFINITY)).toEqual([
    {
      ...{ type: 3, heads: 3, bytes: 340, count: 5, blockBytes: 0, examples: [0, 1, 2] },
      holds: [
        { type: 4, count: 2, bytes: 300 },
        { type: 3, count: 3, bytes: 40 },
      ],
    },
    {
      ...{ type: 5, heads: 1, bytes: 25, count: 1, blockBytes: 0, examples: [3] },
      holds: [{ type: 5, count: 1, bytes: 25 }],
    },
  ]);
});

it("heads that are owners by themselves are left out", () => {
  const heads = (least: number) => groupHeads(graph, tree, 1, least).map(({ type, bytes }) => [type, bytes]);
  expect(heads(211)).toEqual([
    [3, 340],
    [5, 25],
  ]);
  expect(heads(210)).toEqual([
    [3, 130],
    [5, 25],
  ]);
  expect(heads(25)).toEqual([[3, 20]]);
  expect(heads(0)).toEqual([]);
});
