import { expect, it } from "vitest";
import { similarNames } from "../../src/terms/index.ts";

it.each([
  ["stoer", ["store", "restore", "star", "sto"], ["store"]],
  ["STORE", ["store", "stare"], ["store", "stare"]],
  ["item", ["items", "time", "atom", "iten"], ["items", "iten"]],
  ["x", ["y", "xy", "abc", "X"], ["X", "xy", "y"]],
  ["orders", ["order", "orders_by_id", "border", "oders"], ["oders", "order", "border"]],
  ["nothing", ["else"], []],
])("of names like %s the nearest come first, and no others", (wanted, names, expected) => {
  expect(similarNames(wanted, names, 3)).toEqual(expected);
});

it("are at most as many as are asked for, and each once", () => {
  expect(similarNames("ab", ["aa", "ac", "ac", "ad"], 2)).toEqual(["aa", "ac"]);
});

it("are compared by their first 80 characters", () => {
  const long = "x".repeat(1_000_000);
  expect(similarNames(long, [`${long}y`, "x"], 3)).toEqual([`${long}y`]);
});
