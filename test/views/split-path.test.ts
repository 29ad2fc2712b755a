import fc from "fast-check";
import { expect, it } from "vitest";
import { splitPath } from "../../src/views/split-path.ts";

it.each([
  [
    "app.state.sessions['main.x'].history[3]",
    ["app", ".state", ".sessions", "['main.x']", ".history", "[3]"],
  ],
  ["<thread 4711 work app.py:42>.rows[*]", ["<thread 4711 work app.py:42>", ".rows", "[*]"]],
  ["mod.visit.<closure seen>.<awaited>", ["mod", ".visit", ".<closure seen>", ".<awaited>"]],
  ["app.cache['it\\'s ]'].x", ["app", ".cache", "['it\\'s ]']", ".x"]],
  ["app.cache[('a', 1.5)].x", ["app", ".cache", "[('a', 1.5)]", ".x"]],
  ["<task <lambda> app.py:1>.rows", ["<task <lambda> app.py:1>", ".rows"]],
  ["app.cache['never closed.x", ["app", ".cache", "['never closed.x"]],
  ["", [""]],
])("%s", (path, steps) => {
  expect(splitPath(path)).toEqual(steps);
});

it("loses no letter of any path", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."ab.[]<>()'\"\\ \u{1f600}") }), (path) => {
      expect(splitPath(path).join("")).toBe(path);
    }),
  );
});
