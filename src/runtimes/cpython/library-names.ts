import { type Core, readModules } from "../../image/index.ts";
import type { LibraryNames } from "../library-names.ts";
import { itemsOfTuple, type NamesOf, shortText } from "./labels/code-text.ts";
import { dictEntries } from "./layout/dict-entries.ts";
import { FLAG, type Layout } from "./layout/layout.ts";
import { PythonMemory } from "./python-memory.ts";
import { STANDARD_MODULES } from "./standard-modules.ts";
import { hasFlag, type TypeObject } from "./types/type-objects.ts";

/** Modules, and code objects, that are looked at. */
const MOST_MODULES = 65_536;
const MOST_CODE = 2 ** 19;
/** Folders that pip and Debian install packages in, wherever they are. */
const INSTALLED = /\/(?:site|dist)-packages\//;
/** Loaders of what is part of the interpreter itself (Lib/importlib/_bootstrap.py). */
const OWN_LOADER = /^_frozen_importlib\.(?:BuiltinImporter|FrozenImporter)$/;
/** The program itself, whatever loads it. */
const PROGRAM = "__main__";
/** Modules that are part of the interpreter have no file, and their code has this for one. */
const FROZEN = /^<frozen (\w+)[\w.]*>$/;
/** The first part of a path in the library's folder that names a module. */
const FIRST_NAME = /^(?:lib-dynload\/)?(\w+)/;

interface FoundModule {
  readonly name: string;
  readonly dict: number;
}

/**
 * Which modules of a core are CPython's own and installed packages, by the files that they were loaded from, and the names
 * that their code has. What cannot be told is taken for the user's own. Null where no Python's modules are found.
 */
export function readLibraryNames(core: Core, root: string | null): LibraryNames | null {
  if (core.header.class !== 64 || core.header.endian !== "little") return null;
  const memory = new PythonMemory(core, readModules(core), root);
  try {
    const modules = memory.findModules();
    const { layout } = memory;
    return modules === null || layout === null ? null : new Library(memory, layout).read(modules);
  } finally {
    memory.close();
  }
}

/** Reads what is the library's. */
class Library {
  readonly #memory: PythonMemory;
  readonly #python: NamesOf;
  readonly #layout: Layout;
  readonly #texts = new Map<number, string | null>();
  readonly #names = new Set<string>();
  /** The last two parts of files' paths, as evidence has them. */
  readonly #ends = new Set<string>();
  readonly #codes = new Set<number>();
  readonly #classes = new Set<number>();
  /** Top names of modules that are not the library's. */
  #own: ReadonlySet<string> = new Set();
  readonly #files = new Map<string, string | null>();
  #folder: string | null = null;

  constructor(memory: PythonMemory, layout: Layout) {
    this.#memory = memory;
    this.#layout = layout;
    this.#python = { reader: memory.reader, layout, typeObjects: memory.types };
  }

  read(modules: number): LibraryNames {
    const found: FoundModule[] = [];
    for (const { key, value } of dictEntries(this.#memory.reader, this.#layout, modules, MOST_MODULES)) {
      const name = this.#text(key);
      if (name === null || !this.#isModule(value)) continue;
      found.push({ name, dict: this.#u64(value + this.#layout.structs.PyModuleObject.md_dict) });
    }
    const files = new Map(found.map((module) => [module, this.#fileOf(module)]));
    this.#folder = standardFolder(found.map((module) => [module.name, files.get(module) ?? null]));
    const library = found.filter((module) => this.#isLibrary(module, files.get(module) ?? null));
    const others = new Set(library.map(({ name }) => topOf(name)));
    this.#own = new Set(found.map(({ name }) => topOf(name)).filter((name) => !others.has(name)));
    for (const module of library) this.#readModule(module);
    const packages = library
      .filter((module) => INSTALLED.test(files.get(module) ?? ""))
      .map(({ name }) => topOf(name));
    return {
      modules: new Set(library.map(({ name }) => name)),
      own: new Set(found.filter((module) => !library.includes(module)).map(({ name }) => name)),
      names: this.#names,
      packages: [...new Set(packages)].sort(),
      fileOf: (path) => this.#fileInLibrary(path),
    };
  }

  #isLibrary({ name, dict }: FoundModule, file: string | null): boolean {
    if (name === PROGRAM) return false;
    if (file !== null) return this.#fileInLibrary(file) !== null;
    if (!STANDARD_MODULES.has(topOf(name))) return false;
    const loader = this.#valueUnder(dict, "__loader__");
    const type = loader === null ? null : this.#memory.typeAt(loader);
    // Its loader is a class of the import system, which nobody else's module has.
    return type !== null && OWN_LOADER.test(this.#memory.nameOf(type).name);
  }

  #fileOf({ dict }: FoundModule): string | null {
    const at = this.#valueUnder(dict, "__file__");
    return at === null ? null : shortText(this.#python, at);
  }

  #fileInLibrary(path: string): string | null {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    if (!path.startsWith("/") && !path.startsWith("<")) return this.#ends.has(path) ? path : null;
    const shown = this.#shownFile(path);
    this.#files.set(path, shown);
    if (shown !== null) this.#ends.add(endOf(path));
    return shown;
  }

  #shownFile(path: string): string | null {
    const [, frozen] = FROZEN.exec(path) ?? [];
    if (frozen !== undefined) return STANDARD_MODULES.has(frozen) ? path : null;
    // What could lead out of a folder again is in none.
    if (!path.startsWith("/") || /\/\.\.?\//.test(path)) return null;
    const installed = INSTALLED.exec(path);
    if (installed !== null) return path.slice(installed.index + 1);
    const folder = this.#folder;
    if (folder === null || !path.startsWith(`${folder}/`)) return null;
    const rest = path.slice(folder.length + 1);
    const [, first = ""] = FIRST_NAME.exec(rest) ?? [];
    return STANDARD_MODULES.has(first) ? `${lastOf(folder)}/${rest}` : null;
  }

  /** What is defined in a module: the names that its functions and classes have themselves, as anybody may put more into it. */
  #readModule({ name, dict }: FoundModule): void {
    for (const part of name.split(".")) this.#names.add(part);
    for (const { value } of dictEntries(this.#memory.reader, this.#layout, dict)) {
      const own = this.#memory.typeAt(value);
      const type = this.#memory.typeOf(value);
      if (own !== null) this.#readClass(own, name);
      else if (type !== null && !hasFlag(type, FLAG.heapType)) this.#readClass(type, name);
      if (this.#isFunction(value)) this.#readFunction(value);
    }
  }

  #readClass(type: TypeObject, module: string): void {
    if (this.#classes.has(type.address)) return;
    const { name } = this.#memory.nameOf(type);
    const isStatic = !hasFlag(type, FLAG.heapType);
    if (isStatic ? this.#own.has(topOf(name)) : !name.startsWith(`${module}.`)) return;
    this.#classes.add(type.address);
    for (const part of name.split(".")) this.#names.add(part);
    for (const { key, value } of dictEntries(this.#memory.reader, this.#layout, type.dict, 4096)) {
      const text = isStatic ? this.#text(key) : null;
      if (text !== null) this.#names.add(text);
      if (this.#isFunction(value)) this.#readFunction(value);
    }
  }

  #readFunction(at: number): void {
    this.#readCode(this.#u64(at + this.#layout.structs.PyFunctionObject.func_code));
  }

  #isFunction(at: number): boolean {
    const type = this.#memory.typeOf(at);
    return type !== null && this.#memory.nameOf(type).name === "builtins.function";
  }

  /** Takes the names of code, and of code in it, where that is of a file of the library's. */
  #readCode(first: number): void {
    const { PyCodeObject } = this.#layout.structs;
    const file = this.#text(this.#u64(first + PyCodeObject.co_filename));
    if (file === null || this.#fileInLibrary(file) === null) return;
    const type = this.#u64(first + this.#layout.structs.PyObject.ob_type);
    const waiting = [first];
    for (let code = waiting.pop(); code !== undefined; code = waiting.pop()) {
      if (this.#codes.has(code) || this.#codes.size >= MOST_CODE) continue;
      this.#codes.add(code);
      for (const field of nameFields(this.#layout)) {
        const at = this.#u64(code + field);
        const alone = this.#text(at);
        for (const text of alone === null
          ? itemsOfTuple(this.#python, at).map((item) => this.#text(item))
          : [alone])
          for (const part of text?.split(".") ?? []) this.#names.add(part);
      }
      for (const item of itemsOfTuple(this.#python, this.#u64(code + PyCodeObject.co_consts)))
        if (this.#u64(item + this.#layout.structs.PyObject.ob_type) === type) waiting.push(item);
    }
  }

  #isModule(at: number): boolean {
    const type = this.#memory.typeOf(at);
    if (type === null) return false;
    for (const name of this.#memory.namesOf(type)) if (name === "builtins.module") return true;
    return false;
  }

  #valueUnder(dict: number, word: string): number | null {
    for (const { key, value } of dictEntries(this.#memory.reader, this.#layout, dict))
      if (this.#text(key) === word) return value;
    return null;
  }

  #text(at: number): string | null {
    const known = this.#texts.get(at);
    if (known !== undefined) return known;
    const text = shortText(this.#python, at);
    this.#texts.set(at, text);
    return text;
  }

  #u64(at: number): number {
    return this.#memory.reader.u64(at);
  }
}

/** The folder of the standard library, by a module of it that is always loaded; null where that has no file. */
function standardFolder(files: readonly (readonly [module: string, file: string | null])[]): string | null {
  const known = new Map(files);
  const [, folder] = /^(\/.+)\/os\.pyc?$/.exec(known.get("os") ?? "") ?? [];
  const [, above] = /^(\/.+)\/encodings\/__init__\.pyc?$/.exec(known.get("encodings") ?? "") ?? [];
  return folder ?? above ?? null;
}

/** Where a code object has the names that are in it: of itself, of what it uses, of its variables. */
function nameFields({ structs: { PyCodeObject } }: Layout): number[] {
  const { co_name, co_names } = PyCodeObject;
  return "co_qualname" in PyCodeObject
    ? [co_name, PyCodeObject.co_qualname, co_names, PyCodeObject.co_localsplusnames]
    : [co_name, co_names, PyCodeObject.co_varnames, PyCodeObject.co_freevars, PyCodeObject.co_cellvars];
}

function topOf(module: string): string {
  return module.split(".", 1)[0] ?? module;
}

function endOf(path: string): string {
  return path.split("/").slice(-2).join("/");
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
