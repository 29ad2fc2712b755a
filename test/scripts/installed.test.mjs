import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isInstalled } from "../../scripts/installed.mjs";

const here = { optional: true, os: [process.platform], cpu: [process.arch] };
const elsewhere = { optional: true, os: ["sunos"], cpu: [process.arch] };
const wanted = {
  "": { version: "0" },
  "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
  "node_modules/a/node_modules/b": { version: "2.0.0", integrity: "sha512-b" },
  "node_modules/native-here": { version: "1.0.0", ...here },
  "node_modules/native-musl": { version: "1.0.0", ...here, libc: ["musl"] },
  "node_modules/native-elsewhere": { version: "1.0.0", ...elsewhere },
};
const present = Object.fromEntries(
  ["node_modules/a", "node_modules/a/node_modules/b", "node_modules/native-here"].map((path) => [
    path,
    wanted[path],
  ]),
);

let root;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "coregram-installed-"));
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: wanted }));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function install(packages) {
  for (const path of Object.keys(packages)) {
    mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, path, "package.json"), "{}");
  }
  writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages }));
}

it("all that this platform needs is enough", () => {
  install(present);
  expect(isInstalled(root)).toBe(true);
});

it("nothing, an installation that broke off, and half a record are not", () => {
  expect(isInstalled(root)).toBe(false);
  install(present);
  const record = join(root, "node_modules/.package-lock.json");
  writeFileSync(record, '{"packages": {"node_mod');
  expect(isInstalled(root)).toBe(false);
  rmSync(record);
  expect(isInstalled(root)).toBe(false);
});

it.each(Object.keys(present))("without %s, or with another one of it, something is missing", (path) => {
  const { [path]: entry, ...others } = present;
  install(others);
  expect(isInstalled(root)).toBe(false);
  install({ ...others, [path]: { ...entry, version: "9.9.9" } });
  expect(isInstalled(root)).toBe(false);
  install(present);
  expect(isInstalled(root)).toBe(true);
  rmSync(join(root, path), { recursive: true });
  expect(isInstalled(root)).toBe(false);
});
