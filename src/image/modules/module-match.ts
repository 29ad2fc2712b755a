import { fstatSync } from "node:fs";
import { isFileSource } from "../../bytes/index.ts";
import { type ElfFile, readBuildId } from "../../elf/index.ts";
import type { Core } from "../core.ts";
import { findMisfit } from "./layout-match.ts";
import { loadBias, loadedSpan } from "./load-bias.ts";
import { type Module, pageBytesOf } from "./modules.ts";

/** By what a file is taken for the one that was loaded. `layout` is a guess, the others prove it. */
export type MatchedBy = "build ID" | "memory" | "layout";

/** Whether a file is the one that was loaded as a module, and how that is known. */
export interface ModuleMatch {
  /** Null where it is taken for the same and nothing proves that. */
  readonly matches: boolean | null;
  /** Null where it is not the one. */
  readonly how: MatchedBy | null;
  /** By what, or why not: a clause whose subject is the file. */
  readonly why: string;
  /** Address in memory minus address in the file; null where the file does not match. */
  readonly loadBias: bigint | null;
}

/**
 * Compares a file with a module: by their build IDs where memory has the module's, which settles it; else by layout,
 * which proves nothing: every mapping must be explained by a load segment, the file's start among them, permissions
 * and ends must agree, and so must what is saved of what is never written; and it must not be newer than the core.
 */
export function matchModule(core: Core, module: Module, file: ElfFile): ModuleMatch {
  const no = (why: string): ModuleMatch => ({ matches: false, how: null, why, loadBias: null });
  const { header } = file;
  if (header.machine !== core.header.machine || header.class !== core.header.class) {
    return no(`is for ${header.machineName}, the core is from ${core.header.machineName}`);
  }
  const page = pageBytesOf(core);
  const bias = module.loadBias ?? loadBias(file.segments, module.mappings, page);
  if (module.buildId !== null) {
    if (file.buildId === null) return no(`has no build ID, the module in memory has ${module.buildId}`);
    if (file.buildId !== module.buildId) {
      return no(`has the build ID ${file.buildId}, the module in memory has ${module.buildId}`);
    }
    return bias === null
      ? no("is mapped nowhere as its segments say")
      : { matches: true, how: "build ID", why: "build ID", loadBias: bias };
  }
  // One that only a note section has is not in memory.
  const loadedId = module.lacksBuildId ? readBuildId(file.source, header, file.segments) : null;
  if (loadedId !== null) return no(`has the build ID ${loadedId}, the module in memory has none`);
  if (module.deleted) return no("replaced the one that was loaded, which had been deleted");
  if (bias === null) return no("has no load segment where it is mapped");
  if (module.mappings.length === 0 && loadedSpan(file.segments, bias, page)?.start !== module.start) {
    return no("has its load segments elsewhere");
  }
  if (isNewer(core, file)) return no("is newer than the core, and no build ID tells whether it is the same");
  const misfit = findMisfit(core.image, module.mappings, file, bias, page);
  return misfit === null
    ? { matches: null, how: "layout", why: "layout, not proven", loadBias: bias }
    : no(misfit);
}

function isNewer(core: Core, file: ElfFile): boolean {
  const { source } = core.image;
  if (!isFileSource(source) || !isFileSource(file.source)) return false;
  return fstatSync(file.source.fd).mtimeMs > fstatSync(source.fd).mtimeMs;
}
