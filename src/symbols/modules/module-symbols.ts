import { basename } from "node:path";
import { type Core, findModule, type Module } from "../../image/index.ts";
import { CoregramError, printable, shortenIds } from "../../terms/index.ts";
import type { SymbolTable } from "../table/table.ts";
import { SymbolTableBuilder } from "../table/table-builder.ts";
import { addFileSymbols, type SymbolOrigin } from "./elf-table.ts";
import { type ModuleSymbolFiles, openModule } from "./open-module.ts";

/** Where to look for modules, and of which to read the symbols. */
export interface ModuleSymbolsOptions {
  /** What stands for `/` (`--sysroot`). */
  readonly root: string;
  /** Only modules that one of these addresses lies in; all of them by default. */
  readonly words?: Iterable<bigint>;
  /** And of those only the symbols that cover one: for few words a fraction of the work. `nearest` needs all. */
  readonly covering?: boolean;
}

/** The names of a core's modules. */
export interface ModuleSymbols {
  readonly table: SymbolTable;
  /** Of the modules that were looked at, in the order of their addresses. */
  readonly modules: readonly (ModuleSymbolFiles & { readonly origin: SymbolOrigin })[];
  /** One line each on files that are there and cannot be used, or are broken. Printable. */
  readonly notes: readonly string[];
}

/** A file's symbols are read that often at the most: nothing honest is loaded more often (dlmopen has 16 namespaces). */
const MOST_LOADS = 16;

/**
 * Reads the symbols of a core's modules from their files, at the addresses where they were loaded.
 * @param modules as `readModules` returns them
 * @throws CoregramError `limit` where there are more symbols or names than a table can hold
 */
export async function readModuleSymbols(
  core: Core,
  modules: readonly Module[],
  { root, words, covering }: ModuleSymbolsOptions,
): Promise<ModuleSymbols> {
  const lying = words ? wordsByModule(modules, words) : null;
  const wanted = lying ? modules.filter((module) => lying.has(module)) : modules;
  const builder = new SymbolTableBuilder();
  const found: (ModuleSymbolFiles & { readonly origin: SymbolOrigin })[] = [];
  const notes: string[] = [];
  const loads = new Map<string, number>();
  for (const module of wanted) {
    const load = (loads.get(module.path) ?? 0) + 1;
    loads.set(module.path, load);
    if (load > MOST_LOADS) continue;
    const open = openModule(core, module, root);
    const { path, matches, how, reason, debugPath, file, debug, loadBias } = open;
    let origin: SymbolOrigin = "none";
    try {
      const first = file ?? debug;
      const inside = covering ? (lying?.get(module) ?? null) : null;
      if (first && loadBias !== null) origin = await addFileSymbols(builder, first, debug, loadBias, inside);
      if (!file && origin !== "none") origin = "debug file";
      for (const warning of first?.warnings.list() ?? []) {
        notes.push(`${printable(first?.source.name ?? "")}: ${printable(warning)}`);
      }
    } catch (error) {
      if (!(error instanceof CoregramError) || error.code === "limit") throw error;
      notes.push(`${printable(module.path)} cannot be read: ${printable(error.message)}`);
    } finally {
      open.close();
    }
    found.push({ module, path, matches, how, reason, debugPath, origin });
  }
  for (const [path, load] of loads) {
    if (load > MOST_LOADS)
      notes.push(`${printable(path)} is loaded ${load} times: symbols of the first ${MOST_LOADS} are used`);
  }
  notes.push(...refusals(found));
  const table = builder.build();
  const guess = describeGuesses(found, table, lying);
  return { table, modules: found, notes: guess === null ? notes : [...notes, guess] };
}

/** Files that are named; of more it is said how many they are. */
const MOST_SAID = 3;

function refusals(found: readonly ModuleSymbolFiles[]): string[] {
  const refused = found.filter(({ matches }) => matches === false);
  const [only] = refused;
  if (only === undefined) return [];
  if (refused.length === 1)
    return [`${printable(only.path ?? "")} ${shortenIds(printable(only.reason))}: its symbols are not used`];
  const names = refused.slice(0, MOST_SAID).map(({ path }) => printable(basename(path ?? "")));
  const more = refused.length > MOST_SAID ? `, and ${refused.length - MOST_SAID} more` : "";
  return [
    `symbols of ${refused.length} files are not used, as others were loaded: ${names.join(", ")}${more}: see coregram info`,
  ];
}

/** Says of which files the names are that nothing proves; null where none of these words has such a name. */
function describeGuesses(
  found: readonly (ModuleSymbolFiles & { readonly origin: SymbolOrigin })[],
  table: SymbolTable,
  lying: ReadonlyMap<Module, readonly bigint[]> | null,
): string | null {
  const guessed = found.filter(
    ({ how, origin, module }) =>
      how === "layout" &&
      origin !== "none" &&
      (lying === null || lying.get(module)?.some((word) => table.find(word, false) !== null)),
  );
  if (guessed.length === 0) return null;
  const names = guessed.slice(0, MOST_SAID).map(({ path }) => printable(path ?? ""));
  const rest = guessed.length > names.length ? ` and ${guessed.length - names.length} more` : "";
  return `names of ${names.join(", ")}${rest} are a guess: layout fits, no build ID proves that it is the file that was loaded`;
}

function wordsByModule(modules: readonly Module[], words: Iterable<bigint>): Map<Module, bigint[]> {
  const lying = new Map<Module, bigint[]>();
  for (const word of words) {
    const module = findModule(modules, word);
    if (!module) continue;
    const known = lying.get(module);
    if (known) known.push(word);
    else lying.set(module, [word]);
  }
  return lying;
}
