import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupOwners } from "../../src/answers/owner-groups.ts";
import type { Heap } from "../../src/answers/read-heap.ts";
import { describeSuspect } from "../../src/answers/suspect-text.ts";
import { fewSuspects, leastSuspect } from "../../src/answers/suspects.ts";
import { chooseOwners, type Labels, Paths, retainedBy } from "../../src/heap/index.ts";
import type { NameUser } from "../../src/runtimes/index.ts";
import { formatNames } from "../../src/terms/index.ts";
import { graphOf, treeOf } from "../heap/graphs.ts";
import { Shape } from "../heap/shapes.ts";

/** What of a heap suspects are told by. */
function heapOf(
  shape: Shape,
  lengths: Readonly<Record<string, number>>,
  nameUsers: ((holder: string, name: string, container: string) => readonly NameUser[]) | null,
): Heap {
  const graph = graphOf(shape.drawing);
  const tree = treeOf(graph);
  const labels: Labels = {
    rootAlike: () => null,
    nodeAlike: () => null,
    rootName: (root) => shape.names[shape.drawing.roots[root]?.[0] ?? 0] ?? "?",
    edgeName: (_, to) => shape.names[to] ?? "?",
    qualifiedName: (node) => (/^\w+\.\w+$/.test(shape.names[node] ?? "") ? (shape.names[node] ?? "") : null),
    typeName: (node) => shape.typeName(shape.drawing.types[node] ?? 0),
  };
  const lengthOf = (node: number) => lengths[shape.names[node] ?? ""] ?? null;
  const partial: unknown = {
    graph,
    tree,
    labels,
    paths: new Paths(graph, tree, labels),
    addressOf: (node: number) => 4096 + node,
    lengthOf,
    references: {
      roots: { nodes: new Uint32Array(), kinds: new Uint8Array(), nameOf: () => "" },
      nameUsers:
        nameUsers === null
          ? null
          : (container: number, holder: number, name: string) =>
              nameUsers(shape.names[holder] ?? "?", name, shape.names[container] ?? "?"),
    },
  };
  return partial as Heap;
}

function suspectsOf(
  shape: Shape,
  lengths: Readonly<Record<string, number>> = {},
  users: ((holder: string, name: string, container: string) => readonly NameUser[]) | null = null,
): string[] {
  const heap = heapOf(shape, lengths, users);
  const owners = chooseOwners(heap.graph, heap.tree, 1);
  const { bytes: memory } = retainedBy(heap.tree, heap.graph.nodes);
  const groups = groupOwners(heap, owners);
  return fewSuspects({
    heap,
    owners,
    groups,
    memory,
    least: leastSuspect(heap),
    lines: null,
    before: null,
    grew: null,
  }).map((suspect) => `${suspect.path ?? formatNames(suspect.holders ?? [])} ${describeSuspect(suspect)}`);
}

/** A module, and in it a list of that many items of 10 bytes. */
function leak(items: number, name = ".rows"): { shape: Shape; names: number } {
  const shape = new Shape();
  const names = shape.add("", "namespace", 10, shape.add("app", "module", 10, null));
  shape.fill(shape.add(name, "list", 10, names), items, "tuple", 10);
  return { shape, names };
}

describe("what looks like a leak", () => {
  it("has much of the memory, whatever its items", () => {
    expect(suspectsOf(leak(200).shape, { ".rows": 100 })).toEqual([
      "app.rows holds 99.0 % of memory (2.0 KiB), 100 items of 20 B each",
    ]);
    expect(suspectsOf(leak(200).shape, { ".rows": 3 })).toEqual([
      "app.rows holds 99.0 % of memory (2.0 KiB), 3 items of 670 B each",
    ]);
    expect(suspectsOf(leak(98).shape)).toEqual(["app.rows holds 98.0 % of memory (990 B)"]);
  });

  it("tells where a container of few items fans out, at any depth, and not where it does not", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 3, maxLength: 5 }),
        fc.integer({ min: 1, max: 3 }),
        (sizes, depth) => {
          const { shape, names } = leak(0, ".idle");
          const lengths: Record<string, number> = { ".rooms": sizes.length };
          const rooms = shape.add(".rooms", "dict", 10, names);
          sizes.forEach((more, index) => {
            let inner = rooms;
            for (let level = 0; level < depth; ++level) {
              const name = `['${index} ${level}']`;
              inner = shape.add(name, "dict", 10, inner);
              lengths[name] = level + 1 < depth ? 1 : 100 + more;
            }
            shape.fill(inner, 100 + more, "tuple", 10);
          });
          const items = sizes.reduce((sum, more) => sum + 100 + more, 0);
          const [text = ""] = suspectsOf(shape, lengths);
          expect(text).toContain(
            `, with ${items.toLocaleString("en")} items in ${sizes.length} containers: app.rooms`,
          );
          // A near miss: they have as many bytes, and no items to tell of.
          const [none = ""] = suspectsOf(shape, { ".rooms": sizes.length });
          expect(none).not.toContain("with");
        },
      ),
      { numRuns: 20 },
    );
  });

  it("has its bytes less what another suspect among it has, each byte once", () => {
    const { shape, names } = leak(0, ".idle");
    const session = shape.add(".session", "Session", 10, names);
    shape.fill(shape.add(".log", "list", 10, session), 300, "tuple", 10);
    shape.fill(shape.add(".rows", "list", 10, session), 100, "tuple", 10);
    shape.add(".body", "bytes", 2000, session);
    const bytes = suspectsOf(shape).map((text) => text.replace(/ holds.*\((.*) [KB].*\).*/, " $1"));
    expect(bytes).toEqual(["app.session.log 2.9", "app.session.body 2.0", "app.session.rows 1010"]);
  });

  it("holds a twentieth of all, and is no scope", () => {
    // 101 * 10 bytes of the list, of twenty times as many, or of a byte more.
    for (const [more, found] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const { shape } = leak(100);
      shape.add("data", "str", 19 * 1010 - 20 + more, null);
      expect(suspectsOf(shape, { ".rows": 100 }).filter((text) => text.startsWith("app.rows"))).toHaveLength(
        found,
      );
    }
    const scope = new Shape();
    scope.fill(scope.add("app", "module", 10, null), 200, "type", 0);
    expect(suspectsOf(scope, { app: 200 })).toEqual([]);
  });

  it("is at most five", () => {
    const shape = new Shape();
    const names = shape.add("", "namespace", 10, shape.add("app", "module", 10, null));
    for (let i = 0; i < 7; ++i) shape.fill(shape.add(`.rows${i}`, "list", 100 - i, names), 100, "tuple", 10);
    expect(suspectsOf(shape).map((text) => text.slice(0, 9))).toEqual(
      [0, 1, 2, 3, 4].map((i) => `app.rows${i}`),
    );
  });

  it("is added to where code says so, else named there", () => {
    const user = (line: number, does: "adds" | "removes" | "mayAdd" | null, name = "f"): NameUser => ({
      ...{ file: "app.py", line, function: name, adds: false, removes: false, replaces: false },
      ...{ mayAdd: false, mayRemove: false },
      ...{ once: true, callers: "others", object: line },
      ...(does === null ? {} : { [does]: true }),
    });
    const asked: string[] = [];
    const of = (...users: readonly NameUser[]) => {
      const [text = ""] = suspectsOf(leak(200).shape, {}, (holder, name, container) => {
        asked.push(`${holder} ${name} ${container}`);
        return users;
      });
      return text.replace("app.rows holds 99.0 % of memory (2.0 KiB)", "");
    };
    const kept = ", and nothing found in the code takes from it";
    expect(of(user(1, "mayAdd"), user(2, "adds"), user(3, null))).toBe(`, added to in app.py:2 f${kept}`);
    expect(of(user(1, null), user(2, "mayAdd"))).toBe(`, likely added to in app.py:2 f${kept}`);
    expect(of(user(1, null), user(2, "removes"), user(3, null))).toBe(
      ", named in app.py:1 f, app.py:3 f, taken from in app.py:2 f",
    );
    expect(of(...[1, 2, 3, 4].map((line) => user(line, "adds")))).toBe(
      `, added to in app.py:1 f, app.py:2 f, app.py:3 f${kept}`,
    );
    expect(of(user(1, null, "C.__init__"), user(2, null, "__init__"), user(3, "removes"))).toBe(
      ", taken from in app.py:3 f",
    );
    expect(of(user(1, null, "C.my__init__"))).toBe(", named in app.py:1 C.my__init__");
    expect(of(user(1, "adds", "C.__init__"))).toBe(`, added to in app.py:1 C.__init__${kept}`);
    expect(of()).toBe("");
    // Past what has no name of its own, to the module.
    expect(new Set(asked)).toEqual(new Set(["app rows .rows"]));
  });

  it("is asked for with its holder, and not at all where it is an item", () => {
    const asked: string[] = [];
    const users = (holder: string, name: string) => {
      asked.push(`${holder} ${name}`);
      return [];
    };
    const shape = new Shape();
    const type = shape.add("app.Cache", "type", 10, shape.add("app", "module", 10, null));
    shape.fill(shape.add("._hits2", "list", 10, type), 200, "tuple", 10);
    suspectsOf(shape, {}, users);
    suspectsOf(leak(200, "['x']").shape, {}, users);
    expect(asked).toEqual(["app.Cache _hits2"]);
  });

  it("is asked for by what has a name, where a C struct holds it", () => {
    const asked: string[] = [];
    const shape = new Shape();
    const names = shape.add("", "namespace", 10, shape.add("app", "module", 10, null));
    const queue = shape.add(".queue", "SimpleQueue", 10, names);
    shape.fill(shape.add(".<a list>", "list", 10, queue), 200, "tuple", 10);
    suspectsOf(shape, {}, (holder, name, container) => {
      asked.push(`${holder} ${name} ${container}`);
      return [];
    });
    expect(asked).toEqual(["app queue .queue"]);
  });
});
