import { AddressTags, readModules, type TargetContents } from "../image/index.ts";
import {
  demangle,
  Names,
  readModuleSymbols,
  type SymbolMap,
  type SymbolTable,
  type Untag,
} from "../symbols/index.ts";
import type { Listener } from "../terms/index.ts";
import { type ModuleOptions, rootOf } from "./options.ts";
import { readSymbolMaps, type SymbolInput } from "./symbol-maps.ts";

/** What words are called. */
export interface NamingOptions extends ModuleOptions {
  /** Symbol maps, first to last; the first that knows an address names it, before the modules do. */
  readonly symbols?: readonly SymbolInput[] | undefined;
  /** Whether anything is named at all; true by default. */
  readonly names?: boolean | undefined;
  /** Whether C++ and Rust names are shown as they stand in the source; true by default. */
  readonly demangle?: boolean | undefined;
  /** Where a symbol has no size, give its name to all addresses up to the next: a guess. False by default. */
  readonly nearest?: boolean | undefined;
}

/**
 * Where names come from: the maps that the user named, first to last, then the modules that the core names.
 * Maps are read at once, because they may be wrong, and sorted for the words that need a name; modules are read only for
 * those.
 */
export class Naming {
  private constructor(
    private readonly options: NamingOptions,
    private readonly contents: TargetContents,
    private readonly listener: Listener,
    private readonly maps: readonly SymbolMap[],
  ) {}

  /** @throws CoregramError where a map cannot be read */
  static async open(options: NamingOptions, contents: TargetContents, listener: Listener): Promise<Naming> {
    const { name } = contents.source;
    const maps = options.names === false ? [] : await readSymbolMaps(options.symbols ?? [], name, listener);
    return new Naming(options, contents, listener, maps);
  }

  /**
   * The names of these words, or of all words there may be. Null where nothing can name anything.
   * @throws CoregramError `limit` where the modules have more symbols than a table can hold
   */
  async names(words?: readonly bigint[]): Promise<Names | null> {
    const { names, nearest, demangle: isDemangled } = this.options;
    if (names === false) return null;
    const untag = this.untag();
    const wanted = words && withUntagged(words, untag);
    const modules = await this.moduleTable(wanted);
    const maps = this.maps.map((map) => (wanted && !nearest ? map.tableFor(wanted) : map.table));
    const tables = modules ? [...maps, modules] : maps;
    if (tables.length === 0) return null;
    return new Names(tables, nearest === true, isDemangled === false ? undefined : demangle, untag);
  }

  private untag(): Untag | null {
    const { core } = this.contents;
    if (core === null) return null;
    const tags = new AddressTags(core, false);
    return tags.mayBe ? (word) => tags.strip(word) : null;
  }

  private async moduleTable(words?: readonly bigint[]): Promise<SymbolTable | null> {
    const { core, source } = this.contents;
    const root = rootOf(this.options);
    if (!core || root === null) return null;
    const { table, notes } = await readModuleSymbols(core, readModules(core), {
      root,
      ...(words ? { words, covering: this.options.nearest !== true } : {}),
    });
    for (const text of notes) this.listener({ kind: "warning", target: source.name, text });
    return table.length > 0 ? table : null;
  }
}

/** The words, and those that they are without their tags. */
function withUntagged(words: readonly bigint[], untag: Untag | null): readonly bigint[] {
  if (untag === null) return words;
  return words.flatMap((word) => [word, untag(word)?.address ?? word]);
}
