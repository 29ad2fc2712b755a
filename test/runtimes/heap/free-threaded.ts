import { putSegment, type Release } from "../../blocks/mimalloc/put-segment.ts";
import { writeCore } from "./core-file.ts";
import { Memory } from "./memory.ts";

/** The version of a CPython without the GIL, as its programs are called. */
export type FreeVersion = "3.13t" | "3.14t" | "3.15t";

/**
 * Where structs of builds without the GIL have their fields, and how large they are: read off the headers of 3.13.0, 3.14.10 and
 * 3.15.2 with offsetof and sizeof, -DPy_GIL_DISABLED (x86-64); this test's own, so that the program's table is checked.
 */
const LAYOUTS = {
  "3.13t": {
    hex: 0x030d_05f0,
    typeBytes: 432,
    heapTypeBytes: 944,
    tupleItems: 40,
    moduleBytes: 72,
    moduleName: 64,
  },
  "3.14t": {
    hex: 0x030e_01f0,
    typeBytes: 432,
    heapTypeBytes: 960,
    tupleItems: 56,
    moduleBytes: 72,
    moduleName: 64,
  },
  "3.15t": {
    hex: 0x030f_02f0,
    typeBytes: 440,
    heapTypeBytes: 968,
    tupleItems: 56,
    moduleBytes: 120,
    moduleName: 56,
  },
} as const;
/** The same in all of them: PyObject, PyTypeObject, PyASCIIObject, PyListObject, PyDictObject, PyDictKeysObject. */
const OBJECT = { gcBits: 11, local: 12, shared: 16, type: 24, size: 32, bytes: 32 } as const;
const TYPE = { name: 40, basic: 48, item: 56, flags: 184, base: 272, dictOffset: 304 } as const;
const STR = { length: 32, state: 48, text: 56, whole: 80 } as const;
const LIST = { items: 40, allocated: 48, bytes: 56 } as const;
const DICT = { used: 32, keys: 48, bytes: 64 } as const;
const KEYS = { log2: 8, log2Index: 9, kind: 10, usable: 16, entries: 24, indices: 32 } as const;

const DATA = 0x55d0_0020_0000;
const READ_ONLY = 0x55d0_0010_0000;
const SEGMENT = 0x3fc0_0000_0000;
const FLAG = {
  managedDict: 1 << 4,
  ready: 1 << 12,
  gc: 1 << 14,
  list: 1 << 25,
  tuple: 1 << 26,
  str: 1 << 28,
  dict: 1 << 29,
  type: 2 ** 31,
} as const;
/** Heaps of mimalloc's (Include/internal/pycore_mimalloc.h): memory, objects, those that are collected, and with a word in front. */
const HEAPS = { memory: 0, plain: 1, collected: 2, preHeader: 3 } as const;

const KINDS = {
  str: { heap: HEAPS.plain, block: 112, capacity: 64 },
  float: { heap: HEAPS.plain, block: 40, capacity: 128 },
  small: { heap: HEAPS.collected, block: 128, capacity: 32 },
  own: { heap: HEAPS.preHeader, block: 64, capacity: 16 },
  table: { heap: HEAPS.memory, block: 2048, capacity: 8 },
} as const;
type Kind = keyof typeof KINDS;

/** A small CPython without the GIL: a module `app` and what it holds, in mimalloc's pages. */
export class FreeWorld {
  readonly memory = new Memory();
  readonly #layout: (typeof LAYOUTS)[FreeVersion];
  readonly #release: Release;
  readonly #types = new Map<string, number>();
  readonly #starts = new Map<Kind, number>();
  readonly #used = new Map<Kind, number>();
  readonly #freed = { own: [] as number[], others: [] as number[] };
  #nextStatic = DATA + 0x400;
  #nextText = READ_ONLY;

  constructor(version: FreeVersion) {
    this.#layout = LAYOUTS[version];
    this.#release = version === "3.13t" ? "2.1" : "2.2";
    const { memory } = this;
    const path = `/usr/bin/python${version}`;
    memory.map(READ_ONLY, 0x1000, { permissions: "r--", path, filePage: 0x101 });
    memory.map(DATA, 0x4000, { path, filePage: 0x201 });
    memory.bytes(DATA + 0x200, new TextEncoder().encode("xdebugpy"));
    memory.u64(DATA + 0x208, this.#layout.hex);
    memory.u64(DATA + 0x210, 1);
    const { heapTypeBytes, tupleItems, moduleBytes } = this.#layout;
    const { gc } = FLAG;
    this.#type("type", heapTypeBytes, { item: 40, flags: gc | FLAG.type });
    this.#type("object", 32);
    this.#type("str", STR.whole, { flags: FLAG.str });
    this.#type("float", 40);
    this.#type("tuple", tupleItems, { item: 8, flags: gc | FLAG.tuple });
    this.#type("list", LIST.bytes, { flags: gc | FLAG.list });
    this.#type("dict", DICT.bytes, { flags: gc | FLAG.dict });
    this.#type("module", moduleBytes, { flags: gc, dictOffset: 32 });
    this.#type("app.Box", 32, { flags: gc | FLAG.managedDict });
    this.#putPages();
  }

  #typeOf(name: string): number {
    return this.#types.get(name) ?? 0;
  }

  #type(name: string, basic: number, { item = 0, flags = 0, dictOffset = 0 } = {}): void {
    const { memory } = this;
    const at = this.#nextStatic;
    this.#nextStatic += Math.ceil(this.#layout.typeBytes / 16) * 16 + 16;
    this.#types.set(name, at);
    memory.u32(at + OBJECT.local, 0xffff_ffff);
    memory.u64(at + OBJECT.type, this.#typeOf("type"));
    memory.u64(at + TYPE.name, this.#text(name));
    memory.u64(at + TYPE.basic, basic);
    memory.u64(at + TYPE.item, item);
    memory.u64(at + TYPE.flags, (flags | FLAG.ready) >>> 0);
    memory.u64(at + TYPE.dictOffset, dictOffset);
    if (name === "object") memory.u64(this.#typeOf("type") + TYPE.base, at);
    else if (name !== "type") memory.u64(at + TYPE.base, this.#typeOf("object"));
  }

  #text(text: string): number {
    const at = this.#nextText;
    this.memory.bytes(at, new TextEncoder().encode(`${text}\0`));
    this.#nextText += Math.ceil((text.length + 1) / 8) * 8;
    return at;
  }

  #putPages(): void {
    const kinds = Object.keys(KINDS) as Kind[];
    const pages = kinds.map((kind) => ({ ...KINDS[kind], tag: KINDS[kind].heap }));
    const starts = putSegment(this.memory, SEGMENT, this.#release, pages);
    kinds.forEach((kind, index) => {
      this.#starts.set(kind, starts[index] ?? 0);
    });
  }

  #block(kind: Kind): number {
    const used = this.#used.get(kind) ?? 0;
    if (used >= KINDS[kind].capacity) throw new RangeError(`no room for another ${kind}`);
    this.#used.set(kind, used + 1);
    return (this.#starts.get(kind) ?? 0) + used * KINDS[kind].block;
  }

  /** An object with references of its own thread and of others. */
  #object(kind: Kind, type: string, local = 1, shared = 0): number {
    const at = this.#block(kind) + (kind === "own" ? 16 : 0);
    this.memory.u64(at, 0x7f00_0000_1000);
    this.memory.u8(at + OBJECT.gcBits, KINDS[kind].heap === HEAPS.plain ? 0 : 1);
    this.memory.u32(at + OBJECT.local, local);
    this.memory.u64(at + OBJECT.shared, shared * 4);
    this.memory.u64(at + OBJECT.type, this.#typeOf(type));
    return at;
  }

  float(): number {
    return this.#object("float", "float");
  }

  /** A float that is gone: by its own thread, or by another one. The block's first word is the list's. */
  freedFloat(by: "own" | "others"): void {
    const at = this.#object("float", "float", 0);
    const number = (at - (this.#starts.get("float") ?? 0)) / KINDS.float.block;
    this.#freed[by].push(number);
  }

  str(text: string): number {
    const at = this.#object("str", "str");
    this.memory.u64(at + STR.length, text.length);
    // Compact, ASCII, of one byte a character.
    this.memory.u32(at + STR.state, 0x20 + 0x40 + 4);
    this.memory.bytes(at + STR.text, new TextEncoder().encode(text));
    return at;
  }

  /** PyListObject; its array begins with how long it is (Objects/listobject.c, _PyListArray). */
  list(items: readonly number[]): number {
    const at = this.#object("small", "list");
    const array = this.#block("table");
    this.memory.u64(array, items.length);
    this.memory.u64(at + OBJECT.size, items.length);
    this.memory.u64(at + LIST.items, array + 8);
    this.memory.u64(at + LIST.allocated, items.length);
    items.forEach((item, index) => {
      this.memory.u64(array + 8 + 8 * index, item);
    });
    return at;
  }

  /** PyDictObject of str, with a table of 8 slots of its own. */
  dict(entries: readonly (readonly [string, number])[]): number {
    const { memory } = this;
    const at = this.#object("small", "dict");
    const keys = this.#block("table");
    memory.u64(at + DICT.used, entries.length);
    memory.u64(at + DICT.keys, keys);
    memory.u64(keys, 1);
    memory.u8(keys + KEYS.log2, 3);
    memory.u8(keys + KEYS.log2Index, 3);
    memory.u8(keys + KEYS.kind, 1);
    memory.u64(keys + KEYS.usable, 5 - entries.length);
    memory.u64(keys + KEYS.entries, entries.length);
    entries.forEach(([key, value], index) => {
      const entry = keys + KEYS.indices + 8 + 16 * index;
      memory.u64(entry, this.str(key));
      memory.u64(entry + 8, value);
    });
    return at;
  }

  /** An object of the program's own, whose dict lies in the word in front of it, and that another thread holds. */
  box(attributes: readonly (readonly [string, number])[]): number {
    const at = this.#object("own", "app.Box", 0, 1);
    this.memory.u64(at - 8, this.dict(attributes));
    return at;
  }

  module(name: string, entries: readonly (readonly [string, number])[]): number {
    const at = this.#object("small", "module");
    this.memory.u64(at + 32, this.dict(entries));
    this.memory.u64(at + this.#layout.moduleName, this.str(name));
    return at;
  }

  /** The core, once the pages say what of them was handed out and freed. */
  build(): Uint8Array {
    const { memory } = this;
    const kinds = Object.keys(KINDS) as Kind[];
    const pages = kinds.map((kind) => {
      const { block, heap } = KINDS[kind];
      const { own, others } = kind === "float" ? this.#freed : { own: [], others: [] };
      const capacity = Math.max(1, this.#used.get(kind) ?? 0);
      return { block, tag: heap, capacity, free: [[], own, others] as const };
    });
    putSegment(memory, SEGMENT, this.#release, pages, { isMapped: true });
    return writeCore(memory, { threads: [{ pid: 4711, sp: 0x7ffc_0000_0000 }] });
  }
}
