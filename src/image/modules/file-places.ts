import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Core, rootFor } from "../core.ts";
import type { Module } from "./modules.ts";
import { resolveInside } from "./sysroot.ts";

/** A build ID of fewer digits names no file of its own. */
const LEAST_DIGITS = 4;

/**
 * Where the file of a module may be: at the path that the process saw; and where it may be besides, if its build ID
 * proves it: a relative path, as programs are started by, from here and from the core's folder; the names that
 * distributions link from build IDs; what debuginfod's client has fetched (elfutils, debuginfod_find_debuginfo(3)).
 */
export function placesToLook(
  core: Core,
  module: Module,
  root: string,
): { readonly own: string | null; readonly others: readonly string[] } {
  const { path, buildId } = module;
  const own = ownPlace(core, module, root);
  const others: (string | null)[] = [];
  if (path !== "" && !path.startsWith("/")) {
    for (const folder of [".", dirname(core.image.source.name)]) {
      others.push(resolveInside("/", resolve(folder, path)));
    }
  }
  if (buildId !== null && buildId.length >= LEAST_DIGITS) {
    const name = `.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}`;
    const inside = rootFor(core, root);
    others.push(resolveInside(inside, `/usr/lib/debug/${name}`), resolveInside(inside, `/usr/lib/${name}`));
    others.push(fetchedFile(buildId, "executable"));
  }
  return { own, others: others.flatMap((at) => (at === null ? [] : [at])) };
}

/** A living process's files are there even where they have been deleted, for those who may look (proc(5), map_files). */
function ownPlace(core: Core, module: Module, root: string): string | null {
  const [mapping] = module.mappings;
  const range = mapping && `${mapping.start.toString(16)}-${mapping.end.toString(16)}`;
  const mapped = core.process && range ? `${core.process.folder}/map_files/${range}` : null;
  const kept = mapped !== null && existsSync(mapped) ? mapped : null;
  const named = resolveInside(rootFor(core, root), module.path);
  return module.deleted ? (kept ?? named) : (named ?? kept);
}

/** A file of a build ID in the cache of debuginfod's client, which is this machine's own; null where it has none. */
export function fetchedFile(buildId: string, kind: "executable" | "debuginfo"): string | null {
  return resolveInside("/", join(homedir(), ".cache/debuginfod_client", buildId, kind));
}
