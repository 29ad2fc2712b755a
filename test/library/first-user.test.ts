import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import * as library from "../../src/index.ts";

// The command line is the library's first user, and gets nothing that others do not.
const runs = fileURLToPath(new URL("../../src/commands/run/", import.meta.url));
const files = readdirSync(runs);
const IMPORT = /^import \{([^}]*)\} from "\.\.\/\.\.\/(?:answers|image)\/[\w-]+\.ts";$/gm;

/** What a command imports of answers and targets, types left aside. */
function importsOf(file: string): string[] {
  const text = readFileSync(runs + file, "utf8");
  return [...text.matchAll(IMPORT)].flatMap(([, names = ""]) =>
    names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type ")),
  );
}

it("every command opens targets and asks questions", () => {
  const asking = files.filter((file) =>
    /await (?:openSubject|open)\(/.test(readFileSync(runs + file, "utf8")),
  );
  expect(asking.length).toBeGreaterThanOrEqual(7);
  expect(new Set(files.flatMap(importsOf)).size).toBeGreaterThan(12);
});

it.each(files)("%s takes nothing that the library does not export", (file) => {
  expect(importsOf(file).filter((name) => !(name in library))).toEqual([]);
});
