import { expect, it } from "vitest";
import { CoregramError, inFile } from "../../src/terms/index.ts";

it("an error has its code, its message and its cause", () => {
  const cause = new Error("ENOENT");
  const error = new CoregramError("io", "core.1: is gone", { cause });
  expect(error).toBeInstanceOf(Error);
  expect({ name: error.name, code: error.code, message: error.message }).toEqual({
    name: "CoregramError",
    code: "io",
    message: "core.1: is gone",
  });
  expect(error.cause).toBe(cause);
});

it("an error that lacks the name of its file gets it in front, once", async () => {
  const unnamed = new CoregramError("limit", "symbol name has 9 bytes", { isUnnamed: true });
  const thrown = (error: unknown) =>
    inFile("b", () =>
      inFile("a", () => {
        throw error;
      }),
    ).catch((caught: unknown) => caught);
  expect(await thrown(unnamed)).toMatchObject({
    code: "limit",
    message: "a: symbol name has 9 bytes",
    cause: unnamed,
  });
  for (const error of [new CoregramError("format", "a is broken"), new RangeError("of ours")])
    expect(await thrown(error)).toBe(error);
  expect(await inFile("a", () => 1)).toBe(1);
});
