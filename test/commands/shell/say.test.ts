import { describe, expect, it } from "vitest";
import { say } from "../../../src/commands/shell/say.ts";

/** What is written to a stream of that kind. */
function said(text: string, isTTY: boolean, columns = 80): string {
  let written = "";
  const write = (chunk: string | Uint8Array) => {
    written += String(chunk);
    return true;
  };
  say(text, { isTTY, columns, write });
  return written;
}

const LONG = `names of ${"x".repeat(30)} are a guess: layout fits, no build ID proves that it is the file that was loaded`;

describe("a note", () => {
  it("is one line to a program, however long", () => {
    expect(said(LONG, false)).toBe(`coregram: ${LONG}\n`);
  });

  it.each([40, 80, 100, 300])(
    "fits a terminal of %d columns, and 100 at the most, with no word lost",
    (columns) => {
      const written = said(LONG, true, columns);
      const lines = written.trimEnd().split("\n");
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.min(columns, 100));
      expect(lines.slice(1).every((line) => /^ {10}\S/.test(line))).toBe(true);
      expect(lines.map((line) => line.slice(10)).join(" ")).toBe(LONG);
    },
  );

  it("keeps a path whole that is wider than the terminal, on a line of its own", () => {
    const path = `/srv/${"deep/".repeat(20)}core`;
    expect(said(`cannot read ${path} at all`, true, 60)).toBe(
      `coregram: cannot read\n          ${path}\n          at all\n`,
    );
  });

  it.each([0, 25])("is one line on a terminal of %d columns, where breaking helps nobody", (columns) => {
    expect(said(LONG, true, columns)).toBe(`coregram: ${LONG}\n`);
  });

  it("shows no control character as such", () => {
    expect(said("a\u001b[31mb\nc", true)).toBe("coregram: a\\x1b[31mb\\x0ac\n");
  });
});

it("a usage line breaks like a note, below its own first word", () => {
  let written = "";
  const write = (chunk: string | Uint8Array) => {
    written += String(chunk);
    return true;
  };
  say("coregram report CORE [OLDER...] (--help tells all)", { isTTY: true, columns: 40, write }, "usage: ");
  expect(written).toBe("usage: coregram report CORE [OLDER...]\n       (--help tells all)\n");
});
