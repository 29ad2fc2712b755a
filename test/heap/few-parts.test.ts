import { describe, expect, it } from "vitest";
import { chooseOwners, nameFewParts } from "../../src/heap/index.ts";
import { graphOf, treeOf } from "./graphs.ts";
import { Shape } from "./shapes.ts";

/** A dict of so many lists, all of which have the same items, and one of which has items of its own. */
function state(lists: number, shared: number, own: number) {
  const shape = new Shape();
  const names = shape.add("app.__dict__", "namespace", 10, shape.add("app", "module", 10, null));
  const store = shape.add("app.state", "dict", 10, names);
  const parts = Array.from({ length: lists }, (_, i) => shape.add(`list ${i}`, "list", 10, store));
  for (let i = 0; i < shared; ++i) {
    const item = shape.add(`item ${i}`, "Session", 100, parts[0] ?? 0);
    for (const part of parts.slice(1)) shape.link(part, item);
  }
  shape.fill(parts[0] ?? 0, own, "str", 100);
  return shape;
}

function ownersOf(shape: Shape) {
  const graph = graphOf(shape.drawing);
  const tree = treeOf(graph);
  nameFewParts(graph, tree);
  const { rows, shared } = chooseOwners(graph, tree, 1000);
  return rows.map(({ node, bytes, set, isSet }) => ({
    name: isSet ? "" : shape.names[node],
    bytes,
    holders: set === null ? null : shared.holdersOf(set).map((holder) => shape.names[holder]),
  }));
}

describe("a container of a few", () => {
  it("is passed for those of its items that hold its memory together", () => {
    expect(ownersOf(state(2, 50, 20))).toEqual([
      { name: "", bytes: 5000, holders: ["list 0", "list 1"] },
      { name: "list 0", bytes: 2010, holders: null },
    ]);
  });

  it("is the owner of what each of its items holds alone, though they hold the lesser half together", () => {
    expect(ownersOf(state(2, 50, 51))).toEqual([
      { name: "list 0", bytes: 5110, holders: null },
      { name: "app.state", bytes: 5000 + 10 + 10, holders: null },
    ]);
  });

  it("is the owner where it has many items: they have no names in the source", () => {
    const [row, ...others] = ownersOf(state(33, 50, 0));
    expect(others).toEqual([]);
    expect(row).toMatchObject({ name: "app.state", bytes: 5000 + 33 * 10 + 10 });
  });

  it("is looked at wherever it is large, in a list or a tuple as well", () => {
    const shape = new Shape();
    const names = shape.add("app.__dict__", "namespace", 10, shape.add("app", "module", 10, null));
    const pair = shape.add("app.pair", "tuple", 10, names);
    const [first, second] = [shape.add("first", "dict", 10, pair), shape.add("second", "list", 10, pair)];
    for (let i = 0; i < 30; ++i) shape.link(second, shape.add(`item ${i}`, "Session", 100, first));
    expect(ownersOf(shape)).toEqual([{ name: "", bytes: 3000, holders: ["first", "second"] }]);
  });
});
