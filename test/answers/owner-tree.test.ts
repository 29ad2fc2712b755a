import { expect, it } from "vitest";
import type { OwnerGroup } from "../../src/answers/owner-groups.ts";
import { nestOwners } from "../../src/answers/owner-tree.ts";
import type { RetainedTree } from "../../src/heap/index.ts";

/** Nodes are their positions; each has the given end. */
function treeOf(ends: readonly number[]): RetainedTree {
  const positions = Uint32Array.from(ends, (_, node) => node);
  return {
    nodes: ends.length,
    kinds: 1,
    order: positions,
    positions,
    parents: new Uint32Array(ends.length),
    spans: Uint32Array.from(ends, (end, node) => end - node),
    bytes: new Float64Array(ends.length),
    garbageRoots: new Uint32Array(0),
    objects: ends.length,
    blockPositions: new Uint32Array(0),
    blockBytes: new Float64Array(1),
  };
}

const alike = (nodes: readonly number[], retainedBytes: number): OwnerGroup => ({
  members: nodes.map((node) => ({
    ...{ node, bytes: 1, count: 1, retainedBytes: 1, retainedCount: 1, set: null, isSet: false },
    ...{ blockBytes: 0, retainedBlockBytes: 0 },
  })),
  ...{ like: "", bytes: 1, count: 1, blockBytes: 0, retainedBytes, retainedCount: 1, retainedBlockBytes: 0 },
});

const owner = (node: number, retainedBytes: number): OwnerGroup => alike([node], retainedBytes);

it("puts owners below those that hold them, the largest first", () => {
  const tree = treeOf([8, 4, 3, 4, 8, 6, 6, 8]);
  const owners = [owner(5, 20), owner(1, 30), owner(2, 10), owner(4, 60), owner(7, 25)];
  const nested = (depth: number, most = 10) =>
    nestOwners(tree, owners, depth, most).map((row) => `${row.depth} ${row.group.members[0]?.node}`);
  expect(nested(3)).toEqual(["0 4", "1 7", "1 5", "0 1", "1 2"]);
  expect(nested(1)).toEqual(["0 4", "0 1"]);
  expect(nested(3, 1)).toEqual(["0 4", "1 7"]);
});

it("puts those that retain as much in the order of their numbers", () => {
  // Positions run against the numbers.
  const tree = { ...treeOf([6, 6, 5, 4, 3, 2]), positions: Uint32Array.of(0, 5, 4, 3, 2, 1) };
  const spans = { ...tree, spans: Uint32Array.of(6, 1, 1, 1, 1, 1) };
  const owners = [3, 1, 4, 2].map((node) => owner(node, 7));
  expect(nestOwners(spans, owners, 1, 9).map((row) => row.group.members[0]?.node)).toEqual([1, 2, 3, 4]);
});

it("puts what is alike where its first is, and what is in any of them below it once", () => {
  const tree = treeOf([10, 4, 3, 4, 7, 6, 7, 8, 9, 10]);
  const owners = [alike([1, 4], 50), alike([2, 5], 20), owner(7, 5)];
  expect(
    nestOwners(tree, owners, 3, 9).map(({ depth, group }) => `${depth} ${group.members.length}`),
  ).toEqual(["0 2", "1 2", "0 1"]);
});
