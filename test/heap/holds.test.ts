import { expect, it } from "vitest";
import { chooseOwners, garbageHolds, holdsOf } from "../../src/heap/index.ts";
import { Role } from "../../src/terms/index.ts";
import { graphOf, treeOf } from "./graphs.ts";

// A scope with five items, a container of its own with two, and two objects that nothing reaches.
const graph = graphOf({
  nodes: 11,
  edges: [
    ...[1, 2, 3, 4, 5, 6].map((node) => [0, node] as const),
    ...[7, 8].map((node) => [6, node] as const),
    [9, 10],
  ],
  roots: [[0, 0]],
  sizes: [16, 40, 20, 20, 40, 90, 1000, 40, 40, 24, 32],
  types: [5, 4, 2, 2, 1, 0, 5, 4, 4, 6, 7],
  roles: [Role.scope, ...new Array(10).fill(Role.items)],
});
const tree = treeOf(graph);

it("what an owner keeps comes by bytes, then by objects, then by type, without what owners in it have", () => {
  const owners = chooseOwners(graph, tree, 1);
  const whole = chooseOwners(graph, tree, 500);
  const of = (answer: typeof owners, node: number) => {
    const owner = answer.rows.find((row) => row.node === node);
    return (
      owner && holdsOf(graph, tree, [owner], answer).map(({ type, count, bytes }) => [type, count, bytes])
    );
  };
  expect(of(owners, 0)).toEqual([[5, 1, 16]]);
  expect(of(owners, 6)).toEqual([
    [5, 1, 1000],
    [4, 2, 80],
  ]);
  expect(of(whole, 6)).toEqual(of(owners, 6));
  const [owner] = owners.rows.filter(({ node }) => node === 0);
  const alone =
    owner && holdsOf(graph, tree, [owner], { ...owners, starts: Uint32Array.of(tree.positions[6] ?? 0) });
  expect(alone?.map(({ type, count, bytes }) => [type, count, bytes])).toEqual([
    [0, 1, 90],
    [2, 2, 40],
    [1, 1, 40],
    [4, 1, 40],
    [5, 1, 16],
  ]);
});

it("what no root reaches is counted without the node that stands for it", () => {
  expect(garbageHolds(graph, tree)).toEqual([
    { type: 7, count: 1, bytes: 32 },
    { type: 6, count: 1, bytes: 24 },
  ]);
});
