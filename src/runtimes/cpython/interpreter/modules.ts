import type { RuntimeModule } from "../../runtime-facts.ts";
import { dictEntries } from "../layout/dict-entries.ts";
import type { Layout } from "../layout/layout.ts";
import type { PythonMemory } from "../python-memory.ts";
import { textOf } from "../types/names.ts";
import { basesOf, type TypeObject } from "../types/type-objects.ts";

/** Modules that are read; large programs have some thousand. */
const MOST_MODULES = 2 ** 15;
/** Entries of a module's dict that are looked at: what is looked for is set first. */
const MOST_NAMES = 512;
/** Characters of a name, a path or a version. */
const MOST_TEXT = 4096;

/** What sys.modules has. */
export interface LoadedModules {
  readonly modules: readonly RuntimeModule[];
  readonly isCut: boolean;
  /** The dict of the module of that name; NaN where there is none. */
  dictOf(name: string): number;
}

/** The modules of the dict at the address, which is sys.modules. What stands in it in place of a module is left out. */
export function readPythonModules(memory: PythonMemory, layout: Layout, at: number): LoadedModules {
  const { reader, types } = memory;
  const names = new InternedNames(memory, layout, ["__file__", "__version__"]);
  const found: Omit<RuntimeModule, "origin">[] = [];
  const dicts = new Map<string, number>();
  let isCut = false;
  let moduleType: TypeObject | null = null;
  for (const { key, value } of dictEntries(reader, layout, at, MOST_MODULES + 1)) {
    const name = textOf(reader, layout, types, key, MOST_TEXT);
    const type = name === null ? null : memory.typeOf(value);
    if (name === null || type === null) continue;
    // The first is a module, sys: none of a program's own is there before it.
    moduleType ??= type;
    if (![...basesOf(type, types.all)].includes(moduleType)) continue;
    isCut = found.length === MOST_MODULES;
    if (isCut) break;
    const dict = reader.u64(value + layout.structs.PyModuleObject.md_dict);
    dicts.set(name, dict);
    const [file, version] = names
      .valuesIn(dict)
      .map((text) => textOf(reader, layout, types, text, MOST_TEXT));
    found.push({ name, file: file ?? null, version: version ?? null });
  }
  const library = found.find(({ name }) => name === "os")?.file?.replace(/os\.pyc?$/, "") ?? null;
  return {
    modules: found.map((module) => ({ ...module, origin: originOf(module, library) })),
    isCut,
    dictOf: (name) => dicts.get(name) ?? Number.NaN,
  };
}

/** By its file: the standard library is where `os` is, but for what is installed into a folder of it (site.py). */
function originOf({ name, file }: { name: string; file: string | null }, library: string | null) {
  if (file === null) return name === "__main__" ? "own" : "built-in";
  if (/\/(?:site|dist)-packages\//.test(file)) return "installed";
  return library !== null && file.startsWith(library) ? "standard" : "own";
}

/**
 * Looks names up in dicts. A name that code sets is one str for all modules: once it is known, the dicts' tables tell, and no
 * other name is read.
 */
class InternedNames {
  readonly #memory: PythonMemory;
  readonly #layout: Layout;
  readonly #names: readonly string[];
  /** By the names' order; 0 as long as it is not known. */
  readonly #known: number[];

  constructor(memory: PythonMemory, layout: Layout, names: readonly string[]) {
    this.#memory = memory;
    this.#layout = layout;
    this.#names = names;
    this.#known = names.map(() => 0);
  }

  /** What the dict has by the names; NaN where it has none. */
  valuesIn(dict: number): number[] {
    const values = this.#names.map(() => Number.NaN);
    let isLooking = this.#known.includes(0);
    for (const { key, value } of dictEntries(this.#memory.reader, this.#layout, dict, MOST_NAMES)) {
      let index = this.#known.indexOf(key);
      if (index < 0 && isLooking) {
        index = this.#indexOf(key);
        if (index >= 0) this.#known[index] = key;
        isLooking = this.#known.includes(0);
      }
      if (index >= 0) values[index] = value;
    }
    return values;
  }

  #indexOf(key: number): number {
    const { reader, types } = this.#memory;
    // Of nearly all names the length tells that they are others.
    const length = reader.u64(key + this.#layout.structs.PyASCIIObject.length);
    const index = this.#names.findIndex((name, at) => name.length === length && this.#known[at] === 0);
    if (index < 0) return -1;
    return textOf(reader, this.#layout, types, key) === this.#names[index] ? index : -1;
  }
}
