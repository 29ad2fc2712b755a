import type { MemoryReader } from "../../../blocks/index.ts";
import type { AlikeName, HeldName, ObjectLabels } from "../../references.ts";
import type { PythonEdges } from "../edges/edges.ts";
import { dictEntries } from "../layout/dict-entries.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import type { ObjectTable } from "../objects/object-table.ts";
import { type Python, typeNameOf } from "../python.ts";
import { textOf } from "../types/names.ts";
import { basesOf, hasFlag, type TypeObject } from "../types/type-objects.ts";
import { readIntSize } from "../values/number-values.ts";
import { quote } from "../values/text-values.ts";
import { HeldNames, type WordName } from "./held-names.ts";
import { type InterpretersNames, ONE_INTERPRETER } from "./interpreters.ts";
import { KeptWords } from "./kept-words.ts";
import { Tasks } from "./tasks.ts";

/** Longer keys are cut. */
const MOST_TEXT = 80;
const MOST_MEMBERS = 4096;
/** Containers whose words are kept by address, and the words of all of them. */
const MOST_KEPT = 10_000;
const MOST_KEPT_WORDS = 500_000;
/** Objects that are known to have been asked for. */
const MOST_ASKED = 65_536;
/** A search reads a container once; to keep its words takes as long as a few searches, and memory. */
const SEARCHES = 4;
/** A part whose name was not found, and an item of a container with more items than are kept. */
const UNNAMED = ".<?>";
/** A block of memory that is no object, and one that has items, of which nothing tells which is which. */
const NATIVE_PART = ".<native memory>";
const ANY_ITEM = "[*]";
const SOME_ITEM: WordName = { kind: "fixed", text: "[?]" };
/** Words looked at for names in all: damaged tables could make each name cost as much as the whole heap. */
const MOST_WORDS = 2 ** 28;
type HoldersOf = (node: number) => Iterable<number>;

const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** Names of objects and of what they hold, as Python would write them. Untrusted text, of bounded length. */
export class PythonLabels implements ObjectLabels {
  readonly #python: Python;
  readonly #table: ObjectTable;
  readonly #edges: Pick<PythonEdges, "scans" | "parts">;
  readonly #held: HeldNames;
  readonly #tasks: Tasks;
  readonly #interpreters: InterpretersNames;
  readonly #members = new Map<number, Map<number, string>>();
  readonly #kept = new Map<number, KeptWords>();
  #keptWords = 0;
  readonly #asked = new Map<number, number>();
  /** Containers of which not all words are kept. */
  readonly #cut = new Set<number>();
  #wordsLeft = MOST_WORDS;

  constructor(
    python: Python,
    table: ObjectTable,
    edges: PythonEdges,
    interpreters: InterpretersNames = ONE_INTERPRETER,
  ) {
    this.#python = python;
    this.#interpreters = interpreters;
    this.#table = table;
    // The rest is in the kernel's memory, and would keep it.
    this.#edges = { scans: edges.scans, parts: edges.parts };
    this.#tasks = new Tasks(python, table, edges.scans);
    this.#held = new HeldNames(python, table, edges.scans, edges.parts, this.#tasks, (offset, type) =>
      this.#memberAt(offset, type),
    );
  }

  /** The names of words, for whoever looks for roots. */
  get heldNames(): HeldNames {
    return this.#held;
  }

  /** What runs functions bit by bit. */
  get tasks(): Tasks {
    return this.#tasks;
  }

  /** @param holdersOf the objects that hold one, for closures, which their function names, and tasks' coroutines */
  edgeName(from: number, to: number, holdersOf: HoldersOf): string {
    const address = this.#table.address(to);
    const kept = this.#kept.get(from);
    if (kept !== undefined)
      return this.#text(kept.get(address) ?? (this.#cut.has(from) ? SOME_ITEM : undefined), from, holdersOf);
    if (this.#wordsLeft < 0) return UNNAMED;
    const closureOf = (tuple: number) => this.#functionOf(tuple, holdersOf);
    // What is asked for a few times is searched; what is asked again and again is worth keeping.
    const asked = this.#asked.get(from) ?? 0;
    if (asked < SEARCHES) {
      if (this.#asked.size > MOST_ASKED) this.#asked.clear();
      this.#asked.set(from, asked + 1);
      for (const word of this.#held.of(from, closureOf)) {
        this.#wordsLeft -= 1;
        if (word.address === address) return this.#text(word.name, from, holdersOf);
        if (this.#wordsLeft < 0) return UNNAMED;
      }
      return UNNAMED;
    }
    const words = new KeptWords();
    for (const { address: at, name } of this.#held.of(from, closureOf)) {
      this.#wordsLeft -= 1;
      words.add(at, name);
      if (words.size >= MOST_KEPT_WORDS) break;
    }
    const isCut = words.size >= MOST_KEPT_WORDS;
    if (this.#kept.size >= MOST_KEPT || this.#keptWords + words.size > MOST_KEPT_WORDS) {
      this.#kept.clear();
      this.#keptWords = 0;
    }
    this.#kept.set(from, words);
    this.#keptWords += words.size;
    if (isCut) this.#cut.add(from);
    return this.#text(words.get(address) ?? (isCut ? SOME_ITEM : undefined), from, holdersOf);
  }

  /** @param holdersOf as `edgeName` takes it */
  *held(from: number, holdersOf: HoldersOf): Generator<HeldName> {
    const closureOf = (tuple: number) => this.#functionOf(tuple, holdersOf);
    for (const { address, name } of this.#held.of(from, closureOf)) {
      this.#wordsLeft -= 1;
      if (this.#wordsLeft < 0) return;
      const object = this.#table.find(address);
      if (object < 0) continue;
      const text = this.#text(name, from, holdersOf);
      yield { object, name: text, part: text === "" ? this.#partName(from, object) : "" };
    }
  }

  /** What a path leaves out, by the attribute that Python has for it: `__dict__`; of what has none its type, `(hamt)`. */
  #partName(from: number, part: number): string {
    const family = this.#edges.scans[this.#table.type(part)]?.descent.family;
    if (family === "dict") return "__dict__";
    if (this.#edges.scans[this.#table.type(from)]?.descent.family === "function") return "__closure__";
    const holder = this.typeName(from);
    return holder === "builtins.cell"
      ? "cell_contents"
      : `(${this.typeName(part).replace(/^builtins\./, "")})`;
  }

  /** `pkg.mod` of a module, `pkg.mod.Class` of a class, `pkg.mod.Class.method` of a function; null for all else. */
  qualifiedName(node: number): string | null {
    const { names } = this.#python;
    const at = this.#table.address(node);
    const family = this.#edges.scans[this.#table.type(node)]?.descent.family;
    if (family === "module") return this.moduleName(node);
    if (family === "type") {
      const name = names.get(at);
      // What is made in a function is made again and again under the same name.
      return name === undefined || name.from === "none" || name.name.includes("<locals>")
        ? null
        : this.#interpreters.prefixOf(at) + name.name;
    }
    if (family === "function") return this.#functionName(at);
    const place = this.#tasks.placeOf(node);
    return place === null ? null : `<task ${place}>`;
  }

  /** Tasks of one function are alike. */
  alikeOf(node: number): AlikeName | null {
    const place = this.#tasks.placeOf(node);
    return place === null ? null : { name: `<tasks in ${place}>`, which: this.#table.address(node) };
  }

  /** A module's `__name__`, behind which interpreter's it is where that is not the first. */
  moduleName(node: number): string | null {
    const at = this.#table.address(node);
    const name = this.#nameOfModule(at);
    return name === null ? null : this.#interpreters.prefixOf(at) + name;
  }

  #nameOfModule(at: number): string | null {
    const { reader, layout } = this.#python;
    const own = this.#textAt(reader.u64(at + layout.structs.PyModuleObject.md_name));
    if (own !== null && own !== "") return own;
    for (const { key, value } of dictEntries(
      reader,
      layout,
      reader.u64(at + layout.structs.PyModuleObject.md_dict),
      4096,
    ))
      if (this.#textAt(key) === "__name__") return this.#textAt(value);
    return null;
  }

  /** The name of an object's type: `builtins.list`. */
  typeName(node: number): string {
    return typeNameOf(this.#python, this.#table.type(node));
  }

  /** How it reaches a block of memory that is no object: as its items, where these are what it has there. */
  blockName(from: number): string {
    return HOLDS_ITEMS.has(this.typeName(from)) ? ANY_ITEM : NATIVE_PART;
  }

  /** Items of a container; null for what is none. */
  lengthOf(node: number): number | null {
    const { reader, layout } = this.#python;
    const { PyVarObject, PyDictObject, PySetObject } = layout.structs;
    const at = this.#table.address(node);
    const index = this.#table.type(node);
    const family = this.#edges.scans[index]?.descent.family;
    const length =
      family === "list" || family === "tuple" || family === "deque"
        ? reader.u64(at + PyVarObject.ob_size)
        : family === "dict"
          ? reader.u64(at + PyDictObject.ma_used)
          : family === "set"
            ? reader.u64(at + PySetObject.used)
            : ringLength(reader, layout, typeNameOf(this.#python, index), at);
    return length < 2 ** 48 ? length : null;
  }

  /** The text of a key as it stands in a path: `.x` where it is a name and `['x y']` where it is none. */
  text(name: WordName): string {
    if (name.kind === "local") return `.${this.#textAt(name.key, MOST_TEXT) ?? "?"}`;
    return this.#text(name, -1, () => []);
  }

  /** The str at the address, cut where it is long; null where there is none. */
  #textAt(at: number, most = 1024): string | null {
    const { reader, layout, typeObjects } = this.#python;
    return textOf(reader, layout, typeObjects, at, most);
  }

  #functionName(at: number): string | null {
    const { reader, layout } = this.#python;
    const { func_globals, func_module, func_qualname } = layout.structs.PyFunctionObject;
    const name = this.#textAt(reader.u64(at + func_qualname));
    const where = this.#textAt(reader.u64(at + func_module));
    if (name === null || where === null || name.includes("<")) return null;
    return `${this.#interpreters.prefixOf(reader.u64(at + func_globals))}${where}.${name}`;
  }

  #functionOf(tuple: number, holdersOf: HoldersOf): number {
    for (const holder of holdersOf(tuple))
      if (this.#edges.scans[this.#table.type(holder)]?.descent.family === "function") return holder;
    return -1;
  }

  #text(name: WordName | undefined, from: number, holdersOf: HoldersOf): string {
    switch (name?.kind) {
      case "fixed":
        return name.text;
      case "index":
        return `[${name.index}]`;
      case "item":
        return `[${this.#keyText(name.key)}]`;
      case "attribute": {
        const text = this.#textAt(name.key, MOST_TEXT);
        return text !== null && IDENTIFIER.test(text) ? `.${text}` : `[${this.#keyText(name.key)}]`;
      }
      case "closure":
        return `.<closure ${this.#textAt(name.key, MOST_TEXT) ?? "?"}>`;
      case "local": {
        const text = this.#textAt(name.key, MOST_TEXT) ?? "?";
        const running = this.#runningName(from, holdersOf);
        return running === null ? `.f_locals[${quote(text)}]` : `${running}.${text}`;
      }
      case "nothing":
        return "";
      default:
        return UNNAMED;
    }
  }

  /** What runs bit by bit is named by its function, but where a task has that name already; null for a frame alone. */
  #runningName(from: number, holdersOf: HoldersOf): string | null {
    const generator = this.#generatorOf(from, holdersOf);
    if (generator === null) return null;
    const at = this.#table.address(generator);
    for (const holder of holdersOf(generator)) if (this.#tasks.coroutineOf(holder) === at) return "";
    return `.<${this.#tasks.kindAt(at) ?? "?"} ${this.#tasks.runningPlace(at) ?? "?"}>`;
  }

  /** The generator that has the variables of an object, which may be its frame up to 3.10. */
  #generatorOf(node: number, holdersOf: HoldersOf): number | null {
    const at = this.#table.address(node);
    if (this.#tasks.kindAt(at) !== null) return node;
    for (const holder of holdersOf(node))
      if (this.#tasks.frameObjectOf(this.#table.address(holder)) === at) return holder;
    return null;
  }

  /** A key as repr has it, where it is a str, bytes, int or None; else its type's name in angle brackets. */
  #keyText(at: number): string {
    const { reader, layout, names, typeObjects } = this.#python;
    const { PyObject, PyASCIIObject, PyLongObject } = layout.structs;
    const type = typeObjects.all.get(reader.u64(at + PyObject.ob_type));
    if (type === undefined) return "?";
    if (hasFlag(type, FLAG.str)) {
      const text = this.#textAt(at, MOST_TEXT) ?? "";
      return reader.u64(at + PyASCIIObject.length) > text.length ? `${quote(text)}…` : quote(text);
    }
    const name = names.get(type.address)?.name ?? "";
    if (name === "builtins.int") {
      const { count, isNegative } = readIntSize(reader, layout, at);
      const digit = (index: number) => reader.u32(at + PyLongObject.ob_digit + index * 4);
      if (count <= 1) return `${isNegative ? "-" : ""}${count === 0 ? 0 : digit(0)}`;
      if (count === 2) return `${isNegative ? "-" : ""}${digit(0) + digit(1) * 2 ** 30}`;
    }
    if (name === "builtins.NoneType") return "None";
    if (/\.ContextVar$/.test(name) && "contextvarobject" in layout.structs) {
      const text = this.#textAt(reader.u64(at + layout.structs.contextvarobject.var_name), MOST_TEXT);
      if (text !== null) return `<ContextVar ${quote(text)}>`;
    }
    return `<${name.replace(/^builtins\./, "")} 0x${at.toString(16)}>`;
  }

  /** What `__slots__` and C structs call the word at the offset: member descriptors of the type and its bases. */
  #memberAt(offset: number, index: number): string | null {
    let members = this.#members.get(index);
    if (members === undefined) {
      members = this.#readMembers(index);
      this.#members.set(index, members);
    }
    return members.get(offset) ?? null;
  }

  #readMembers(index: number): Map<number, string> {
    const { reader, layout, types, typeObjects, names } = this.#python;
    const { PyObject, PyMemberDescrObject, PyMemberDef } = layout.structs;
    const members = new Map<number, string>();
    const type = types[index]?.type;
    if (type === undefined) return members;
    for (const base of basesOf(type, typeObjects.all)) {
      for (const { key, value } of dictEntries(reader, layout, base.dict, MOST_MEMBERS)) {
        const descriptor = typeObjects.all.get(reader.u64(value + PyObject.ob_type));
        if (descriptor === undefined || names.get(descriptor.address)?.name !== "builtins.member_descriptor")
          continue;
        const offset = reader.u64(reader.u64(value + PyMemberDescrObject.d_member) + PyMemberDef.offset);
        const text = this.#textAt(key, MOST_TEXT);
        if (offset < 2 ** 24 && text !== null && !members.has(offset)) members.set(offset, `.${text}`);
      }
      for (const { name, offset } of definedMembers(reader, layout, base))
        if (!members.has(offset)) members.set(offset, `.${name}`);
    }
    return members;
  }
}

/**
 * What `tp_members` says of a type of C: its own from 3.12 on, where the `__dict__` of a type that all interpreters share is
 * none of the type's.
 */
function* definedMembers(
  reader: MemoryReader,
  { structs: { PyTypeObject, PyMemberDef } }: Layout,
  type: TypeObject,
): Generator<{ readonly name: string; readonly offset: number }> {
  const first = hasFlag(type, FLAG.heapType) ? 0 : reader.u64(type.address + PyTypeObject.tp_members);
  if (first === 0) return;
  for (let member = 0; member < MOST_MEMBERS; member += 1) {
    const at = first + member * PyMemberDef.sizeof;
    const name = reader.text(reader.u64(at + PyMemberDef.name), MOST_TEXT);
    const offset = reader.u64(at + PyMemberDef.offset);
    // The last has no name.
    if (name === null || !IDENTIFIER.test(name)) return;
    if (offset < 2 ** 24) yield { name, offset };
  }
}

/** Types of C whose blocks of memory hold their items. */
const HOLDS_ITEMS: ReadonlySet<string> = new Set(["numpy.ndarray"]);

/** Items in the ring that `_queue.SimpleQueue` has since 3.13; not a number for all else. */
function ringLength(reader: MemoryReader, { structs }: Layout, type: string, at: number): number {
  if (type !== "_queue.SimpleQueue" || !("simplequeueobject" in structs)) return Number.NaN;
  const { simplequeueobject } = structs;
  return "num_items" in simplequeueobject ? reader.u64(at + simplequeueobject.num_items) : Number.NaN;
}
