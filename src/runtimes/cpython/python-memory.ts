import { MemoryReader, type Span } from "../../blocks/index.ts";
import { type Core, type Image, type Module, ModuleFiles } from "../../image/index.ts";
import { type DebugOffsets, everywhere, readDebugOffsets } from "./layout/debug-offsets.ts";
import { tellLayout } from "./layout/detect.ts";
import { dictEntries } from "./layout/dict-entries.ts";
import { FLAG, FREE_THREADED_LAYOUTS, LAYOUTS, type Layout } from "./layout/layout.ts";
import { findStaticSpans, type StaticSpans } from "./objects/statics.ts";
import { ANY, ANY_FREE_THREADED } from "./structs/structs.ts";
import { planType, type TypePlan } from "./types/kinds.ts";
import {
  findModules,
  heapTypeName,
  modulesFrom,
  namesInDict,
  staticTypeName,
  type TypeName,
} from "./types/names.ts";
import { subclassesAt } from "./types/subclasses.ts";
import { TypesAt } from "./types/type-at.ts";
import { basesOf, hasFlag, type TypeObject } from "./types/type-objects.ts";
import { hasModules, unseenLayout } from "./types/unseen.ts";

/** The interpreter's static data is looked through for `sys.modules` up to that many bytes. */
const MOST_STATIC_BYTES = 2 ** 25;
/** Modules whose classes tell of a version that is not known. */
const MOST_MODULES = 256;
/** Of what derives from one type, that many are looked at for classes. */
const MOST_CLASSES = 1024;

/**
 * A core's Python, address by address: what lies at one is read when it is asked for, and no pass over memory is made.
 * Files of modules stay open until `close`.
 */
export class PythonMemory {
  readonly core: Core;
  /** Saved memory, and modules' files below it. */
  readonly image: Image;
  /** Of that image. */
  readonly reader: MemoryReader;
  readonly types: TypesAt;
  /** What _PyRuntime says of itself; null up to 3.12. */
  readonly debug: DebugOffsets | null;
  /** Layouts of the build that the core says it is, oldest first. */
  readonly known: readonly Layout[];
  readonly #modules: readonly Module[];
  readonly #files: ModuleFiles;
  readonly #names = new Map<number, TypeName>();
  readonly #plans = new Map<number, TypePlan>();
  #layout: Layout | null | undefined;
  #lookedForClasses = false;
  #spans: StaticSpans | null = null;
  /** As long as no type was found. */
  readonly #untoldSpans: StaticSpans;
  #modulesDict: number | null | undefined;

  /** `modules` sorted by start; their files are looked for under `root`, or nowhere where that is null. `known`: oldest first. */
  constructor(
    core: Core,
    modules: readonly Module[],
    root: string | null,
    known: readonly Layout[] = LAYOUTS,
  ) {
    this.core = core;
    this.#modules = modules;
    this.#files = new ModuleFiles(core, modules, root);
    this.image = core.image.over(this.#files);
    this.reader = new MemoryReader(this.image);
    this.#untoldSpans = findStaticSpans(core.image, modules, 0);
    this.debug = readDebugOffsets(this.reader, everywhere(this.#untoldSpans));
    this.known = this.debug?.isFreeThreaded ? FREE_THREADED_LAYOUTS : known;
    this.types = new TypesAt(this.reader, this.debug?.isFreeThreaded ? ANY_FREE_THREADED : ANY);
  }

  /** Null as long as no type was found, and where the version is not known. */
  get layout(): Layout | null {
    if (this.types.root === 0) return null;
    return this.#layout === undefined ? this.#findLayout() : this.#layout;
  }

  /** Writable memory of modules; once a type was found, the interpreter's is told apart. */
  get spans(): StaticSpans {
    const { root } = this.types;
    if (root === 0) return this.#untoldSpans;
    this.#spans ??= findStaticSpans(this.core.image, this.#modules, root);
    return this.#spans;
  }

  /** The type object that lies at the address; null where there is none. */
  typeAt(at: number): TypeObject | null {
    return this.types.get(at) ?? null;
  }

  /** The type of what lies at the address, if that is an object; null where its type word leads to no type. */
  typeOf(at: number): TypeObject | null {
    return at > 0 && at % 8 === 0
      ? this.typeAt(this.reader.u64(at + this.types.structs.PyObject.ob_type))
      : null;
  }

  /** The name of the type of the object at the address; null where there is none. */
  typeNameAt(at: number): string | null {
    const type = this.typeOf(at);
    return type && this.nameOf(type).name;
  }

  nameOf(type: TypeObject): TypeName {
    const known = this.#names.get(type.address);
    if (known !== undefined) return known;
    const name = this.#nameOf(type);
    this.#names.set(type.address, name);
    return name;
  }

  /** The names of the type and its bases, nearest first: `builtins.dict` in it says that it is laid out as a dict. */
  *namesOf(type: TypeObject): Generator<string> {
    for (const base of basesOf(type, this.types.all)) yield this.nameOf(base).name;
  }

  planOf(layout: Layout, type: TypeObject): TypePlan {
    const known = this.#plans.get(type.address);
    if (known !== undefined) return known;
    const bases = [...basesOf(type, this.types.all)];
    const names = new Map(bases.map((base) => [base.address, this.nameOf(base)]));
    const plan = planType(layout, this.types, names, type);
    this.#plans.set(type.address, plan);
    return plan;
  }

  /** The dict `sys.modules`, found by what modules' data points to; null where there is none. */
  findModules(): number | null {
    this.#findSomeType();
    const { layout, reader, types } = this;
    if (layout === null) return null;
    this.#modulesDict ??= this.#findModulesDict(layout);
    if (this.#modulesDict !== 0) return this.#modulesDict;
    this.#lookForClasses(layout);
    return findModules(reader, layout, types);
  }

  close(): void {
    this.#files.close();
  }

  /** The first type that a word of modules' data leads to: all others are told by it. */
  #findSomeType(): void {
    let left = MOST_STATIC_BYTES;
    for (const span of this.#untoldSpans.all) {
      const bytes = this.reader.bytes(span.start, Math.min(left, span.end - span.start));
      left -= bytes.length;
      for (const at of pointersIn(bytes, { start: 0, end: 0 })) {
        if (this.layout !== null) return;
        this.typeAt(at);
      }
    }
  }

  /** By the types that were asked for so far, and by classes that these lead to: not settled before they tell. */
  #findLayout(): Layout | null {
    const first = this.#tellLayout();
    if (first.layout !== null && !first.isSettled && !this.#lookedForClasses) {
      this.#lookedForClasses = true;
      this.#lookForClasses(first.layout);
    }
    const { layout, isSettled } = first.isSettled ? first : this.#tellLayout();
    if (isSettled) this.#layout = layout;
    return layout ?? this.#findUnseen();
  }

  /** That of a version newer than all that are known, as `readPython` reads it: by the types that `sys.modules` leads to. */
  #findUnseen(): Layout | null {
    const { debug, reader, types } = this;
    const newest = this.known.at(-1);
    if (debug === null || newest === undefined || debug.minor <= newest.minor) return null;
    const { md_dict } = newest.structs.PyModuleObject;
    for (const { key, value: module } of dictEntries(reader, newest, debug.modules, MOST_MODULES)) {
      this.typeOf(key);
      this.typeOf(module);
      for (const { value } of dictEntries(reader, newest, reader.u64(module + md_dict), MOST_CLASSES))
        if (types.size < MOST_CLASSES) types.get(value);
    }
    const layout = unseenLayout(reader, types, this.known, debug);
    // Names are read by it, and tell whether it holds.
    this.#layout = layout;
    const nameOf = (at: number) => {
      const type = this.typeAt(at);
      return type === null ? undefined : this.nameOf(type).name;
    };
    if (layout !== null && !hasModules(reader, layout, types, nameOf, debug)) {
      this.#layout = null;
      this.#names.clear();
    }
    return this.#layout;
  }

  #tellLayout() {
    return tellLayout(this.reader, {
      root: this.types.get(this.types.root),
      str: null,
      types: this.types.values(),
      layouts: this.known,
      isStr: (at) => this.#isStr(at),
    });
  }

  /** Classes of `type` and `object`, which are static: layouts that only classes tell apart have these fields in common. */
  #lookForClasses(layout: Layout): void {
    const { root } = this.types;
    for (const base of [root, this.types.get(root)?.base ?? 0])
      for (const at of subclassesAt(this.reader, layout, base, MOST_CLASSES)) this.types.get(at);
  }

  #isStr(at: number): boolean {
    const type = this.typeOf(at);
    return type !== null && hasFlag(type, FLAG.str);
  }

  #nameOf(type: TypeObject): TypeName {
    const { layout, reader } = this;
    const none: TypeName = { name: `type@0x${type.address.toString(16)}`, from: "none" };
    if (layout === null) return none;
    const own = hasFlag(type, FLAG.heapType)
      ? heapTypeName(reader, layout, this.types, type)
      : staticTypeName(reader, type);
    if (own !== null) return { name: own, from: "self" };
    this.#modulesDict ??= this.#findModulesDict(layout);
    if (this.#modulesDict === 0) return none;
    const wanted = new Set([type.address]);
    const name = namesInDict(reader, layout, this.types, this.#modulesDict, wanted).get(type.address);
    return name === undefined ? none : { name, from: "dict" };
  }

  /** `sys.modules`: a word of the interpreter's static data leads to it from 3.12 on, a class's globals before. 0: none. */
  #findModulesDict(layout: Layout): number {
    const { own, all } = this.spans;
    const seen = new Set<number>();
    let left = MOST_STATIC_BYTES;
    for (const span of all) {
      if (span.start < own.start || span.start >= own.end) continue;
      const bytes = this.reader.bytes(span.start, Math.min(left, span.end - span.start));
      left -= bytes.length;
      for (const at of pointersIn(bytes, own)) {
        if (seen.has(at)) continue;
        seen.add(at);
        const type = this.typeOf(at);
        if (type === null || !hasFlag(type, FLAG.dict)) continue;
        const modules = modulesFrom(this.reader, layout, this.types, at);
        if (modules !== null) return modules;
      }
    }
    return 0;
  }
}

/** What may be addresses of objects that the collector knows, outside the span. */
function* pointersIn(bytes: Uint8Array, own: Span): Generator<number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const high = view.getUint32(at + 4, true);
    const word = high * 2 ** 32 + view.getUint32(at, true);
    if (high < 2 ** 16 && word % 16 === 0 && word > 0 && (word < own.start || word >= own.end)) yield word;
  }
}
