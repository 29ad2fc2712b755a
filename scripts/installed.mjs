import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A package in a lock file.
 * @typedef {object} Entry
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 */

/**
 * Whether node_modules/ holds what package-lock.json names, for this platform. npm writes its own record,
 * node_modules/.package-lock.json, at the end of an installation: one that broke off leaves none, and one
 * that npm did in another way than ours counts as well.
 * @param {string} root the package's folder
 */
export function isInstalled(root) {
  const wanted = readPackages(join(root, "package-lock.json"));
  const present = readPackages(join(root, "node_modules/.package-lock.json"));
  if (!wanted) throw new Error(`package-lock.json is missing in ${root}`);
  if (!present) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "" || !isForThisPlatform(entry)) return true;
    return (
      present[path]?.version === entry.version &&
      present[path]?.integrity === entry.integrity &&
      existsSync(join(root, path, "package.json"))
    );
  });
}

/**
 * The entries of a lock file by their path, or null where there is no such file or only half of one.
 * @param {string} path
 * @returns {Record<string, Entry> | null}
 */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages ?? null;
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return null;
    throw error;
  }
}

// Which C library a Linux has is left to npm: of two optional packages that differ in it alone, it takes one.
/** @param {Entry} entry */
function isForThisPlatform({ optional, os, cpu, libc }) {
  if (!optional) return true;
  return !libc && os?.includes(process.platform) === true && cpu?.includes(process.arch) === true;
}
