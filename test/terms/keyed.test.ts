import { expect, test } from "vitest";
import { byKey } from "../../src/terms/index.ts";

test("a list becomes a record by its keys, in its order, made of items and their places", () => {
  const list = [
    { key: "second", text: "b" },
    { key: "first", text: "a" },
  ] as const;
  const record = byKey(list, ({ text }, place) => `${place}${text}`);
  expect(Object.entries(record)).toEqual([
    ["second", "0b"],
    ["first", "1a"],
  ]);
});
