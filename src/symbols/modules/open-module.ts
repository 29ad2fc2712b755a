import type { ElfFile } from "../../elf/index.ts";
import {
  type Core,
  type Module,
  type ModuleFile,
  type OpenModuleFile,
  openModuleFile,
  rootFor,
  VDSO,
} from "../../image/index.ts";
import { openDebugFile } from "./debug-file.ts";

/** Where the symbols of a module can be read. */
export interface ModuleSymbolFiles extends ModuleFile {
  /** The separate debug file that has its symbols. */
  readonly debugPath: string | null;
}

/** Files of a module, open until `close`. */
export interface OpenModule extends ModuleSymbolFiles, OpenModuleFile {
  readonly debug: ElfFile | null;
}

/**
 * Opens the file of a module, see `openModuleFile`, and its separate debug file. That may be there without the other;
 * the build ID that memory has then places it.
 * @throws CoregramError never for what is wrong with a module's file: that is its `reason`
 */
export function openModule(core: Core, module: Module, root: string): OpenModule {
  const found = openModuleFile(core, module, root);
  const loadBias = found.loadBias ?? (module.buildId === null ? null : module.loadBias);
  const buildId = module.buildId ?? found.file?.buildId ?? null;
  const mayHaveOne = loadBias !== null && module.path !== VDSO && module.isLoaded !== false;
  const debug = mayHaveOne ? openDebugFile(rootFor(core, root), module.path, buildId, found.file) : null;
  const close = () => {
    found.close();
    debug?.source.close();
  };
  return { ...found, loadBias, debug, debugPath: debug?.source.name ?? null, close };
}

/** What `openModule` finds, without keeping it open. */
export function locateModule(core: Core, module: Module, root: string): ModuleSymbolFiles {
  const { path, matches, how, reason, debugPath, close } = openModule(core, module, root);
  close();
  return { module, path, matches, how, reason, debugPath };
}
