import { readModules } from "../image/index.ts";
import { demangle, Names, readModuleSymbols, type SymbolMap, type SymbolTable } from "../symbols/index.ts";
import type { Notes } from "./shell/notes.ts";
import type { Subject } from "./subject.ts";
import { readSymbolMaps } from "./symbol-maps.ts";

/** The options that decide what words are called. */
export interface NamingArgs {
  readonly symbols: string[] | undefined;
  readonly noNames: boolean | undefined;
  readonly noModules: boolean | undefined;
  readonly noDemangle: boolean | undefined;
  readonly nearest: boolean | undefined;
  readonly sysroot: string | undefined;
}

/**
 * Where names come from: the maps that the user named, first to last, then the modules that the core names.
 * Maps are read at once, because they may be wrong, and sorted for the words that need a name; modules are read only for
 * those.
 */
export class Naming {
  private constructor(
    private readonly args: NamingArgs,
    private readonly subject: Subject,
    private readonly notes: Notes,
    private readonly maps: readonly SymbolMap[],
  ) {}

  /** @throws CoregramError where a map cannot be read */
  static async open(args: NamingArgs, subject: Subject, notes: Notes): Promise<Naming> {
    const maps = args.noNames ? [] : await readSymbolMaps(args.symbols ?? [], notes);
    return new Naming(args, subject, notes, maps);
  }

  /**
   * The names of these words, or of all words there may be. Null where nothing can name anything.
   * @throws CoregramError `limit` where the modules have more symbols than a table can hold
   */
  async names(words?: readonly bigint[]): Promise<Names | null> {
    if (this.args.noNames) return null;
    const modules = await this.moduleTable(words);
    const maps = this.maps.map((map) => (words && !this.args.nearest ? map.tableFor(words) : map.table));
    const tables = modules ? [...maps, modules] : maps;
    if (tables.length === 0) return null;
    return new Names(tables, this.args.nearest === true, this.args.noDemangle ? undefined : demangle);
  }

  private async moduleTable(words?: readonly bigint[]): Promise<SymbolTable | null> {
    const { core } = this.subject;
    if (!core || this.args.noModules) return null;
    const { table, notes } = await readModuleSymbols(core, readModules(core), {
      root: this.args.sysroot ?? "/",
      ...(words ? { words, covering: this.args.nearest !== true } : {}),
    });
    for (const note of notes) this.notes.warn(note);
    return table.length > 0 ? table : null;
  }
}
