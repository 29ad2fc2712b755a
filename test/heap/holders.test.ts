import { describe, expect, it } from "vitest";
import { holdersOfType, type Labels, Paths } from "../../src/heap/index.ts";
import { graphOf, treeOf } from "./graphs.ts";
import { Shape } from "./shapes.ts";

function holdersIn(shape: Shape, type: string) {
  const graph = graphOf(shape.drawing);
  const labels: Labels = {
    rootAlike: () => null,
    nodeAlike: () => null,
    rootName: (root) => shape.names[shape.drawing.roots[root]?.[0] ?? 0] ?? "?",
    edgeName: (_, to) => shape.names[to] ?? "?",
    qualifiedName: (node) =>
      /^\w+(\.\w+)+$/.test(shape.names[node] ?? "") ? (shape.names[node] ?? "") : null,
    typeName: (node) => shape.typeName(shape.drawing.types[node] ?? 0),
  };
  const paths = new Paths(graph, treeOf(graph), labels);
  const number = shape.drawing.types.find((candidate) => shape.typeName(candidate) === type) ?? -1;
  const answer = holdersOfType(graph, paths, labels, number);
  return answer.rows.map(({ path, byType, count, bytes }) => [path, byType, count, bytes]);
}

describe("holders of a type", () => {
  it("are paths with items folded, and holders' types for what is scattered", () => {
    const shape = new Shape();
    const names = shape.add("", "namespace", 232, shape.add("app", "module", 72, null));
    const results = shape.add(".results", "list", 800, shape.add("app.Profiler", "type", 1064, names));
    for (let i = 0; i < 300; ++i) shape.add(`[${i}]`, "tuple", 56, results);
    for (let i = 0; i < 200; ++i)
      shape.add(
        ".co_consts",
        "tuple",
        64,
        shape.add(".__code__", "code", 200, shape.add(`.f${i}`, "function", 160, names)),
      );
    shape.add(".lone", "tuple", 40, names);
    expect(holdersIn(shape, "tuple")).toEqual([
      ["app.Profiler.results[*]", false, 300, 300 * 56],
      ["<code>.co_consts", true, 200, 200 * 64],
      ["<module>.lone", true, 1, 40],
    ]);
  });

  it("keep the places in an object, and the levels of items", () => {
    const shape = new Shape();
    const cache = shape.add(".cache", "dict", 800, shape.add("app", "module", 72, null));
    for (let i = 0; i < 50; ++i) {
      // A record's parts have places, not indices.
      const record = shape.add(`['${i}']`, "record", 56, cache);
      shape.add("[0]", "str", 50, record);
      const inner = shape.add("[1]", "list", 56, record);
      shape.add("[0]", "str", 50, inner);
      shape.add("[1]", "str", 50, inner);
    }
    expect(holdersIn(shape, "str")).toEqual([
      ["app.cache[*][1][*]", false, 100, 5000],
      ["app.cache[*][0]", false, 50, 2500],
    ]);
    const rows = shape.add(".rows", "list", 800, 0);
    for (let i = 0; i < 5; ++i) shape.fill(shape.add(`[${i}]`, "list", 80, rows), 2, "float", 24);
    for (let i = 5; i < 15; ++i) shape.add(`[${i}]`, "float", 24, rows);
    shape.names.forEach((name, node) => {
      shape.names[node] = name.replace(/^item (\d+)$/, "[$1]");
    });
    expect(holdersIn(shape, "float")).toEqual([
      ["app.rows[*]", false, 10, 240],
      ["app.rows[*][*]", false, 10, 240],
    ]);
  });

  it("are one for a list of links, however long", () => {
    const shape = new Shape();
    let node = shape.add("app", "module", 72, null);
    for (let i = 0; i < 5000; ++i) node = shape.add(".next", "Node", 48, node);
    expect(holdersIn(shape, "Node")).toEqual([["app.next", false, 5000, 5000 * 48]]);
  });

  it("have paths of bounded length, whatever the depth", () => {
    const shape = new Shape();
    let node = shape.add("app", "module", 72, null);
    for (let i = 0; i < 5000; ++i) node = shape.add(i % 2 === 0 ? ".a" : ".b", "Node", 48, node);
    const rows = holdersIn(shape, "Node");
    expect(rows[0]).toEqual([`app${".a.b".repeat(25)}…`, false, 4950, 4950 * 48]);
    expect(rows.map(([path]) => path).slice(1)).toEqual(["<Node>.b", "<Node>.a", "<module>.a"]);
  });

  it("of no object are none", () => {
    const shape = new Shape();
    shape.add("app", "module", 72, null);
    expect(holdersIn(shape, "tuple")).toEqual([]);
  });
});
