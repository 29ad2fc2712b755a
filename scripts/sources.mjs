import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the build reads: folders with all that is in them, and files. */
const INPUTS = ["src", "scripts/build.mjs", "scripts/merge.mjs", "package.json", "package-lock.json"];

/** Where the build leaves the digest of what it was made from. */
export const DIGEST_FILE = "dist/.sources";

/**
 * A digest of all that the build reads, names and contents. Times would not do: a checkout sets them at will,
 * and a file saved during a build is newer than what was read of it.
 * @param {string} root the package's folder
 */
export function digestSources(root) {
  const hash = createHash("sha256");
  /** @param {string} path */
  const add = (path) => {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  };
  /** @param {string} path */
  const walk = (path) => {
    const entries = readdirSync(join(root, path), { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory()) walk(inner);
      else if (entry.isFile()) add(inner);
    }
  };
  for (const path of INPUTS) path.includes(".") ? add(path) : walk(path);
  return hash.digest("hex");
}

/**
 * Whether dist/ was made, completely, from the sources as they are.
 * @param {string} root the package's folder
 */
export function isBuilt(root) {
  try {
    return readFileSync(join(root, DIGEST_FILE), "utf8") === digestSources(root);
  } catch (error) {
    if (error.code === "ENOENT") return false;
    throw error;
  }
}
