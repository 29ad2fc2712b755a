import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measureDistances } from "../../src/heap/distances.ts";
import { type Drawing, drawings, graphOf, naiveLayers, treeOf } from "./graphs.ts";

/** Edges from the nearest start of the node's own layer; a start has 0. */
function naiveSteps(
  { edges }: Drawing,
  layers: readonly (number | null)[],
  starts: readonly number[],
): Map<number, number> {
  const steps = new Map(starts.map((node) => [node, 0]));
  const todo = [...steps.keys()];
  for (const node of todo)
    for (const [from, to] of edges)
      if (from === node && layers[to] === layers[node] && !steps.has(to)) {
        steps.set(to, (steps.get(node) ?? 0) + 1);
        todo.push(to);
      }
  return steps;
}

describe("distances", () => {
  it("are the least numbers of edges from a root of the node's layer, plus the layer's offset", () => {
    fc.assert(
      fc.property(drawings, (drawing) => {
        const graph = graphOf(drawing);
        const { garbageRoots } = treeOf(graph);
        const { distances, offsets } = measureDistances(graph, garbageRoots);
        const layers = naiveLayers(drawing);
        const kinds = offsets.length - 1;
        offsets.forEach((offset, kind) => {
          const layer = kind === kinds ? null : kind;
          const rooted = drawing.roots.filter((root) => root[1] === kind).map(([node]) => node);
          const starts = (layer === null ? [...garbageRoots] : rooted).filter(
            (node) => layers[node] === layer,
          );
          const steps = naiveSteps(drawing, layers, starts);
          layers.forEach((own, node) => {
            if (own === layer) expect(distances[node]).toBe(offset + (steps.get(node) ?? -1));
          });
        });
      }),
    );
  });

  it("leave a gap between layers, so that no edge leads one further into the next", () => {
    const graph = graphOf({
      nodes: 4,
      edges: [
        [0, 1],
        [2, 1],
        [2, 3],
      ],
      roots: [
        [0, 0],
        [2, 1],
      ],
    });
    expect(measureDistances(graph, new Uint32Array(0))).toEqual({
      distances: Uint32Array.of(1, 2, 4, 5),
      // Of the third kind there is no root.
      offsets: [1, 4, 7, 7],
    });
  });

  it("start at 1, also where the first kinds have no root", () => {
    const graph = graphOf({ nodes: 2, edges: [[1, 0]], roots: [[1, 2]] });
    expect(measureDistances(graph, new Uint32Array(0))).toEqual({
      distances: Uint32Array.of(2, 1),
      offsets: [1, 1, 1, 4],
    });
  });
});
