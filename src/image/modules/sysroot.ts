import { lstatSync, readlinkSync } from "node:fs";
import { posix } from "node:path";

/** As many links as Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;
/** More than PATH_MAX has room for, so that no path costs more than a kernel would spend on it. */
const MOST_PARTS = 2048;
/** What lies here is no module of anyone, and to look at it may do things. */
const FORBIDDEN = ["/proc", "/dev", "/sys"];

/**
 * Where a path that a core names really is: every link followed as the process would have, with `root` as its `/`,
 * so that neither an absolute link nor `..` leads out of it. Null where it leads to no regular file, or into /proc,
 * /dev or /sys, of which nothing is even looked at. `root` itself is the user's word and may be anywhere, such as
 * /proc/PID/root.
 */
export function resolveInside(root: string, path: string): string | null {
  if (!path.startsWith("/") || path.includes("\0")) return null;
  // The next part is the last: a path of two thousand costs no more than its parts.
  const left = partsOf(path).reverse();
  const known = new Map<string, Seen | null>();
  let links = 0;
  let inside = "/";
  for (let steps = 0; left.length > 0; steps++) {
    if (steps > MOST_PARTS || left.length > MOST_PARTS) return null;
    const part = left.pop() ?? "";
    if (part === "..") {
      inside = posix.dirname(inside);
      continue;
    }
    const next = posix.join(inside, part);
    if (FORBIDDEN.includes(next)) return null;
    const seen = known.has(next) ? known.get(next) : look(outside(root, next));
    known.set(next, seen ?? null);
    if (!seen) return null;
    if (seen.target === null) {
      if (left.length === 0) return seen.isFile ? outside(root, next) : null;
      inside = next;
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return null;
    if (seen.target.startsWith("/")) inside = "/";
    left.push(...partsOf(seen.target).reverse());
  }
  return null;
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

function outside(root: string, inside: string): string {
  return root === "/" ? inside : `${root.replace(/\/+$/, "")}${inside}`;
}

interface Seen {
  readonly isFile: boolean;
  /** Where it points to, if it is a link. */
  readonly target: string | null;
}

function look(path: string): Seen | null {
  try {
    const stats = lstatSync(path);
    return { isFile: stats.isFile(), target: stats.isSymbolicLink() ? readlinkSync(path) : null };
  } catch {
    return null;
  }
}
