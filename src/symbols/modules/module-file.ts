import { type ByteSource, openFile } from "../../bytes/index.ts";
import { type Core, type Module, memorySource } from "../../image/index.ts";
import { CoregramError } from "../../terms/index.ts";
import { openDebugFile } from "./debug-file.ts";
import { type ElfFile, readElfFile } from "./elf-file.ts";
import { matchModule } from "./module-match.ts";
import { resolveInside } from "./sysroot.ts";

/** Where the symbols of a module can be read, and what is known of its file. */
export interface ModuleFile {
  readonly module: Module;
  /** Where its file is on this machine; null where there is none, or it is not for us to open. */
  readonly path: string | null;
  /** Whether that file is the one that was loaded; null where there is none, or it is no ELF file. */
  readonly matches: boolean | null;
  /** How that is known, or why the file is not used: a clause, such as `has the build ID …`. */
  readonly reason: string;
  /** The separate debug file that has its symbols. */
  readonly debugPath: string | null;
}

/** Files of a module, open until `close`. */
export interface OpenModule extends ModuleFile {
  readonly file: ElfFile | null;
  readonly debug: ElfFile | null;
  readonly loadBias: bigint | null;
  close(): void;
}

/**
 * Finds and opens the file of a module, as a core names it, inside of `root` (`/` for this machine), and its separate
 * debug file. Only regular files are opened, never what lies in /proc, /dev or /sys, and a file that is not the one
 * that was loaded is not used. The vdso is no file: it is read from the core's own memory.
 * @throws CoregramError never for what is wrong with a module's file: that is its `reason`
 */
export function openModule(core: Core, module: Module, root: string): OpenModule {
  const opened: ByteSource[] = [];
  const close = () => {
    for (const source of opened) source.close();
  };
  const found = findFile(core, module, root, opened);
  const bias = found.loadBias ?? (module.buildId === null ? null : module.loadBias);
  const buildId = module.buildId ?? found.file?.buildId ?? null;
  const isFile = bias !== null && module.path !== VDSO;
  const debug = isFile ? openDebugFile(root, module.path, buildId, found.file) : null;
  if (debug) opened.push(debug.source);
  return { module, ...found, loadBias: bias, debug, debugPath: debug?.source.name ?? null, close };
}

/** What `openModule` finds, without keeping it open. */
export function locateModule(core: Core, module: Module, root: string): ModuleFile {
  const { path, matches, reason, debugPath, close } = openModule(core, module, root);
  close();
  return { module, path, matches, reason, debugPath };
}

type FoundFile = Pick<OpenModule, "path" | "matches" | "reason" | "file" | "loadBias">;

const VDSO = "[vdso]";

function findFile(core: Core, module: Module, root: string, opened: ByteSource[]): FoundFile {
  const none = (path: string | null, reason: string): FoundFile => ({
    path,
    matches: null,
    reason,
    file: null,
    loadBias: null,
  });
  if (module.isElf === false) return none(null, "is no ELF file");
  if (module.path === VDSO) return readVdso(core, module) ?? none(null, "is not saved");
  const path = resolveInside(root, module.path);
  if (path === null) return none(null, "is not found");
  try {
    const source = openFile(path);
    opened.push(source);
    const file = readElfFile(source);
    if (file === null) return none(path, "is no ELF file");
    const { matches, why, loadBias } = matchModule(core, module, file);
    return { path, matches, reason: why, file: matches ? file : null, loadBias };
  } catch (error) {
    if (!(error instanceof CoregramError)) throw error;
    return none(path, `cannot be read: ${error.message}`);
  }
}

function readVdso(core: Core, module: Module): FoundFile | null {
  try {
    const file = readElfFile(memorySource(core.image, module, VDSO));
    if (file === null || module.loadBias === null) return null;
    return { path: null, matches: true, reason: "memory", file, loadBias: module.loadBias };
  } catch (error) {
    if (!(error instanceof CoregramError)) throw error;
    return null;
  }
}
