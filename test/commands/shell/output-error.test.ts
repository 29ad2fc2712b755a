import { expect, it } from "vitest";
import { describeFailure, hasErrorCode, isBrokenPipe } from "../../../src/commands/shell/output-error.ts";

const failure = (code: string, errno?: number) =>
  Object.assign(new Error(`${code}: it failed`), { code, errno });

it("a reader that went away is told by either error of the system's", () => {
  expect(["EPIPE", "ECONNRESET", "ENOSPC", ""].map((code) => isBrokenPipe(failure(code)))).toEqual([
    ...[true, true, false, false],
  ]);
  expect([isBrokenPipe("EPIPE"), isBrokenPipe(new Error("EPIPE")), isBrokenPipe(null)]).toEqual([
    ...[false, false, false],
  ]);
});

it("an error's code is one of those asked for", () => {
  expect(hasErrorCode(failure("ENOENT"), "EACCES", "ENOENT")).toBe(true);
  expect(hasErrorCode(failure("ENOENT"), "EACCES")).toBe(false);
  expect(hasErrorCode({ code: "ENOENT" }, "ENOENT")).toBe(false);
});

it("a failure is told in the system's words, else by its code, else as it says itself", () => {
  expect(describeFailure(failure("ENOSPC", -28))).toBe("no space left on device (ENOSPC)");
  expect(describeFailure(failure("ERR_X", -99_999))).toBe("ERR_X");
  expect(describeFailure(failure("ERR_X"))).toBe("ERR_X");
  expect(describeFailure(new Error("it failed"))).toBe("it failed");
  expect(describeFailure(5)).toBe("5");
});
