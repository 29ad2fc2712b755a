import { expect, it } from "vitest";
import { whereaboutsOf } from "../../../src/answers/patterns/pattern.ts";
import { type Labels, Paths } from "../../../src/heap/index.ts";
import { graphOf, treeOf } from "../../heap/graphs.ts";
import { Shape } from "../../heap/shapes.ts";

it.each([
  ["app.rows", "app.rows"],
  ["<interpreter 1>.app.rows", "'<interpreter 1>.app.rows'"],
  ["<thread 7 run app.py:3>.rows", "0x1000"],
])("what is in %s is asked for by %s", (path, asked) => {
  const shape = new Shape();
  const node = shape.add(path, "tuple", 10, null);
  const [graph, labels] = [
    graphOf(shape.drawing),
    {
      rootAlike: () => null,
      nodeAlike: () => null,
      rootName: () => path,
      edgeName: () => "?",
      qualifiedName: () => null,
      typeName: () => "tuple",
    } satisfies Labels,
  ];
  const tree = treeOf(graph);
  const heap = { graph, tree, paths: new Paths(graph, tree, labels), addressOf: () => 4096 };
  const input = { heap, core: "a.core" } as unknown as Parameters<typeof whereaboutsOf>[0];
  expect(whereaboutsOf(input, [node])).toEqual({ path, next: `coregram owners a.core --of ${asked}` });
});
