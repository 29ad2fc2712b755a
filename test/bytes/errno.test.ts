import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { explainErrno, ioError } from "../../src/bytes/index.ts";
import { CoregramError } from "../../src/terms/index.ts";

function caught(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

const withCode = (code: string) => Object.assign(new Error(`${code}: node's words, open 'x'`), { code });

describe("what the operating system said", () => {
  test("is in plain words", () => {
    expect(explainErrno(caught(() => readFileSync("/missing")))).toBe("no such file");
    expect(explainErrno(caught(() => readFileSync("/")))).toBe("is a directory");
    expect(explainErrno(caught(() => readFileSync("a\0b")))).toBe("not a file name");
    expect(explainErrno(withCode("EACCES"))).toBe("permission denied");
    expect(explainErrno(withCode("EMFILE"))).toBe("too many open files");
    expect(explainErrno(withCode("EIO"))).toBe("i/o error");
    expect(explainErrno(new Error("other\x07"))).toBe("other\\x07");
  });

  test("is said of its subject, once", () => {
    const error = ioError("co\x1bre", withCode("EACCES"));
    expect(error).toMatchObject({ code: "io", message: "co\\x1bre: permission denied" });
    expect(ioError("-", withCode("EIO")).message).toBe("standard input: i/o error");
    const ours = new CoregramError("limit", "ours");
    expect(ioError("core", ours)).toBe(ours);
  });
});
