import { existsSync } from "node:fs";
import { openFile } from "../../bytes/index.ts";
import { type ElfFile, readElfFile } from "../../elf/index.ts";
import { CoregramError } from "../../terms/index.ts";
import { type Core, rootFor } from "../core.ts";
import { memorySource } from "../memory-source.ts";
import { matchModule } from "./module-match.ts";
import { type Module, VDSO } from "./modules.ts";
import { resolveInside } from "./sysroot.ts";

/** What is known of a module's file on this machine. */
export interface ModuleFile {
  readonly module: Module;
  /** Where it is; null where there is none, or it is not for us to open. */
  readonly path: string | null;
  /** Whether it is the one that was loaded; null where there is none, or it is no ELF file. */
  readonly matches: boolean | null;
  /** How that is known, or why the file is not used: a clause, such as `has the build ID …`. */
  readonly reason: string;
}

/** A module's file, open until `close` where it is the one that was loaded. */
export interface OpenModuleFile extends ModuleFile {
  readonly file: ElfFile | null;
  /** Address in memory minus address in the file; null where the file does not match. */
  readonly loadBias: bigint | null;
  close(): void;
}

/**
 * Finds and opens the file of a module, as a core names it, inside of `root` (`/` for this machine). Only regular
 * files are opened, never what lies in /proc, /dev or /sys, and a file that is not the one that was loaded is not
 * used. The vdso is no file: it is read from the core's own memory.
 * @throws CoregramError never for what is wrong with a module's file: that is its `reason`
 */
export function openModuleFile(core: Core, module: Module, root: string): OpenModuleFile {
  if (module.isElf === false) return none(module, null, "is no ELF file");
  if (module.path === VDSO) return readVdso(core, module) ?? none(module, null, "is not saved");
  const path = findPath(core, module, root);
  if (path === null) return none(module, null, "is not found");
  let close = () => {};
  try {
    const source = openFile(path);
    close = () => source.close();
    const file = readElfFile(source);
    if (file !== null) {
      const { matches, why, loadBias } = matchModule(core, module, file);
      if (matches) return { module, path, matches, reason: why, file, loadBias, close };
      close();
      return { ...none(module, path, why), matches };
    }
    close();
    return none(module, path, "is no ELF file");
  } catch (error) {
    close();
    if (!(error instanceof CoregramError)) throw error;
    return none(module, path, `cannot be read: ${error.message}`);
  }
}

/** A living process's files are there even where they have been deleted, for those who may look (proc(5), map_files). */
function findPath(core: Core, module: Module, root: string): string | null {
  const [mapping] = module.mappings;
  const range = mapping && `${mapping.start.toString(16)}-${mapping.end.toString(16)}`;
  const mapped = core.process && range ? `${core.process.folder}/map_files/${range}` : null;
  const kept = mapped !== null && existsSync(mapped) ? mapped : null;
  const named = resolveInside(rootFor(core, root), module.path);
  return module.deleted ? (kept ?? named) : (named ?? kept);
}

function none(module: Module, path: string | null, reason: string): OpenModuleFile {
  return { module, path, matches: null, reason, file: null, loadBias: null, close() {} };
}

function readVdso(core: Core, module: Module): OpenModuleFile | null {
  try {
    const file = readElfFile(memorySource(core.image, module, VDSO));
    if (file === null || module.loadBias === null) return null;
    const { loadBias } = module;
    return { module, path: null, matches: true, reason: "memory", file, loadBias, close() {} };
  } catch (error) {
    if (!(error instanceof CoregramError)) throw error;
    return null;
  }
}
