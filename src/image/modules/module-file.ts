import { openFile } from "../../bytes/index.ts";
import { type ElfFile, readElfFile } from "../../elf/index.ts";
import { CoregramError } from "../../terms/index.ts";
import type { Core } from "../core.ts";
import { memorySource } from "../memory-source.ts";
import { placesToLook } from "./file-places.ts";
import { type MatchedBy, matchModule } from "./module-match.ts";
import { type Module, VDSO } from "./modules.ts";

/** What is known of a module's file on this machine. */
export interface ModuleFile {
  readonly module: Module;
  /** Where it is; null where there is none, or it is not for us to open. */
  readonly path: string | null;
  /** Whether it is the one that was loaded; null where there is none, it is no ELF file, or `how` is a guess. */
  readonly matches: boolean | null;
  /** By what it is taken for that; null where it is not. */
  readonly how: MatchedBy | null;
  /** How that is known, or why the file is not used: a clause, such as `has the build ID …`. */
  readonly reason: string;
}

/** A module's file, open until `close` where it is taken for the one that was loaded. */
export interface OpenModuleFile extends ModuleFile {
  readonly file: ElfFile | null;
  /** Address in memory minus address in the file; null where the file does not match. */
  readonly loadBias: bigint | null;
  close(): void;
}

/**
 * Finds and opens the file of a module, as a core names it, inside of `root` (`/` for this machine). Only regular
 * files are opened, never what lies in /proc, /dev or /sys, and a file that is not the one that was loaded is not
 * used. Where nothing is at its path, files that may be its own are looked for, and must prove it by their build ID.
 * The vdso is no file: it is read from the core's own memory.
 * @throws CoregramError never for what is wrong with a module's file: that is its `reason`
 */
export function openModuleFile(core: Core, module: Module, root: string): OpenModuleFile {
  if (module.isElf === false) return none(module, null, "is no ELF file");
  if (module.isLoaded === false) return none(module, null, "is mapped as data");
  if (module.path === VDSO) return readVdso(core, module) ?? none(module, null, "is not saved");
  const { own, others } = placesToLook(core, module, root);
  const first = own === null ? none(module, null, "is not found") : openAt(core, module, own);
  if (first.file !== null || module.buildId === null) return first;
  for (const path of others) {
    const found = openAt(core, module, path);
    if (found.how === "build ID") return found;
    found.close();
  }
  return first;
}

function openAt(core: Core, module: Module, path: string): OpenModuleFile {
  let close = () => {};
  try {
    const source = openFile(path);
    close = () => source.close();
    const file = readElfFile(source);
    if (file !== null) {
      const { matches, how, why, loadBias } = matchModule(core, module, file);
      if (how !== null) return { module, path, matches, how, reason: why, file, loadBias, close };
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

function none(module: Module, path: string | null, reason: string): OpenModuleFile {
  return { module, path, matches: null, how: null, reason, file: null, loadBias: null, close() {} };
}

function readVdso(core: Core, module: Module): OpenModuleFile | null {
  try {
    const file = readElfFile(memorySource(core.image, module, VDSO));
    if (file === null || module.loadBias === null) return null;
    const { loadBias } = module;
    return { module, path: null, matches: true, how: "memory", reason: "memory", file, loadBias, close() {} };
  } catch (error) {
    if (!(error instanceof CoregramError)) throw error;
    return null;
  }
}
