import { expect, it } from "vitest";
import { CoregramError } from "../../src/terms/index.ts";

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
