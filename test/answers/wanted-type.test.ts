import { describe, expect, it } from "vitest";
import { findWantedType } from "../../src/answers/wanted-type.ts";

const names = [
  "builtins.list",
  "app.list",
  "shop.app.Product",
  "shop.app.Outer.Inner",
  "shop.other.Product",
  "shop.other.Only",
  "shop.twice.Made",
  "shop.twice.Made",
];
const types = names.map((name, index) => ({ name, address: 0x1000 + 16 * index }));
const find = (wanted: string) => names[findWantedType(types, wanted)];

describe("a type is meant by", () => {
  it.each([
    ["shop.app.Product", "shop.app.Product"],
    ["list", "builtins.list"],
    ["app.list", "app.list"],
    ["Only", "shop.other.Only"],
    ["Inner", "shop.app.Outer.Inner"],
    ["Outer.Inner", "shop.app.Outer.Inner"],
    ["0x1040", "shop.other.Product"],
  ])("%s", (wanted, expected) => {
    expect(find(wanted)).toBe(expected);
  });

  it("its address where several have its full name", () => {
    expect(findWantedType(types, "0x1070")).toBe(7);
  });
});

it("several of a name are listed, by what tells them apart", () => {
  expect(() => find("Product")).toThrow(
    "--type Product is the name of 2 types, give one's full name: shop.app.Product, shop.other.Product",
  );
  expect(() => find("Made")).toThrow(
    "--type Made is the name of 2 types, give one's address: shop.twice.Made 0x1060, shop.twice.Made 0x1070",
  );
  const many = Array.from({ length: 1010 }, (_, n) => ({ name: `m${n}.T`, address: n }));
  expect(() => findWantedType(many, "T")).toThrow(
    /is the name of 1,010 types, .*: m0\.T, .*, m9\.T, 1,000 more$/,
  );
});

it("one that is not there is refused, with names that are like it", () => {
  expect(() => find("Prodcut")).toThrow(
    "--type Prodcut is no type of this process (did you mean Product?): coregram types lists them",
  );
  expect(() => find("shop.app.Prodct")).toThrow("(did you mean shop.app.Product?)");
  expect(() => find("nly.Only")).toThrow("--type nly.Only is no type of this process: coregram");
  // Not the end of each name.
  expect(() => find("")).toThrow('--type "" is no type of this process: coregram');
  expect(() => find("\u001b[1m")).toThrow("--type \\x1b[1m is no type");
});
