import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DIGEST_FILE, digestSources, isBuilt } from "../../scripts/sources.mjs";

let root;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "coregram-sources-"));
  for (const folder of ["src/terms", "scripts", "dist"]) mkdirSync(join(root, folder), { recursive: true });
  for (const file of [
    "src/terms/word.ts",
    "scripts/build.mjs",
    "scripts/merge.mjs",
    "package.json",
    "package-lock.json",
  ])
    writeFileSync(join(root, file), file);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const markBuilt = () => writeFileSync(join(root, DIGEST_FILE), digestSources(root));

it("a build is good until a source is changed, added, renamed or removed, and good again when that is undone", () => {
  expect(isBuilt(root)).toBe(false);
  markBuilt();
  expect(isBuilt(root)).toBe(true);
  const word = join(root, "src/terms/word.ts");
  writeFileSync(word, "changed");
  expect(isBuilt(root)).toBe(false);
  writeFileSync(word, "src/terms/word.ts");
  expect(isBuilt(root)).toBe(true);
  writeFileSync(join(root, "src/new.ts"), "");
  expect(isBuilt(root)).toBe(false);
  rmSync(join(root, "src/new.ts"));
  renameSync(word, join(root, "src/terms/ward.ts"));
  expect(isBuilt(root)).toBe(false);
  rmSync(join(root, "src/terms"), { recursive: true });
  expect(isBuilt(root)).toBe(false);
});

it("a copy with other times is as good", () => {
  markBuilt();
  const copy = `${root}-copy`;
  cpSync(root, copy, { recursive: true });
  expect(isBuilt(copy)).toBe(true);
  rmSync(copy, { recursive: true });
});
