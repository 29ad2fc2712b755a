import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  findDominators,
  type Graph,
  type Loose,
  retain,
  retainedBy,
  weaveGraph,
} from "../../src/heap/index.ts";
import { drawings, graphOf, naiveLayers, treeOf } from "./graphs.ts";

const BLOCKS = 6;
/** Of the kinds of drawings, which are three, the last is for what nothing was found to hold. */
const LAST = 2;

function looseOf(
  exact: readonly (readonly [number, number])[],
  inner: readonly (readonly [number, number])[],
  roots: readonly (readonly [block: number, kind: number, inner: number, weak: number])[] = [],
): Loose {
  return {
    bytes: new Float64Array(BLOCKS).fill(1000),
    exact: Uint32Array.from(exact.flat()),
    inner: Uint32Array.from(inner.flat()),
    roots: {
      blocks: Uint32Array.from(roots, ([block]) => block),
      kinds: Uint8Array.from(roots, ([, kind]) => kind),
      inner: Uint8Array.from(roots, ([, , isInner]) => isInner),
      weak: Uint8Array.from(roots, ([, , , weak]) => weak),
    },
    lastKind: LAST,
  };
}

function weaveOver({ sizes, types, typeCount, roles, roots }: Graph, edges: Uint32Array, loose: Loose) {
  const withRoom = (column: Iterable<number>) => Uint32Array.of(...column, ...new Array(BLOCKS).fill(0));
  const objects = { sizes: withRoom(sizes), types: withRoom(types), typeCount, roles };
  return weaveGraph(objects, roots, [edges], loose);
}

/** Objects 0, 1, 2; 0 is the only root, and the others are held by nothing that is known. */
function woven(loose: Loose, edges: readonly (readonly [number, number])[] = []) {
  return weaveOver(graphOf({ nodes: 3, edges, roots: [[0, 0]] }), Uint32Array.from(edges.flat()), loose);
}

/** The same where 1 is the only root. */
function wovenFromSecond(loose: Loose, edges: readonly (readonly [number, number])[]) {
  return weaveOver(graphOf({ nodes: 3, edges, roots: [[1, 0]] }), Uint32Array.from(edges.flat()), loose);
}

function edgesOf({ edges, nodes }: ReturnType<typeof woven>): string[] {
  const found: string[] = [];
  for (let node = 0; node < nodes; node += 1)
    for (let i = edges.firsts[node] ?? 0; i < (edges.firsts[node + 1] ?? 0); i += 1)
      found.push(`${node}-${edges.ends[i]}`);
  return found;
}

const [A, B, C, D] = [3, 4, 5, 6] as const;

describe("blocks of memory that are no objects", () => {
  it("are nodes where something leads to them, and hold what nothing else does", () => {
    const graph = woven(
      looseOf(
        [
          [0, A],
          [A, B],
          [B, 1],
          [C, 2],
        ],
        [],
      ),
      [[1, 2]],
    );
    expect([...graph.blocks]).toEqual([0, 1]);
    expect(edgesOf(graph)).toEqual(["0-3", "1-2", "3-4", "4-1"]);
    const tree = retain(graph, findDominators(graph));
    expect(retainedBy(tree, 0)).toEqual({ bytes: 48, count: 3 });
  });

  it("take nothing from what roots reach without them, nor does what they alone hold", () => {
    const graph = woven(
      looseOf(
        [
          [0, A],
          [A, 1],
          [A, 2],
        ],
        [],
      ),
      [
        [0, 1],
        [2, 1],
      ],
    );
    expect(edgesOf(graph)).toEqual(["0-1", "0-3", "3-2"]);
  });

  it("hold what an object leads to as well that no root reaches, the first one too", () => {
    const loose = looseOf(
      [
        [1, A],
        [A, 2],
      ],
      [],
    );
    expect(edgesOf(wovenFromSecond(loose, [[0, 2]]))).toEqual(["0-2", "1-3", "3-2"]);
    expect(edgesOf(wovenFromSecond(loose, [[1, 2]]))).toEqual(["1-2", "1-3"]);
  });

  it("are held by words that lead inside them where no exact one does", () => {
    expect(
      edgesOf(
        woven(
          looseOf(
            [[0, A]],
            [
              [0, B],
              [1, A],
            ],
          ),
        ),
      ),
    ).toEqual(["0-3", "0-4"]);
  });

  it("in a circle do not hold each other instead of what leads inside one", () => {
    expect(
      edgesOf(
        woven(
          looseOf(
            [
              [A, B],
              [B, A],
            ],
            [[0, A]],
          ),
        ),
      ),
    ).toEqual(["0-3", "3-4", "4-3"]);
  });

  it("have roots; weak ones for what nothing else leads to", () => {
    const roots = [
      [0, 1, 0, 0],
      [1, 1, 0, 1],
      [2, 1, 0, 1],
      [0, 1, 1, 0],
      [3, 1, 1, 0],
    ] as const;
    const graph = woven(looseOf([[0, B]], [], roots));
    expect([...graph.blockRoots]).toEqual([0, 2, 4]);
    expect([...graph.blocks].map((block) => block + A)).toEqual([A, B, C, D]);
  });

  it("change nothing of what roots reach by objects alone, and are kept where anything leads to them", () => {
    const pairs = fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 24 });
    fc.assert(
      fc.property(drawings, pairs, pairs, (drawing, exact, inner) => {
        const all = drawing.nodes + BLOCKS;
        const inRange = (some: [number, number][]) => some.map(([a, b]) => [a % all, b % all] as const);
        const exacts = inRange(exact).filter(([from, to]) => from !== to);
        const inners = inRange(inner).filter(([from, to]) => to >= drawing.nodes && from !== to);
        const plain = graphOf(drawing);
        const loose = looseOf(exacts, inners);
        const graph = weaveOver(plain, Uint32Array.from(drawing.edges.flat()), loose);
        const [before, after] = [findDominators(plain), findDominators(graph)];
        const dominatorsIn = ({ nodes, dominators }: typeof before, made: number) =>
          new Map(
            Array.from(nodes, (node, number) => [
              node,
              (nodes[dominators[number] ?? 0] ?? 0) -
                ((nodes[dominators[number] ?? 0] ?? 0) >= made ? made : 0),
            ]),
          );
        const [old, now] = [dominatorsIn(before, plain.nodes), dominatorsIn(after, graph.nodes)];
        naiveLayers(drawing).forEach((layer, node) => {
          if (layer !== null && layer < LAST) expect(now.get(node)).toBe(old.get(node));
        });
        const reached = new Set<number>();
        const steps = [...exacts, ...inners];
        for (let size = -1; size !== reached.size; ) {
          size = reached.size;
          for (const [from, to] of steps)
            if (to >= drawing.nodes && (from < drawing.nodes || reached.has(from))) reached.add(to);
        }
        expect([...graph.blocks].map((block) => block + drawing.nodes)).toEqual(
          [...reached].sort((a, b) => a - b),
        );
        const total = retainedBy(treeOf(graph), graph.nodes);
        expect(total).toEqual(retainedBy(treeOf(plain), plain.nodes));
      }),
      { numRuns: 500 },
    );
  });
});

it("refuses objects that leave no room for the blocks", () => {
  const { sizes, types, typeCount, roles, roots } = graphOf({ nodes: 3, edges: [], roots: [] });
  const objects = { sizes, types, typeCount, roles };
  expect(() => weaveGraph(objects, roots, [], looseOf([], []))).toThrow(
    `graph: no room for ${3 + BLOCKS} nodes`,
  );
});
