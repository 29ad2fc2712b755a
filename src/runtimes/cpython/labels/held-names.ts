import { USER_SPACE_END } from "../../../terms/index.ts";
import type { ScanPlan } from "../edges/scan-plan.ts";
import { specialWords } from "../edges/special-words.ts";
import { areValid, dictEntries, readKeysTable } from "../layout/dict-entries.ts";
import { FLAG } from "../layout/layout.ts";
import type { ObjectTable } from "../objects/object-table.ts";
import { type Python, typeNameOf } from "../python.ts";
import { readFrame, slotValue } from "../threads/frames.ts";
import type { Family } from "../types/families.ts";
import { basesOf, hasFlag, type TypeObject } from "../types/type-objects.ts";
import {
  codeNames,
  exceptionNames,
  type Fields,
  functionNames,
  moreOfExceptions,
  namesOfFields,
  specialField,
} from "./field-names.ts";
import { MAP_SLOTS, namesOfStructs } from "./struct-names.ts";
import type { Tasks } from "./tasks.ts";

/** How a word that an object holds is named; texts are read only where one is asked for. */
export type WordName =
  | { readonly kind: "nothing" }
  | { readonly kind: "fixed"; readonly text: string }
  | { readonly kind: "index"; readonly index: number }
  /** By a key object: of a dict's item, a namespace's, a frame's variable, a closure's. */
  | { readonly kind: "item" | "attribute" | "local" | "closure"; readonly key: number };

/** A word that an object holds, as an address, and what it is called. */
export interface NamedWord {
  readonly address: number;
  readonly name: WordName;
}

/** A word of a struct by its offset. */
interface Word {
  readonly address: number;
  readonly offset: number;
}

const NOTHING: WordName = { kind: "nothing" };
const fixed = (text: string): WordName => ({ kind: "fixed", text });

/** Items of one object that are looked at for a name. */
const MOST_ITEMS = 2 ** 24;
const KEY = fixed(".<key>");
const ITEM = fixed(".<item>");
const STACK = fixed(".<stack>");
/** What a coroutine waits for, or a generator yields from. */
const AWAITED = fixed(".<awaited>");

/** All words that an object holds, each with its name: the same that edges.ts follows. */
export class HeldNames {
  readonly #python: Python;
  readonly #table: ObjectTable;
  readonly #scans: readonly ScanPlan[];
  readonly #parts: Uint8Array;
  readonly #tasks: Tasks;
  readonly #members: (offset: number, type: number) => string | null;

  /** @param members the name of the attribute that is at an offset of a type's instances */
  constructor(
    python: Python,
    table: ObjectTable,
    scans: readonly ScanPlan[],
    parts: Uint8Array,
    tasks: Tasks,
    members: (offset: number, type: number) => string | null,
  ) {
    this.#python = python;
    this.#table = table;
    this.#scans = scans;
    this.#parts = parts;
    this.#tasks = tasks;
    this.#members = members;
  }

  /** @param closureOf the function that a closure's tuple is of, or -1 */
  *of(node: number, closureOf: (tuple: number) => number): Generator<NamedWord> {
    const index = this.#table.type(node);
    const scan = this.#scans[index];
    const at = this.#table.address(node);
    if (scan === undefined) return;
    const { reader, layout } = this.#python;
    const { structs } = layout;
    yield* this.#parts_(node, scan.descent.family, at, closureOf);
    const fields = this.#fieldsOf(index, scan.descent.family);
    // These have their function's name.
    const running = this.#tasks.coroutineOf(node) ?? this.#tasks.frameObjectOf(at);
    const undescribed: Word[] = [];
    for (let offset = scan.from; offset < scan.to; offset += 8) {
      const address = reader.u64(at + offset);
      if (!(address > 0 && address < USER_SPACE_END)) continue;
      const bit = offset < 512 ? 1n << BigInt(offset / 8) : 0n;
      if ((scan.skip & bit) !== 0n) continue;
      if ((scan.part & bit) !== 0n || address === running) yield { address, name: NOTHING };
      else {
        const name =
          fields[offset] ??
          (scan.descent.family === "lru cache" ? this.#lruField(address) : this.#members(offset, index));
        if (name === null) undescribed.push({ address, offset });
        else yield { address, name: name === "" ? NOTHING : fixed(name) };
      }
    }
    yield* this.#byTypes(undescribed);
    yield* this.#mapped(index, at);
    yield* this.#values(scan, index, at);
    if (scan.dictFromEnd > 0) {
      const type = this.#python.types[index]?.type;
      const items = Math.abs(reader.i64(at + structs.PyVarObject.ob_size));
      const end = Math.ceil(((type?.basicSize ?? 0) + items * (type?.itemSize ?? 0)) / 8) * 8;
      yield { address: reader.u64(at + end - scan.dictFromEnd), name: NOTHING };
    }
    if (scan.visitsType)
      yield { address: reader.u64(at + structs.PyObject.ob_type), name: fixed(".__class__") };
  }

  /** What nothing describes, by its type, and where it lies where several are of one: `.<a dict>`, `.<a set at 0x18>`. */
  *#byTypes(words: readonly Word[]): Generator<NamedWord> {
    const types = new Map<string, number>();
    const named = words.map((word) => {
      const node = this.#table.find(word.address);
      const type = node < 0 ? "" : typeNameOf(this.#python, this.#table.type(node)).replace(/^.*\./, "");
      types.set(type, (types.get(type) ?? 0) + 1);
      return { ...word, type };
    });
    for (const { address, offset, type } of named) {
      const place = types.get(type) === 1 ? "" : ` at 0x${offset.toString(16)}`;
      yield { address, name: fixed(`.<${/^[aeiou]/i.test(type) ? "an" : "a"} ${type}${place}>`) };
    }
  }

  /** Items of a context's map: values by their variables, and nodes of the map, which have no name (Python/hamt.c). */
  *#mapped(index: number, at: number): Generator<NamedWord> {
    const { reader, layout } = this.#python;
    const { ob_size } = layout.structs.PyVarObject;
    const type = typeNameOf(this.#python, index);
    if (type !== "builtins.hamt_bitmap_node" && type !== "builtins.hamt_collision_node") return;
    // Behind a bitmap or a hash of 32 bits: keys, each with its value; without a key it is a node.
    const items = at + ob_size + 16;
    const count = Math.min(reader.u64(at + ob_size), 2 * MAP_SLOTS);
    for (let item = 0; item + 1 < count; item += 2) {
      const key = reader.u64(items + item * 8);
      yield { address: reader.u64(items + item * 8 + 8), name: key > 0 ? { kind: "item", key } : NOTHING };
      if (key > 0) yield { address: key, name: KEY };
    }
  }

  *#parts_(
    node: number,
    family: Family,
    at: number,
    closureOf: (tuple: number) => number,
  ): Generator<NamedWord> {
    const { reader, layout } = this.#python;
    const { PyVarObject, PyListObject, PyTupleObject, PySetObject, setentry } = layout.structs;
    const isPart = this.#parts[node] === 1;
    switch (family) {
      case "list":
        yield* this.#indexed(reader.u64(at + PyListObject.ob_item), reader.u64(at + PyVarObject.ob_size));
        return;
      case "tuple": {
        // A class with a `__dict__` that derives from it has a word more in its size, but not in front of the items.
        const items = at + PyTupleObject.ob_item;
        const length = reader.u64(at + PyVarObject.ob_size);
        if (isPart) yield* this.#closure(items, length, closureOf(node));
        else yield* this.#indexed(items, length);
        return;
      }
      case "dict":
        for (const { key, value } of dictEntries(reader, layout, at, MOST_ITEMS)) {
          yield { address: value, name: { kind: isPart ? "attribute" : "item", key } };
          yield { address: key, name: KEY };
        }
        return;
      case "set": {
        const table = reader.u64(at + PySetObject.table);
        const slots = Math.min(reader.u64(at + PySetObject.mask) + 1, MOST_ITEMS);
        for (let slot = 0; slot < slots; slot += 1)
          yield { address: reader.u64(table + slot * setentry.sizeof + setentry.key), name: ITEM };
        return;
      }
      case "deque":
      case "ndarray":
      case "queue": {
        let index = 0;
        for (const { at: word, count } of specialWords(reader, layout, family, at))
          for (let item = 0; item < count; item += 1)
            yield { address: reader.u64(word + item * 8), name: { kind: "index", index: index++ } };
        return;
      }
      case "type":
      case "module":
      case "generator":
      case "frame":
      case "thread local":
        yield* this.#special(family, at);
        return;
      default:
        return;
    }
  }

  *#indexed(items: number, length: number): Generator<NamedWord> {
    const count = Math.min(length, MOST_ITEMS);
    for (let index = 0; index < count; index += 1) {
      const address = this.#python.reader.u64(items + index * 8);
      if (address > 0) yield { address, name: { kind: "index", index } };
    }
  }

  *#closure(items: number, length: number, closureOf: number): Generator<NamedWord> {
    const { reader, layout } = this.#python;
    const { PyVarObject, PyFunctionObject } = layout.structs;
    const code = closureOf < 0 ? 0 : reader.u64(this.#table.address(closureOf) + PyFunctionObject.func_code);
    // Free variables are the last of all since 3.11.
    const names = reader.u64(code + (layout.oldCode?.co_freevars ?? layout.code.localNames ?? 0));
    const skip = Math.max(0, reader.u64(names + PyVarObject.ob_size) - length);
    for (let index = 0; index < Math.min(length, 65_536); index += 1) {
      const key = this.#tupleItem(names, index + skip);
      yield { address: reader.u64(items + index * 8), name: { kind: "closure", key } };
    }
  }

  #tupleItem(tuple: number, index: number): number {
    const { reader, layout } = this.#python;
    const { PyVarObject, PyTupleObject } = layout.structs;
    const items = reader.u64(tuple + PyVarObject.ob_size);
    return index < items ? reader.u64(tuple + PyTupleObject.ob_item + index * 8) : 0;
  }

  *#special(family: Family, at: number): Generator<NamedWord> {
    const { reader, layout } = this.#python;
    for (const { at: word, count, step, what } of specialWords(reader, layout, family, at)) {
      if (what === "slot") continue;
      for (let index = 0; index < count; index += 1) {
        const place = word + index * step;
        const address = slotValue(reader, layout, place);
        if (address === 0) continue;
        if (what === "namespace") yield { address, name: NOTHING };
        else if (what === "key") yield { address, name: KEY };
        else yield { address, name: fixed(specialField(layout.structs, family, place - at)) };
      }
    }
    if (family === "frame" || family === "generator") yield* this.#locals(family, at);
  }

  *#locals(family: Family, at: number): Generator<NamedWord> {
    const { reader, layout } = this.#python;
    if (family === "frame")
      yield* this.frameLocals(layout.frame === null ? at : reader.u64(at + layout.frameData));
    else if (layout.generatorFrame !== null) yield* this.frameLocals(at + layout.generatorFrame);
  }

  /** The variables of the frame at the address, and what is on its stack. */
  *frameLocals(at: number): Generator<NamedWord> {
    const { reader, layout } = this.#python;
    const frame = readFrame(reader, layout, at);
    if (frame === null) return;
    for (let slot = 0; slot < frame.locals + frame.stack; slot += 1) {
      const address = slotValue(reader, layout, frame.slots + slot * 8);
      if (address === 0) continue;
      if (slot < frame.locals)
        yield { address, name: { kind: "local", key: this.#localName(frame.code, slot) } };
      else yield { address, name: this.#tasks.kindAt(address) === null ? STACK : AWAITED };
    }
  }

  #localName(code: number, slot: number): number {
    const { reader, layout } = this.#python;
    const { oldCode } = layout;
    if (oldCode === null) return this.#tupleItem(reader.u64(code + (layout.code.localNames ?? 0)), slot);
    let index = slot;
    for (const offset of [oldCode.co_varnames, oldCode.co_cellvars, oldCode.co_freevars]) {
      const names = reader.u64(code + offset);
      const length = reader.u64(names + layout.structs.PyVarObject.ob_size);
      if (index < length) return this.#tupleItem(names, index);
      index -= length;
    }
    return 0;
  }

  *#values(scan: ScanPlan, index: number, at: number): Generator<NamedWord> {
    if (scan.managed === 0) return;
    const { reader, layout, types } = this.#python;
    const type = types[index]?.type;
    if (type === undefined || layout.managed === null) return;
    const word = reader.u64(at + layout.managed.dict);
    if (word % 2 === 0 && word > 0) yield { address: word, name: NOTHING };
    let values = 0;
    if (layout.managed.values !== null) values = reader.u64(at + layout.managed.values);
    else if (scan.managed === 2) values = word % 2 === 1 ? word + 1 : 0;
    else if (scan.hasInline && areValid(reader, layout, at + type.basicSize)) values = at + type.basicSize;
    if (!(values > 0)) return;
    const keys = readKeysTable(
      reader,
      layout,
      reader.u64(type.address + layout.structs.PyHeapTypeObject.ht_cached_keys),
    );
    if (keys === null) return;
    for (let entry = 0; entry < Math.min(keys.entries, 65_536); entry += 1) {
      const address = reader.u64(values + layout.valuesHeader + entry * 8);
      const key = reader.u64(keys.firstKey + entry * keys.entryBytes);
      if (address > 0) yield { address, name: { kind: "attribute", key } };
    }
  }

  /** Its fields are at other places in every few versions: told by what they hold. */
  #lruField(address: number): string | null {
    const node = this.#table.find(address);
    const family = node < 0 ? null : this.#scans[this.#table.type(node)]?.descent.family;
    return family === "dict" ? ".<cache>" : family === "function" ? ".__wrapped__" : null;
  }

  #fieldsOf(index: number, family: Family): Fields {
    const { layout, names, types } = this.#python;
    const type = types[index]?.type;
    if (family === "function") return functionNames(layout.structs);
    if (family === "code") return codeNames(layout.structs);
    if (type !== undefined && hasFlag(type, FLAG.exception)) return this.#exceptionFields(type);
    const base = this.#scans[index]?.descent.base.address ?? 0;
    const fields = namesOfFields(layout.structs);
    return (
      fields.get(typeNameOf(this.#python, index)) ??
      fields.get(names.get(base)?.name ?? "") ??
      (type === undefined ? {} : this.#structFields(type))
    );
  }

  #exceptionFields(type: TypeObject): Fields {
    const { layout, names, typeObjects } = this.#python;
    const more = moreOfExceptions(layout.structs);
    const own = [...basesOf(type, typeObjects.all)].map(({ address }) => names.get(address)?.name ?? "");
    return Object.assign({}, exceptionNames(layout.structs), ...own.map((name) => more.get(name) ?? {}));
  }

  /** Of the nearest base whose struct is known. */
  #structFields(type: TypeObject): Fields {
    const { layout, names, typeObjects } = this.#python;
    const structs = namesOfStructs(layout.structs);
    for (const { address, basicSize } of basesOf(type, typeObjects.all)) {
      const known = structs.get(names.get(address)?.name ?? "");
      if (known !== undefined) return basicSize === known.size ? known.fields : {};
    }
    return {};
  }
}
