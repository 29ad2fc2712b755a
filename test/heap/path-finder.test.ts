import { expect, it } from "vitest";
import { type HeldLabels, PathFinder, Paths } from "../../src/heap/index.ts";
import { Role } from "../../src/terms/index.ts";
import { graphOf, treeOf } from "./graphs.ts";
import { Shape } from "./shapes.ts";

/** Names of nodes are pieces of paths; those of modules and of what has dots inside are names of their own. */
function finderOf(shape: Shape, graph = graphOf(shape.drawing)) {
  const { roots } = shape.drawing;
  const name = (node: number) => shape.names[node] ?? "?";
  const labels: HeldLabels = {
    rootAlike: (root) => {
      const found = /^<thread (\d+) (.*)$/.exec(name(roots[root]?.[0] ?? 0));
      return found && { name: `<threads in ${found[2]}`, which: Number(found[1]) };
    },
    nodeAlike: () => null,
    rootName: (root) => name(roots[root]?.[0] ?? 0),
    edgeName: (_, to) => name(to),
    qualifiedName: (node) => (/^\w+(\.\w+)+$/.test(name(node)) ? name(node) : null),
    typeName: () => "T",
    *held(from) {
      for (let edge = graph.edges.firsts[from] ?? 0; edge < (graph.edges.firsts[from + 1] ?? 0); edge += 1)
        yield { node: graph.edges.ends[edge] ?? 0, name: name(graph.edges.ends[edge] ?? 0), part: "" };
    },
  };
  const tree = treeOf(graph);
  return new PathFinder(graph, tree, labels, new Paths(graph, tree, labels));
}

/** A module `app` with a cache, whose keys are what paths are made of, and a class. */
function app() {
  const shape = new Shape();
  const module = shape.add("app", "module", 72, null);
  const names = shape.add("", "namespace", 232, module);
  const cache = shape.add(".cache", "dict", 100, names);
  const caches = shape.add(".caches", "dict", 100, names);
  const odd = shape.add("['a'].b", "T", 16, cache);
  const quoted = shape.add(`["['a'].b"]`, "T", 16, cache);
  const thing = shape.add("['a']", "T", 16, cache);
  const own = shape.add("", "namespace", 16, thing);
  const inner = shape.add(".b", "T", 16, own);
  const type = shape.add("app.Thing", "type", 16, names);
  const limit = shape.add(".limit", "T", 16, type);
  return { shape, module, names, cache, caches, odd, quoted, thing, own, inner, type, limit };
}

it("leads from a root or a qualified name over what has no name", () => {
  const { shape, module, cache, caches, quoted, thing, type, limit } = app();
  const finder = finderOf(shape);
  const nodes = (path: string) => finder.find(path).nodes;
  expect(nodes("app")).toEqual([module]);
  expect(nodes("app.cache")).toEqual([cache]);
  expect(nodes("app.caches")).toEqual([caches]);
  expect(nodes("app.cache['a']")).toEqual([thing]);
  expect(nodes(`app.cache["['a'].b"]`)).toEqual([quoted]);
  expect(nodes("app.Thing")).toEqual([type]);
  expect(nodes("app.Thing.limit")).toEqual([limit]);
});

it("is that of several where names leave it open", () => {
  const { shape, odd, inner } = app();
  expect(finderOf(shape).find("app.cache['a'].b")).toEqual({
    nodes: [odd, inner],
    others: [],
    reached: "app.cache['a'].b",
    rest: "",
    names: [],
  });
});

it("that leads nowhere says how far it leads, and what is there", () => {
  const finder = finderOf(app().shape);
  expect(finder.find("app.cach")).toEqual({
    nodes: [],
    others: [],
    reached: "app",
    rest: ".cach",
    names: [".cache", ".caches", "app.Thing"],
  });
  expect(finder.find("app.cache['a'].c.d")).toMatchObject({ reached: "app.cache['a']", names: [".b"] });
  expect(finder.find("app.cacheses")).toMatchObject({ reached: "app" });
  expect(finder.find("apple")).toMatchObject({ reached: "", names: ["app.Thing", "app"] });
  expect(finder.find("")).toMatchObject({ nodes: [], reached: "" });
});

it("is that of a cell's content, and the cell's beside", () => {
  const shape = new Shape();
  const inner = shape.add("app.inner", "T", 100, null);
  const cell = shape.add(".<closure x>", "cell", 24, inner);
  const content = shape.add("", "list", 100, cell);
  expect(finderOf(shape).find("app.inner.<closure x>")).toMatchObject({ nodes: [content], others: [cell] });
});

it("of cells in a circle is that of all", () => {
  const shape = new Shape();
  const inner = shape.add("app.inner", "T", 100, null);
  const cell = shape.add(".<closure x>", "cell", 24, inner);
  const other = shape.add("", "cell", 24, cell);
  shape.link(other, cell);
  shape.link(other, other);
  expect(finderOf(shape).find("app.inner.<closure x>")).toMatchObject({ nodes: [cell, other], others: [] });
});

it("goes round in a circle as often as it says", () => {
  const shape = new Shape();
  const node = shape.add(".next", "T", 16, shape.add("app", "module", 72, null));
  const last = shape.add(".next", "T", 16, node);
  shape.link(last, node);
  const finder = finderOf(shape);
  expect(finder.find(`app${".next".repeat(1001)}`).nodes).toEqual([node]);
  expect(finder.find(`app${".next".repeat(1002)}`).nodes).toEqual([last]);
});

it("that is folded is that of all that have it", () => {
  const shape = new Shape();
  const app = shape.add("app", "module", 72, null);
  const list = shape.add(".list", "list", 72, app);
  const first = shape.add(".rows", "T", 16, shape.add("[0]", "T", 16, list));
  const second = shape.add(".rows", "T", 16, shape.add("['*']", "T", 16, list));
  const thing = shape.add("[0]", "T", 16, app);
  shape.add(".other", "T", 16, shape.add(".<key>", "T", 16, list));
  const finder = finderOf(shape);
  expect(finder.find("app.list[*].rows").nodes).toEqual([first, second]);
  expect(finder.find("app.list['*'].rows").nodes).toEqual([second]);
  expect(finder.find("app.list[*].other").nodes).toEqual([]);
  // Only containers have items.
  expect(finder.find("app[*]").nodes).toEqual([]);
  expect(finder.find("app[0]").nodes).toEqual([thing]);
});

it("that is one of several threads' is that of all of these", () => {
  const shape = new Shape();
  const one = shape.add("<thread 7 f app.py:1>.rows", "list", 16, null);
  const two = shape.add("<thread 8 f app.py:1>.rows", "list", 16, null);
  shape.add("<thread 9 g app.py:1>.rows", "list", 16, null);
  const finder = finderOf(shape);
  expect(finder.find("<2 threads in f app.py:1>.rows").nodes).toEqual([one, two]);
  expect(finder.find("<1 thread in f app.py:1>.rows").nodes).toEqual([one, two]);
  expect(finder.find("<thread 8 f app.py:1>.rows").nodes).toEqual([two]);
  expect(finder.find("<2 threads in h app.py:1>.rows")).toMatchObject({
    ...{ nodes: [], reached: "", rest: "<threads in h app.py:1>.rows" },
    names: ["<threads in f app.py:1>.rows", "<threads in g app.py:1>.rows"],
  });
});

it("of garbage starts at any of its roots", () => {
  const shape = new Shape();
  shape.add("app", "module", 72, null);
  const [one, two] = [shape.add(".x", "T", 16, 0), shape.add(".y", "T", 16, 0)];
  const graph = graphOf({
    ...shape.drawing,
    edges: [
      [one, two],
      [two, one],
    ],
  });
  const { nodes } = finderOf(shape, graph).find("<garbage>");
  expect(nodes).toEqual([one]);
  expect(finderOf(shape, graph).find("<garbage>.y").nodes).toEqual([two]);
});

it("that very many have is that of all, asked for no printed ones", () => {
  const shape = new Shape();
  const set = shape.add(".items", "T", 100, shape.add("app", "module", 72, null));
  for (let n = 0; n < 1001; n += 1) shape.add(".<item>", "T", 16, set);
  shape.link(0, set + 1);
  const { nodes } = finderOf(shape).find("app.items.<item>");
  expect(nodes).toHaveLength(1001);
});

it("is printed the same way, where more have it and are printed otherwise", () => {
  const shape = new Shape();
  const root = shape.add("app", "module", 72, null);
  const set = shape.add(".items", "T", 100, root);
  const all = [0, 1, 2].map(() => shape.add(".<item>", "T", 16, set));
  shape.link(root, all[1] ?? 0);
  // The second is app.<item>, which is shorter.
  expect(finderOf(shape).find("app.items.<item>").nodes).toEqual([all[0], all[2]]);
});

it("of a block of native memory is the block's, and beside it that of what is inside", () => {
  const shape = new Shape();
  const module = shape.add("app", "module", 72, null);
  const block = shape.add(".<native memory>", "block", 4096, module);
  const inside = shape.add("", "T", 16, block);
  const drawn = graphOf(shape.drawing);
  const graph = { ...drawn, objects: block, roles: Uint8Array.of(Role.scope, Role.part, Role.attributes) };
  expect(finderOf(shape, graph).find("app.<native memory>")).toMatchObject({
    nodes: [block],
    others: [inside],
  });
});
