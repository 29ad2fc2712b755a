import { describe, expect, it } from "vitest";
import { buildGraph, countAlike, type Labels, Paths } from "../../src/heap/index.ts";
import { graphOf, treeOf } from "./graphs.ts";
import { Shape } from "./shapes.ts";

/** Names of nodes are pieces of paths; those with a dot inside are qualified names. */
function labelsOf(shape: Shape, roots: readonly string[] = []): Labels {
  const { types, roots: rooted } = shape.drawing;
  return {
    rootAlike: () => null,
    nodeAlike: () => null,
    rootName: (root) => roots[root] ?? shape.names[rooted[root]?.[0] ?? 0] ?? "?",
    edgeName: (_, to) => shape.names[to] ?? "?",
    qualifiedName: (node) =>
      /^\w+(\.\w+)+$/.test(shape.names[node] ?? "") ? (shape.names[node] ?? "") : null,
    typeName: (node) => shape.typeName(types[node] ?? 0),
  };
}

function pathsOf(shape: Shape, roots: readonly string[] = [], edges = shape.drawing.edges): Paths {
  const graph = graphOf({ ...shape.drawing, edges });
  return new Paths(graph, treeOf(graph), labelsOf(shape, roots));
}

describe("a path", () => {
  it("starts at the qualified name of the class that it leads through", () => {
    const shape = new Shape();
    const names = shape.add("", "namespace", 232, shape.add("__main__", "module", 72, null));
    const type = shape.add("downstream.profiler.Profiler", "type", 1064, names);
    const results = shape.add(".results", "list", 800, shape.add("", "namespace", 104, type));
    const item = shape.add("[3]", "tuple", 56, results);
    const paths = pathsOf(shape);
    expect(paths.pathOf(item)).toBe("downstream.profiler.Profiler.results[3]");
    expect(paths.pathOf(results)).toBe("downstream.profiler.Profiler.results");
    expect(paths.pathOf(type)).toBe("downstream.profiler.Profiler");
    expect(paths.pathOf(0)).toBe("__main__");
  });

  it("is the shortest, and the first by name of equally short ones, whatever the order of nodes and edges", () => {
    for (const modules of [
      ["alpha", "beta"],
      ["beta", "alpha"],
    ]) {
      const shape = new Shape();
      const [one = 0, two = 0] = modules.map((name) => shape.add(name, "module", 72, null));
      const shared = shape.add(".shared", "list", 100, one);
      const deep = shape.add(".deep", "dict", 100, one);
      shape.link(two, shared);
      shape.link(deep, shared);
      for (const edges of [shape.drawing.edges, [...shape.drawing.edges].reverse()])
        expect(pathsOf(shape, [], edges).pathOf(shared)).toBe("alpha.shared");
    }
  });

  it("is the one of several by the module that the object's type is of, but for what is built in", () => {
    for (const [type, expected] of [
      ["logging.Manager", "logging.root.manager"],
      ["builtins.list", "asyncio.logger.manager"],
      ["Manager", "asyncio.logger.manager"],
      ["zlib.Manager", "asyncio.logger.manager"],
    ] as const)
      for (const modules of [
        ["asyncio", "logging"],
        ["logging", "asyncio"],
      ]) {
        const shape = new Shape();
        const loggers = modules.map((name) => {
          const module = shape.add(name, "module", 72, null);
          return shape.add(name === "logging" ? ".root" : ".logger", "logging.Logger", 48, module);
        });
        const manager = shape.add(".manager", type, 48, loggers[0] ?? 0);
        shape.link(loggers[1] ?? 0, manager);
        expect(pathsOf(shape).pathOf(manager)).toBe(expected);
      }
  });

  it("is that by a class of its own module, where a shorter one is by another", () => {
    for (const owner of ["logging.Logger", "Logger", "loggings.Logger"]) {
      const shape = new Shape();
      const logger = shape.add(".logger", "logging.Logger", 48, shape.add("asyncio", "module", 72, null));
      const manager = shape.add(".manager", "logging.Manager", 48, logger);
      const names = shape.add("", "namespace", 232, shape.add("logging", "module", 72, null));
      const type = shape.add(owner, "type", 1064, names);
      shape.link(shape.add("", "namespace", 232, type), manager);
      const table = shape.add(".loggerDict", "dict", 64, manager);
      const expected = owner === "logging.Logger" ? `${owner}.manager` : "asyncio.logger.manager";
      expect(pathsOf(shape).pathOf(table)).toBe(`${expected}.loggerDict`);
    }
  });

  it("prefers the earlier root kind to a shorter way, and the first of a node's roots", () => {
    const shape = new Shape();
    const list = shape.add(
      ".rows",
      "list",
      100,
      shape.add(".state", "State", 48, shape.add("app", "module", 72, null)),
    );
    const local = shape.add("", "list", 100, null);
    const drawing = shape.drawing;
    const graph = graphOf({
      ...drawing,
      roots: [
        [list, 1],
        [local, 1],
        [local, 1],
        [0, 1],
        [0, 0],
      ],
    });
    const labels = {
      ...labelsOf(shape),
      rootAlike: () => null,
      nodeAlike: () => null,
      rootName: (root: number) => ["<f>.rows", "<f>.a", "<f>.b", "<f>.app", "app"][root] ?? "",
    };
    const paths = new Paths(graph, treeOf(graph), labels);
    expect(paths.pathOf(list)).toBe("app.state.rows");
    expect(paths.pathOf(local)).toBe("<f>.a");
    expect(paths.holderOf(local)).toBeNull();
    expect(paths.rootNameOf(list)).toBeNull();
  });

  it("of what nothing holds says so", () => {
    const shape = new Shape();
    shape.add("app", "module", 72, null);
    const one = shape.add(".one", "Node", 48, 0);
    const two = shape.add(".two", "Node", 48, one);
    shape.link(two, one);
    const edges = shape.drawing.edges.filter(([from]) => from !== 0);
    const paths = pathsOf(shape, [], edges);
    expect(paths.pathOf(one)).toBe("<garbage>");
    expect(paths.pathOf(two)).toBe("<garbage>.two");
  });

  it("far from its root is cut, and costs no stack", () => {
    const nodes = 300_000;
    const pairs = new Uint32Array(2 * (nodes - 1));
    for (let i = 0; i < nodes - 1; ++i) pairs.set([i, i + 1], 2 * i);
    const graph = buildGraph(
      {
        sizes: new Uint32Array(nodes),
        types: new Uint32Array(nodes),
        typeCount: 1,
        roles: new Uint8Array(nodes),
      },
      { nodes: Uint32Array.of(0), kinds: Uint8Array.of(0), kindCount: 1 },
      [pairs],
    );
    const paths = new Paths(graph, treeOf(graph), {
      rootAlike: () => null,
      nodeAlike: () => null,
      rootName: () => "head",
      edgeName: () => ".next",
      qualifiedName: () => null,
      typeName: () => "Node",
    });
    expect(paths.pathOf(50)).toBe(`head${".next".repeat(50)}`);
    expect(paths.pathOf(nodes - 1)).toBe(`head${".next".repeat(50)}.<299949 steps>`);
  });

  it("asks for a bounded number of names, however many ways there are", () => {
    // 40 levels of 100 nodes, each held by all of the level before: 100^40 equally short ways.
    const width = 100;
    const nodes = 40 * width + 1;
    const pairs: number[] = [];
    for (let i = 1; i < nodes; ++i) {
      const level = Math.floor((i - 1) / width);
      if (level === 0) pairs.push(0, i);
      else for (let j = 0; j < width; ++j) pairs.push((level - 1) * width + 1 + j, i);
    }
    const graph = buildGraph(
      {
        sizes: new Uint32Array(nodes),
        types: new Uint32Array(nodes),
        typeCount: 1,
        roles: new Uint8Array(nodes),
      },
      { nodes: Uint32Array.of(0), kinds: Uint8Array.of(0), kindCount: 1 },
      [Uint32Array.from(pairs)],
    );
    let asked = 0;
    const edgeName = () => {
      ++asked;
      return ".x";
    };
    const paths = new Paths(graph, treeOf(graph), {
      rootAlike: () => null,
      nodeAlike: () => null,
      rootName: () => "app",
      edgeName,
      qualifiedName: () => null,
      typeName: () => "",
    });
    expect(paths.pathOf(nodes - 1)).toBe(`app${".x".repeat(40)}`);
    expect(asked).toBeLessThan(150_000);
  });
});

describe("what a path has in common with others", () => {
  const nameOf = (paths: Paths, node: number) => paths.foldedPathOf(node);

  it("is the path with its items folded, brackets of what is no container's item left", () => {
    const shape = new Shape();
    const workers = shape.add(".workers", "list", 100, shape.add("app", "module", 72, null));
    const worker = shape.add("[3]", "Worker", 48, workers);
    const rows = shape.add(".rows", "dict", 48, worker);
    const item = shape.add("['a[b].c']", "str", 50, rows);
    const odd = shape.add("['no name']", "str", 50, worker);
    const key = shape.add(".<key>", "str", 50, rows);
    const paths = pathsOf(shape);
    expect(nameOf(paths, item)).toEqual({
      path: "app.workers[3].rows['a[b].c']",
      folded: "app.workers[*].rows[*]",
      which: null,
    });
    expect(nameOf(paths, odd).folded).toBe("app.workers[*]['no name']");
    expect(nameOf(paths, key).folded).toBe("app.workers[*].rows.<key>");
  });

  it("starts with what all that are like its start go by, and says which of them it is", () => {
    const shape = new Shape();
    const local = shape.add(".rows", "list", 100, null);
    const task = shape.add("task.of.f", "task", 100, shape.add("app", "module", 72, null));
    const part = shape.add(".data", "list", 100, task);
    const graph = graphOf(shape.drawing);
    const paths = new Paths(graph, treeOf(graph), {
      ...labelsOf(shape, ["<thread 4711 f>.rows", "app"]),
      rootAlike: (root) => (root === 0 ? { name: "<threads in f>.rows", which: 4711 } : null),
      nodeAlike: (node) => (node === task ? { name: "<tasks in f>", which: 7 } : null),
    });
    const [thread, data] = [nameOf(paths, local), nameOf(paths, part)];
    expect(thread).toEqual({ path: "<thread 4711 f>.rows", folded: "<threads in f>.rows", which: 4711 });
    expect(data).toEqual({ path: "task.of.f.data", folded: "<tasks in f>.data", which: 7 });
    expect(nameOf(paths, task)).toMatchObject({ path: "task.of.f", which: 7 });
  });

  it("does not say how far a long way goes", () => {
    const shape = new Shape();
    let node = shape.add(".head", "Node", 48, shape.add("app", "module", 72, null));
    const ends: number[] = [];
    for (let i = 0; i < 80; ++i) {
      node = shape.add(".next", "Node", 48, node);
      if (i > 70) ends.push(node);
    }
    const paths = pathsOf(shape);
    const found = ends.map((end) => nameOf(paths, end));
    expect(new Set(found.map(({ path }) => path)).size).toBe(ends.length);
    expect(new Set(found.map(({ folded }) => folded)).size).toBe(1);
    expect(found[0]?.folded).toMatch(/\.next\.<steps>$/);
  });

  it("is counted where it speaks of several", () => {
    expect(countAlike("<threads in f app.py:1>.rows", 1500)).toBe("<1,500 threads in f app.py:1>.rows");
    expect(countAlike("<stacks of threads>", 2)).toBe("<2 stacks of threads>");
    expect(countAlike("<threads in f>", 1)).toBe("<1 thread in f>");
    expect(countAlike("app.<closure threads in x>", 3)).toBe("app.<closure threads in x>");
    expect(countAlike("app.workers[*]", 3)).toBe("app.workers[*]");
  });
});
