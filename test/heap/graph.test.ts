import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildGraph } from "../../src/heap/index.ts";
import { drawings, graphOf } from "./graphs.ts";

const objects = (nodes: number) => ({
  sizes: new Uint32Array(nodes),
  types: new Uint32Array(nodes),
  typeCount: 1,
  roles: new Uint8Array(nodes),
});
const noRoots = { nodes: new Uint32Array(0), kinds: new Uint8Array(0), kindCount: 0 };

describe("a graph", () => {
  it("has every edge in both directions, in order, from however many chunks", () => {
    fc.assert(
      fc.property(drawings, fc.nat(), ({ nodes, edges }, cut) => {
        const at = cut % (edges.length + 1);
        const chunks = [edges.slice(0, at), edges.slice(at)].map((part) => Uint32Array.from(part.flat()));
        const graph = buildGraph(objects(nodes), noRoots, chunks);
        expect(chunks).toEqual([]);
        for (let node = 0; node < nodes; ++node) {
          const { edges: out, reverse } = graph;
          expect([...out.ends.subarray(out.firsts[node], out.firsts[node + 1])]).toEqual(
            edges.filter(([from]) => from === node).map(([, to]) => to),
          );
          expect([...reverse.ends.subarray(reverse.firsts[node], reverse.firsts[node + 1])]).toEqual(
            edges
              .filter(([, to]) => to === node)
              .map(([from]) => from)
              .sort((a, b) => a - b),
          );
        }
      }),
    );
  });

  it.each([
    ["edge 0 to 3 leaves the 3 nodes", [[0, 3]] as const, [[0, 0]] as const],
    ["edge 4 to 0 leaves the 3 nodes", [[4, 0]] as const, [[0, 0]] as const],
    ["graph: root 3 at 0 is not below 3", [] as const, [[3, 0]] as const],
  ])("refuses: %s", (message, edges, roots) => {
    expect(() => graphOf({ nodes: 3, edges, roots })).toThrow(message);
  });

  it("takes as many nodes as dominators can number, and no more", () => {
    // Nothing is read of sizes before their number is looked at.
    const many = (length: number) => ({ ...objects(0), sizes: { length } as Uint32Array });
    expect(() => buildGraph(many(2 ** 30 - 1023), noRoots, [])).toThrow(
      expect.objectContaining({ code: "limit" }),
    );
    expect(() => buildGraph(many(2 ** 30 - 1024), noRoots, [])).toThrow(
      expect.objectContaining({ code: "format" }),
    );
  });

  it("refuses half a pair, and objects of two lengths", () => {
    expect(() => buildGraph(objects(3), noRoots, [new Uint32Array(3)])).toThrow(
      "edges: 3 numbers are not pairs",
    );
    expect(() => buildGraph({ ...objects(3), roles: new Uint8Array(2) }, noRoots, [])).toThrow(
      "graph: 3 sizes, 3 types, 2 roles",
    );
    expect(() => buildGraph({ ...objects(3), typeCount: 0 }, noRoots, [])).toThrow(
      "graph: type 0 at 0 is not below 0",
    );
  });

  it("refuses roots without kinds, sizes without types, and roles that there are not", () => {
    expect(() => buildGraph(objects(3), { ...noRoots, kinds: new Uint8Array(1) }, [])).toThrow(
      "graph: 0 roots, 1 kinds",
    );
    expect(() => buildGraph({ ...objects(3), types: new Uint32Array(4) }, noRoots, [])).toThrow(
      "graph: 3 sizes, 4 types, 3 roles",
    );
    expect(() => buildGraph({ ...objects(3), roles: Uint8Array.of(3, 4, 5) }, noRoots, [])).toThrow(
      "graph: role 5 at 2 is not below 5",
    );
    expect(buildGraph({ ...objects(3), roles: Uint8Array.of(3, 2, 1) }, noRoots, []).nodes).toBe(3);
  });

  it("of nothing is a graph", () => {
    expect(graphOf({ nodes: 0, edges: [], roots: [] }).nodes).toBe(0);
  });
});
