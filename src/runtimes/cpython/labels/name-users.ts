import type { NameUser } from "../../references.ts";
import { type Change, changesIn } from "../bytecode/changes.ts";
import { instructionsOf } from "../bytecode/instructions.ts";
import { isInLoop } from "../bytecode/jumps.ts";
import { localsOf } from "../bytecode/locals.ts";
import { type ChangeKind, changeByMethod } from "../bytecode/operations.ts";
import type { Scope } from "../bytecode/scope.ts";
import { CONTAINER, HOLDER, type Seen } from "../bytecode/values.ts";
import type { PythonEdges } from "../edges/edges.ts";
import { lineAt } from "../layout/code-lines.ts";
import type { ObjectTable } from "../objects/object-table.ts";
import { type Python, typeNameOf } from "../python.ts";
import { cellPlace, firstParameter, itemsOfTuple, namesOfCode, shortText } from "./code-text.ts";
import { HeldPlace } from "./held-place.ts";
import { Namespaces } from "./namespaces.ts";

/** What gives an object its first attributes. */
const MAKING: ReadonlySet<string> = new Set([
  "__init__",
  "__new__",
  "__post_init__",
  "__setstate__",
  "__init_subclass__",
]);
/** By convention: a static method's first parameter goes by another name. */
const RECEIVER = /^_?(self|cls|klass|mcs|this)$/;
/** What has the same name and an unknown holder is likely the same only where few functions add to such. */
const MOST_NAMESAKES = 3;
/** Instructions followed for one container, and names read for it. */
const MOST_INSTRUCTIONS = 2 ** 24;
/** What is known of a receiver that is no holder: that it is another object. */
const OTHER: Seen = { kind: "object", address: 0 };
/** Functions that name another which are asked for what they are called. */
const MOST_CALLERS = 1000;
/** Calls that a container is followed through. */
const MOST_CALLS = 3;
/** Names looked at in all: damaged tables could name the same again and again. */
const MOST_NAMES = 2 ** 24;

/** A function object that names something, and what is read of it. */
interface NamingFunction {
  readonly node: number;
  readonly at: number;
  readonly code: number;
  readonly module: string;
  readonly qualname: string;
  readonly names: readonly string[];
}

/** What is looked for, and what was found on the way. */
interface Search extends Pick<Scope, "attribute" | "container"> {
  readonly place: HeldPlace;
  readonly holderName: string;
  readonly methods: Map<string, ChangeKind>;
  readonly kept: Map<string, ChangeKind>;
  readonly namesakes: Map<string, NameUser>;
}

/** Which functions' code names an attribute, and what their instructions do to what it holds. */
export class NameUsers {
  readonly #python: Python;
  readonly #table: ObjectTable;
  readonly #scans: PythonEdges["scans"];
  readonly #namespaces: Namespaces;
  #byName: ReadonlyMap<string, readonly number[]> | null = null;
  #left = 0;

  constructor(python: Python, table: ObjectTable, { scans }: Pick<PythonEdges, "scans">) {
    this.#python = python;
    this.#table = table;
    this.#scans = scans;
    this.#namespaces = new Namespaces(python);
  }

  /**
   * Functions that add to a container come first, then those that may, those that take from it, and those that only
   * name it: together with its holder, or in the methods of the holder's class and its bases or, where the holder is a
   * module, in its functions.
   * @param container an object, as `holder` is
   * @param attribute what the holder calls it
   */
  of(container: number, holder: number, attribute: string): NameUser[] {
    const table = this.#table;
    const place = new HeldPlace(
      this.#python,
      this.#namespaces,
      table.address(container),
      table.address(holder),
    );
    const search: Search = {
      ...{ place, attribute, container: this.#kindOf(container), holderName: this.#nameOf(holder) },
      ...{ methods: new Map(), kept: new Map(), namesakes: new Map() },
    };
    this.#left = MOST_INSTRUCTIONS;
    const found = new Map(this.#usersNaming(attribute, search));
    for (const [name, change] of search.kept) search.methods.set(name, change);
    for (const name of search.methods.keys())
      for (const [key, user] of this.#usersNaming(name, search)) found.set(key, user);
    for (const at of place.members()) {
      const node = this.#left > 0 ? table.find(at) : -1;
      if (node < 0 || !this.#isFunction(node)) continue;
      for (const user of this.#usesOf(this.#functionOf(node), search, CONTAINER))
        found.set(keyOf(user), user);
    }
    const isSure = [...found.values()].some(({ adds }) => adds);
    if (!isSure && search.namesakes.size <= MOST_NAMESAKES)
      for (const [key, user] of search.namesakes) found.set(key, user);
    return [...found.values()].sort(
      (a, b) =>
        rankOf(a) - rankOf(b) ||
        (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
        a.line - b.line ||
        (a.function < b.function ? -1 : 1),
    );
  }

  *#usersNaming(name: string, search: Search): Generator<[string, NameUser]> {
    for (const node of this.#naming(name)) {
      if (this.#left <= 0) return;
      for (const user of this.#usesOf(this.#functionOf(node), search)) yield [keyOf(user), user];
    }
  }

  /** @param given what the function has for its first argument, where that is not as its class says */
  *#usesOf(user: NamingFunction, search: Search, given: Seen = null): Generator<NameUser> {
    const { place, holderName, kept } = search;
    const { reader, layout, typeObjects } = this.#python;
    const { code, names, qualname } = user;
    const name = qualname.slice(qualname.lastIndexOf(".") + 1);
    const full = `${user.module}.${qualname}`;
    const isMethod = place.classes.has(full.slice(0, full.lastIndexOf(".")));
    const isOwn =
      [...place.classes].some((each) => full.startsWith(`${each}.`)) ||
      (user.module !== "" && user.module === holderName);
    const makes = MAKING.has(name);
    const instructions = instructionsOf(reader, layout, typeObjects, code);
    this.#left -= 1 + names.length + (instructions?.length ?? 0);
    const path = shortText(this.#python, reader.u64(code + layout.structs.PyCodeObject.co_filename)) ?? "?";
    const file = path.split("/").slice(-2).join("/");
    const named = {
      ...{ file, function: qualname, adds: false, removes: false, replaces: false },
      ...{ mayAdd: false, mayRemove: false },
      ...{ once: false, callers: "none" as const, object: user.node },
    };
    if (instructions !== null) {
      const hasReceiver = RECEIVER.test(firstParameter(this.#python, code) ?? "");
      const first = hasReceiver ? (given ?? (isMethod ? HOLDER : OTHER)) : null;
      const { changes, kept: more } = changesIn(instructions, {
        ...search,
        ...this.#scopeOf(user, place, first),
        minor: layout.minor,
        parameters: reader.i32(code + layout.structs.PyCodeObject.co_argcount),
        makes,
      });
      for (const [each, change] of more) kept.set(each, change);
      const lineOf = ({ at }: Change) => lineAt(reader, layout, code, at);
      const adding = changes.find(({ kind }) => kind === "adds");
      const removing = changes.find(({ kind }) => kind === "removes");
      const added = (kind: Change["kind"]) => ({
        once: changes.some((each) => each.kind === kind && !isInLoop(instructions, each.at, layout.minor)),
        callers: this.#callersOf(user, name),
      });
      if (adding !== undefined) yield { ...named, ...added("adds"), line: lineOf(adding), adds: true };
      const replacing = changes.find(({ kind }) => kind === "replaces");
      if (removing !== undefined) yield { ...named, line: lineOf(removing), removes: true };
      else if (replacing !== undefined) {
        const callers = this.#callersOf(user, name);
        yield { ...named, callers, line: lineOf(replacing), removes: true, replaces: true };
      }
      const passing = changes.find((each) => this.#mayBound(each, search));
      if (passing !== undefined) yield { ...named, line: lineOf(passing), mayRemove: true };
      const likely = changes.find(({ kind }) => kind === "may add");
      if (likely !== undefined && adding === undefined) {
        const namesake = { ...named, ...added("may add"), line: lineOf(likely), mayAdd: true };
        search.namesakes.set(keyOf(namesake), namesake);
      }
      if (changes.length > 0) return;
    }
    if (!names.includes(search.attribute)) return;
    if (!isOwn && !names.includes(holderName.slice(holderName.lastIndexOf(".") + 1))) return;
    const line = reader.i32(code + layout.structs.PyCodeObject.co_firstlineno);
    // Instructions cannot be read: names are all there is.
    const namesAdder = names.some((each) => changeByMethod(each, "other") === "adds");
    const mayAdd = instructions === null && !makes && namesAdder;
    yield { ...named, line, mayAdd };
  }

  /** Whether a container may have a bound by what is done to it: other code takes from it, or has not been found not to. */
  #mayBound({ kind, given }: Change, search: Search, depth = 0): boolean {
    if (kind !== "given") return kind === "compared";
    const node = given === null ? -1 : this.#table.find(given.to);
    if (given === null || depth >= MOST_CALLS || this.#left <= 0 || node < 0 || !this.#isFunction(node))
      return true;
    const { reader, layout, typeObjects } = this.#python;
    const { argument } = given;
    const user = this.#functionOf(node);
    const parameters = reader.i32(user.code + layout.structs.PyCodeObject.co_argcount);
    const instructions = instructionsOf(reader, layout, typeObjects, user.code);
    this.#left -= 1 + user.names.length + (instructions?.length ?? 0);
    // What the parameter is put in place of is another's.
    if (instructions === null || argument >= parameters || localsOf(instructions, 0).stores.has(argument))
      return true;
    const scope = this.#scopeOf(user, search.place, CONTAINER, argument);
    const { minor } = layout;
    const { changes } = changesIn(instructions, { ...search, ...scope, minor, parameters, makes: false });
    return changes.some(
      (each) => /^(removes|replaces)$/.test(each.kind) || this.#mayBound(each, search, depth + 1),
    );
  }

  #scopeOf(
    { at, code, names }: NamingFunction,
    place: HeldPlace,
    first: Seen,
    argument = 0,
  ): Pick<Scope, "names" | "first" | "argument" | "global" | "cell" | "member"> {
    const { reader, layout } = this.#python;
    const { PyFunctionObject, PyCellObject } = layout.structs;
    const globals = reader.u64(at + PyFunctionObject.func_globals);
    const closure = itemsOfTuple(this.#python, reader.u64(at + PyFunctionObject.func_closure));
    return {
      names,
      first,
      argument,
      global: (name) =>
        place.named(globals, name) ?? (name === "type" ? place.seen(this.#python.typeObjects.root) : null),
      cell: (index) => {
        const where = cellPlace(this.#python, code, index, closure.length);
        if (where === null) return null;
        if ("local" in where) return where.local === argument ? first : null;
        return place.seen(reader.u64((closure[where.free] ?? Number.NaN) + PyCellObject.ob_ref));
      },
      member: (address, name) => place.member(address, name),
    };
  }

  /** Who calls a function, as far as names in code tell. */
  #callersOf(called: NamingFunction, name: string): NameUser["callers"] {
    let callers: NameUser["callers"] = "none";
    for (const node of this.#naming(name).slice(0, MOST_CALLERS)) {
      const caller = this.#functionOf(node);
      if (node === called.node || !this.#mayMean(caller, called, name)) continue;
      if (!MAKING.has(caller.qualname.slice(caller.qualname.lastIndexOf(".") + 1))) return "others";
      callers = "makers";
    }
    return callers;
  }

  /** Whether a name in code may be that of a function: any object's method, but a module's function only as its own or with the module. */
  #mayMean(caller: NamingFunction, called: NamingFunction, name: string): boolean {
    if (called.qualname.includes(".")) return true;
    // Its module's code names it where it defines it.
    if (caller.qualname === "<module>") return false;
    const globals = this.#python.reader.u64(
      caller.at + this.#python.layout.structs.PyFunctionObject.func_globals,
    );
    const module = called.module.slice(called.module.lastIndexOf(".") + 1);
    if (this.#namespaces.lookUp(globals, name) === called.at) return true;
    // Nobody imports the program itself.
    return module !== "__main__" && caller.names.includes(module);
  }

  #functionOf(node: number): NamingFunction {
    const { reader, layout } = this.#python;
    const at = this.#table.address(node);
    const { PyFunctionObject } = layout.structs;
    const code = reader.u64(at + PyFunctionObject.func_code);
    return {
      node,
      at,
      code,
      module: shortText(this.#python, reader.u64(at + PyFunctionObject.func_module)) ?? "",
      qualname: shortText(this.#python, reader.u64(at + PyFunctionObject.func_qualname)) ?? "?",
      names: namesOfCode(this.#python, code),
    };
  }

  #kindOf(container: number): Scope["container"] {
    const type = this.#table.type(container);
    if (this.#scans[type]?.descent.family === "list") return "list";
    const name = typeNameOf(this.#python, type);
    return name === "collections.defaultdict" ? "defaultdict" : name.endsWith("Queue") ? "queue" : "other";
  }

  /** A module's or a class's own name; else that of its type. */
  #nameOf(holder: number): string {
    const { reader, layout, names } = this.#python;
    const at = this.#table.address(holder);
    const type = this.#table.type(holder);
    if (this.#scans[type]?.descent.family === "module")
      return shortText(this.#python, reader.u64(at + layout.structs.PyModuleObject.md_name)) ?? "";
    return names.get(at)?.name ?? typeNameOf(this.#python, type);
  }

  /** Functions whose code has the name. */
  #naming(name: string): readonly number[] {
    this.#byName ??= this.#index();
    return this.#byName.get(name) ?? [];
  }

  #isFunction(node: number): boolean {
    return this.#scans[this.#table.type(node)]?.descent.family === "function";
  }

  #index(): Map<string, number[]> {
    const { reader, layout } = this.#python;
    const { PyFunctionObject } = layout.structs;
    const byName = new Map<string, number[]>();
    let left = MOST_NAMES;
    for (let node = 0; node < this.#table.count && left > 0; node += 1) {
      if (!this.#isFunction(node)) continue;
      const code = reader.u64(this.#table.address(node) + PyFunctionObject.func_code);
      const names = new Set(namesOfCode(this.#python, code));
      left -= names.size + 1;
      for (const name of names) {
        const known = byName.get(name);
        if (known === undefined) byName.set(name, [node]);
        else known.push(node);
      }
    }
    return byName;
  }
}

function rankOf({ adds, mayAdd, removes, mayRemove }: NameUser): number {
  return adds ? 0 : mayAdd ? 1 : removes ? 2 : mayRemove ? 3 : 4;
}

function keyOf({ file, line, function: user, adds, removes, mayRemove }: NameUser): string {
  return `${file}:${line} ${user} ${adds} ${removes} ${mayRemove}`;
}
