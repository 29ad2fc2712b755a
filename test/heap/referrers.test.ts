import { expect, it } from "vitest";
import { type HeldLabels, Paths, ReferrerFinder, type RootWord } from "../../src/heap/index.ts";
import { graphOf, treeOf } from "./graphs.ts";
import { Shape } from "./shapes.ts";

/** What of a shape's edges has a name of its own; the others have their target's. */
type Names = ReadonlyMap<string, readonly string[]>;

const key = (from: number, to: number) => `${from} ${to}`;

function finderOf(
  shape: Shape,
  names: Names = new Map(),
  rootWord: (root: number) => RootWord = () => "none",
  graph = graphOf(shape.drawing),
) {
  const name = (node: number) => shape.names[node] ?? "?";
  const namesOf = (from: number, to: number) => names.get(key(from, to)) ?? [name(to)];
  const labels: HeldLabels = {
    rootName: (root) => name(graph.roots.nodes[root] ?? 0),
    rootAlike: () => null,
    nodeAlike: () => null,
    edgeName: (from, to) => namesOf(from, to)[0] ?? "?",
    qualifiedName: (node) => (/^\w+(\.\w+)+$/.test(name(node)) ? name(node) : null),
    typeName: (node) => shape.typeName(graph.types[node] ?? 0),
    *held(from) {
      const seen = new Set<number>();
      for (let edge = graph.edges.firsts[from] ?? 0; edge < (graph.edges.firsts[from + 1] ?? 0); edge += 1) {
        const node = graph.edges.ends[edge] ?? 0;
        if (!seen.has(node)) for (const each of namesOf(from, node)) yield { node, name: each, part: "" };
        seen.add(node);
      }
    },
  };
  const paths = new Paths(graph, treeOf(graph), labels);
  return new ReferrerFinder(graph, paths, labels, { rootWord, isGuess: (each) => each === ".<a list>" });
}

const texts = (finder: ReferrerFinder, node: number, most = 10) =>
  finder.of(node, most).rows.map(({ path, count }) => `${path} ${count}`);

it("each is a row with its path, and what refers is the object that has the name", () => {
  const shape = new Shape();
  const app = shape.add("app", "module", 72, null);
  const globals = shape.add("", "namespace", 100, app);
  const thing = shape.add(".thing", "T", 16, globals);
  const owner = shape.add(".owner", "T", 16, globals);
  const own = shape.add("", "namespace", 100, owner);
  shape.link(own, thing);
  const list = shape.add(".list", "list", 16, globals);
  shape.link(list, thing);
  const finder = finderOf(
    shape,
    new Map([
      [key(list, thing), ["[3]"]],
      [key(own, thing), [".part"]],
    ]),
  );
  expect(finder.of(thing, 10)).toEqual({
    count: 3,
    rows: [
      { path: "app.list[3]", node: list, count: 1, isGuess: false },
      { path: "app.owner.part", node: owner, count: 1, isGuess: false },
      { path: "app.thing", node: app, count: 1, isGuess: false },
    ],
  });
  expect(finder.of(app, 10)).toEqual({ count: 0, rows: [] });
});

it("items of one container are a row, and attributes a row each", () => {
  const shape = new Shape();
  const app = shape.add("app", "module", 72, null);
  const thing = shape.add(".thing", "T", 16, app);
  const list = shape.add(".list", "list", 16, shape.add(".state", "T", 16, app));
  for (let n = 0; n < 20; n += 1) shape.link(list, thing);
  shape.link(app, thing);
  shape.link(app, thing);
  const names: Names = new Map([
    [key(list, thing), ["[0]"]],
    [key(app, thing), [".one", ".two"]],
  ]);
  // Of three words in the module two have names.
  expect(texts(finderOf(shape, names), thing)).toEqual(["app.state.list[*] 20", "app.one 2", "app.two 1"]);
});

it("those along like paths are a row, with the first that refers", () => {
  const shape = new Shape();
  const app = shape.add("app", "module", 72, null);
  const store = shape.add(".store", "T", 16, app);
  const cache = shape.add(".cache", "dict", 16, app);
  const all: number[] = [];
  for (let n = 0; n < 2000; n += 1) {
    const product = shape.add(`['${n}']`, "Product", 16, cache);
    shape.link(product, store);
    all.push(product);
  }
  const last = shape.add("['last']", "Product", 16, cache);
  shape.link(last, store);
  const names = new Map(all.map((product): [string, string[]] => [key(product, store), [".owner"]]));
  const { rows, count } = finderOf(shape, new Map([...names, [key(last, store), [".other"]]])).of(store, 10);
  expect(count).toBe(2002);
  expect(rows).toEqual([
    { path: "app.cache[*].owner", node: all[0], count: 2000, isGuess: false },
    { path: "app.cache['last'].other", node: last, count: 1, isGuess: false },
    { path: "app.store", node: app, count: 1, isGuess: false },
  ]);
});

it("where there are too many, the small ones go by the type that refers; the rest is counted", () => {
  const shape = new Shape();
  const thing = shape.add(".thing", "T", 16, shape.add("app", "module", 72, null));
  const names = new Map<string, string[]>();
  for (let n = 0; n < 30; n += 1) {
    const module = shape.add(`m${n}`, "module", 72, null);
    const part = shape.add("", "namespace", 16, module);
    shape.link(part, thing);
    names.set(key(part, thing), [n < 25 ? ".name" : `.n${n}`]);
  }
  const finder = finderOf(shape, names);
  expect(texts(finder, thing, 31)).toHaveLength(31);
  expect(texts(finder, thing, 4)).toEqual(["<module>.name 25", "app.thing 1", "m25.n25 1", "m26.n26 1"]);
  expect(finder.of(thing, 4).count).toBe(31);
});

it("words of roots are rows without a node, guesses for themselves", () => {
  const shape = new Shape();
  shape.add("app", "module", 72, null);
  const thing = shape.add(".thing", "T", 16, 0);
  const graph = graphOf({
    ...shape.drawing,
    roots: [
      [0, 0],
      [thing, 1],
      [thing, 1],
      [thing, 1],
      [thing, 1],
    ],
  });
  const words: RootWord[] = ["none", "reference", "guess", "guess", "none"];
  const { rows, count } = finderOf(shape, new Map(), (root) => words[root] ?? "none", graph).of(thing, 10);
  expect(count).toBe(4);
  expect(rows).toEqual([
    { path: ".thing", node: null, count: 2, isGuess: true },
    { path: ".thing", node: null, count: 1, isGuess: false },
    { path: "app.thing", node: 0, count: 1, isGuess: false },
  ]);
});

it("words of a block of memory are guesses, and pointers to one", () => {
  const shape = new Shape();
  const app = shape.add("app", "module", 72, null);
  const thing = shape.add(".thing", "T", 16, app);
  const block = shape.add(".<native memory>", "namespace", 4096, app);
  shape.link(block, thing);
  const graph = { ...graphOf(shape.drawing), objects: block };
  const finder = finderOf(shape, new Map([[key(block, thing), [""]]]), () => "none", graph);
  expect(finder.of(thing, 10).rows).toEqual([
    { path: "app.<native memory>", node: block, count: 1, isGuess: true },
    { path: "app.thing", node: app, count: 1, isGuess: false },
  ]);
  expect(finder.of(block, 10).rows).toEqual([
    { path: "app.<native memory>", node: app, count: 1, isGuess: true },
  ]);
});

it("words that nothing describes are guesses", () => {
  const shape = new Shape();
  const app = shape.add("app", "module", 72, null);
  const thing = shape.add(".thing", "T", 16, app);
  const opaque = shape.add(".opaque", "T", 16, app);
  shape.link(opaque, thing);
  const finder = finderOf(shape, new Map([[key(opaque, thing), [".<a list>"]]]));
  expect(finder.of(thing, 10).rows.map(({ path, isGuess }) => [path, isGuess])).toEqual([
    ["app.opaque.<a list>", true],
    ["app.thing", false],
  ]);
});

it("what refers to itself, in a circle without a root, has a row and an end", () => {
  const shape = new Shape();
  shape.add("app", "module", 72, null);
  const one = shape.add(".self", "T", 16, 0);
  const part = shape.add("", "namespace", 16, 0);
  const graph = graphOf({
    ...shape.drawing,
    edges: [
      [one, one],
      [part, one],
      [one, part],
    ],
  });
  expect(
    texts(
      finderOf(shape, new Map(), () => "none", graph),
      one,
    ),
  ).toEqual(["<garbage>.self 2"]);
});
