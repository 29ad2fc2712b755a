import type { BlockParts } from "./blocks.ts";
import { Classes } from "./classes.ts";
import { Code } from "./code.ts";
import { Containers } from "./containers.ts";
import { type ProcessPlan, writeCore } from "./core-file.ts";
import { Dicts, type Entry } from "./dicts.ts";
import { Frames } from "./frames.ts";
import { Heap, PLACES, type PyObject } from "./heap.ts";
import type { TypeAmounts } from "./results.ts";
import { Types } from "./types.ts";
import { Values } from "./values.ts";
import type { Minor } from "./versions.ts";

/** A core, and what it holds. */
export interface Built {
  readonly core: Uint8Array;
  /** By type's name. */
  readonly types: ReadonlyMap<string, TypeAmounts>;
  /** The bytes of allocators; tables are among `otherBlocks`. */
  readonly blocks: BlockParts;
  readonly bridge: { readonly tables: number; readonly staticObjects: number; readonly rounding: number };
  /** Of all live objects. */
  readonly count: number;
  readonly bytes: number;
}

/** Types that the module `builtins` has. */
export const BUILTINS: readonly string[] = [
  ...[
    "type",
    "object",
    "int",
    "bool",
    "float",
    "complex",
    "str",
    "bytes",
    "bytearray",
    "tuple",
    "list",
    "dict",
  ],
  ...["set", "frozenset", "property", "range", "staticmethod", "classmethod", "BaseException", "Exception"],
];

const STACK_BYTES = 0x2000;

/** A small interpreter: its types, None, the modules `builtins` and `sys`, and whatever a test adds. */
export class World {
  readonly heap: Heap;
  readonly types: Types;
  readonly values: Values;
  readonly containers: Containers;
  readonly dicts: Dicts;
  readonly classes: Classes;
  readonly code: Code;
  readonly frames: Frames;
  readonly none: PyObject;
  readonly process: { threads: { pid: number; sp: number }[]; name?: string; random?: number } = {
    threads: [],
  };
  /** `sys.modules`, once the interpreter is there. */
  modules: PyObject | null = null;
  readonly #modules: Entry[] = [];

  constructor(minor: Minor) {
    this.heap = new Heap(minor);
    this.types = new Types(this.heap);
    this.values = new Values(this.heap, this.types);
    this.containers = new Containers(this.heap, this.types);
    this.dicts = new Dicts(this.heap, this.types);
    this.classes = new Classes(this.heap, this.types, this.values, this.containers, this.dicts);
    this.code = new Code(this.heap, this.types, this.values, this.containers);
    this.frames = new Frames(this.heap, this.types);
    this.none = this.heap.makeStatic(this.types.get("NoneType"), 16, 16);
    this.heap.memory.map(PLACES.stack, STACK_BYTES);
    this.process.threads.push({ pid: 4711, sp: PLACES.stack + 0x1000 });
  }

  /** An object of a C struct that holds others at these offsets. */
  struct(name: string, fields: Readonly<Record<number, PyObject>>): PyObject {
    const type = this.types.get(name);
    const object = this.heap.make(type, type.basicBytes);
    for (const [offset, value] of Object.entries(fields))
      this.heap.hold(object.address + Number(offset), value);
    return object;
  }

  /** The object has so many bytes more in a block of its own. */
  owns(object: PyObject, bytes: number): void {
    object.bytes += bytes;
    object.tableBytes += bytes;
  }

  /** PyModuleObject: md_dict, md_name. */
  module(name: string, entries: readonly Entry[] = []): PyObject {
    return this.#module(this.values.str(name), this.dicts.dict(entries));
  }

  #module(name: PyObject, dict: PyObject): PyObject {
    const object = this.heap.make(this.types.get("module"), this.heap.structs.moduleBytes);
    this.heap.hold(object.address + 16, dict);
    this.heap.hold(object.address + this.heap.structs.moduleName, name);
    this.#modules.push([name, object]);
    return object;
  }

  /**
   * `builtins` with types and None, the import system with a class, `sys` with `modules`: what every interpreter
   * has, and what names lead from. Modules that come later are not in `sys.modules`.
   */
  addInterpreter(types: readonly string[] = BUILTINS): void {
    const { values, dicts, classes } = this;
    const str = (text: string) => values.str(text);
    const builtins = types.map((name): Entry => [str(name), this.types.get(name)]);
    this.module("builtins", [...builtins, [str("None"), this.none]]);
    const modulesName = str("modules");
    const [sysDict, modules] = [dicts.dict([], { log2: 3 }), dicts.dict([], { log2: 5 })];
    dicts.put(sysDict, modulesName, modules);
    const sysName = str("sys");
    const sys = this.#module(sysName, sysDict);
    const globals = dicts.dict([[sysName, sys]]);
    const code = this.code.code({ name: "find_spec", file: "<frozen importlib._bootstrap>", line: 1 });
    const find = this.code.function({ code, module: "_frozen_importlib", name: "find_spec", globals });
    const importer = classes.make({
      module: "_frozen_importlib",
      name: "BuiltinImporter",
      namespace: [[str("find_spec"), find]],
    });
    dicts.put(globals, str("BuiltinImporter"), importer);
    this.#module(str("_frozen_importlib"), globals);
    for (const [name, module] of this.#modules) dicts.put(modules, name, module);
    this.heap.holdInVariable(modules);
    this.modules = modules;
  }

  /** Writes what is left to write. */
  build(plan: ProcessPlan = {}): Built {
    const blocks = this.heap.settle();
    const live = this.heap.objects.filter(({ state }) => state === "live");
    const tables = sum(live, ({ tableBytes }) => tableBytes);
    const staticObjects = sum(
      live.filter(({ block }) => block === null),
      ({ bytes, tableBytes }) => bytes - tableBytes,
    );
    const bytes = sum(live, (object) => object.bytes);
    return {
      core: writeCore(this.heap.memory, { ...this.process, ...plan }),
      types: this.#typeTruth(),
      blocks,
      bridge: {
        tables,
        staticObjects,
        rounding:
          this.heap.bufferSlack +
          sum(live, (object) =>
            object.block === null ? 0 : object.block.bytes - (object.bytes - object.tableBytes),
          ),
      },
      count: live.length,
      bytes,
    };
  }

  #typeTruth(): Map<string, TypeAmounts> {
    const rows = new Map<string, TypeAmounts>();
    for (const { type, state, bytes, block } of this.heap.objects) {
      if (type === null || state === "unseen") continue;
      const name = type.name.includes(".") ? type.name : `builtins.${type.name}`;
      const row = rows.get(name) ?? { type: name, count: 0, bytes: 0, freedCount: 0, freedBytes: 0 };
      const isLive = state === "live";
      rows.set(name, {
        type: name,
        count: row.count + (isLive ? 1 : 0),
        bytes: row.bytes + (isLive ? bytes : 0),
        freedCount: row.freedCount + (isLive ? 0 : 1),
        freedBytes: row.freedBytes + (isLive ? 0 : (block?.bytes ?? 0)),
      });
    }
    return rows;
  }
}

function sum<T>(items: readonly T[], number: (item: T) => number): number {
  return items.reduce((total, item) => total + number(item), 0);
}
