import type { Containers } from "./containers.ts";
import type { Dicts, Entry, KeysTable } from "./dicts.ts";
import { FLAG, type Heap, type PyObject, type PyType } from "./heap.ts";
import { type Types, writeType } from "./types.ts";
import type { Values } from "./values.ts";

export interface ClassPlan {
  readonly module: string;
  readonly name: string;
  readonly base?: PyType;
  /** Names of slots: words of instances, in this order behind the base's struct. */
  readonly slots?: readonly string[];
  /** Whether instances have a `__dict__`; the names that they share the keys of. */
  readonly attributes?: readonly string[];
  /** Whether instances can be weakly referenced: a word behind all others, or, since 3.12, 16 bytes in front. */
  readonly isWeak?: boolean;
  /** More of the class's namespace. */
  readonly namespace?: readonly Entry[];
}

export interface PyClass extends PyType {
  /** The keys that its instances' attributes share; null where they have no `__dict__`. */
  readonly keys: KeysTable | null;
  /** Of the word for weak references, behind all others. */
  readonly weakBytes: 0 | 8;
  readonly namespace: PyObject;
  readonly qualname: PyObject;
  /** `__bases__`. */
  readonly bases: PyObject;
}

/** T_OBJECT_EX (Include/structmember.h, since 3.12 Include/descrobject.h). */
const OBJECT_MEMBER = 16;

/** Makes classes, as `type(name, bases, namespace)` does, and their instances. */
export class Classes {
  readonly #heap: Heap;
  readonly #types: Types;
  readonly #values: Values;
  readonly #containers: Containers;
  readonly #dicts: Dicts;

  constructor(heap: Heap, types: Types, values: Values, containers: Containers, dicts: Dicts) {
    this.#heap = heap;
    this.#types = types;
    this.#values = values;
    this.#containers = containers;
    this.#dicts = dicts;
  }

  /** PyHeapTypeObject: a PyTypeObject, then names, slots, cached keys. It is too large for pymalloc. */
  make(plan: ClassPlan): PyClass {
    const { memory, structs, minor } = this.#heap;
    const base = plan.base ?? this.#types.get("object");
    const root = this.#types.get("type");
    const slots = plan.slots ?? [];
    const hasDict = plan.attributes !== undefined;
    const isManaged = hasDict && minor >= 11;
    const weakBytes = plan.isWeak === true && minor < 12 ? 8 : 0;
    const words = slots.length + (hasDict && !isManaged ? 1 : 0);
    const basicBytes = base.basicBytes + 8 * words + weakBytes;
    const flags =
      (base.flags & ~FLAG.baseType) |
      FLAG.heapType |
      FLAG.gc |
      (isManaged ? FLAG.managedDict : 0) |
      (plan.isWeak === true && minor >= 12 ? FLAG.managedWeakref : 0) |
      (isManaged && minor >= 13 ? FLAG.inlineValues : 0);
    const names = plan.attributes ?? [];
    const nothing = this.#types.get("object");
    const keys = hasDict
      ? this.#dicts.keys(
          names.map((name): Entry => [this.#values.str(name, 1), nothing]),
          { isSplit: true, isUnicode: true },
        )
      : null;
    const object = this.#heap.make(root, structs.heapTypeBytes, keys?.bytes ?? 0);
    const at = object.address;
    writeType(this.#heap, at, {
      basic: basicBytes,
      item: base.itemBytes,
      flags,
      // Objects/typeobject.c, type_new: -1 where the dict is managed, else behind the base's struct and the slots.
      weakListOffset: weakBytes > 0 ? basicBytes - 8 : 0,
      dictOffset: !hasDict ? 0 : isManaged ? -1 : base.basicBytes + 8 * slots.length,
    });
    memory.u64(at + structs.typeName, this.#heap.cText(plan.name));
    const qualname = this.#values.str(plan.name);
    this.#heap.hold(at + structs.heapTypeName, qualname);
    this.#heap.hold(at + structs.heapTypeQualname, qualname);
    memory.u64(at + structs.heapTypeCachedKeys, keys?.address ?? 0);
    this.#heap.hold(at + structs.typeBase, base);
    const bases = this.#containers.tuple([base]);
    this.#heap.hold(at + structs.typeBases, bases);
    const made = Object.assign(object, {
      name: `${plan.module}.${plan.name}`,
      basicBytes,
      itemBytes: base.itemBytes,
      flags: flags >>> 0,
      keys,
      weakBytes: weakBytes as 0 | 8,
    });
    const members = slots.map(
      (slot, index): Entry => [this.#values.str(slot), this.#member(slot, base.basicBytes + 8 * index)],
    );
    const namespace = this.#dicts.dict([
      [this.#values.str("__module__"), this.#values.str(plan.module)],
      ...members,
      ...(plan.namespace ?? []),
    ]);
    this.#heap.hold(at + structs.typeDict, namespace);
    return Object.assign(made, { namespace, qualname, bases });
  }

  /** PyMemberDescrObject: its PyMemberDef says name, type and offset, and lies in malloc's memory. */
  #member(name: string, offset: number): PyObject {
    const { memory } = this.#heap;
    const object = this.#heap.make(this.#types.get("member_descriptor"), 48);
    const { start } = this.#heap.malloc.allocate(40);
    memory.u64(start, this.#heap.cText(name));
    memory.u32(start + 8, OBJECT_MEMBER);
    memory.u64(start + 16, offset);
    memory.u64(object.address + 40, start);
    return object;
  }

  /** An instance with what its slots hold, and its attributes in a dict of its own up to 3.10, in values since. */
  instance(
    type: PyClass,
    slots: readonly (PyObject | null)[],
    attributes: readonly (PyObject | null)[] = [],
  ): PyObject {
    const { memory, structs, minor } = this.#heap;
    const inline = minor >= 13 && type.keys !== null ? structs.valuesHeader + 8 * type.keys.usable : 0;
    const object = this.#heap.make(type, type.basicBytes + inline);
    // sys.getsizeof does not count values that lie in the object.
    object.bytes -= inline;
    const end = type.basicBytes - type.weakBytes;
    const first = end - 8 * (slots.length + (type.keys !== null && minor < 11 ? 1 : 0));
    slots.forEach((value, index) => {
      this.#heap.hold(object.address + first + 8 * index, value);
    });
    if (type.keys === null) return object;
    if (minor < 11) {
      this.#heap.hold(object.address + end - 8, this.#dicts.splitDict(type.keys, attributes));
      return object;
    }
    const values = minor >= 13 ? object.address + type.basicBytes : this.#valuesBlock(type.keys);
    if (minor >= 13) {
      // PyDictValues: capacity, size, embedded, valid.
      memory.u8(values, type.keys.usable);
      memory.u8(values + 1, attributes.length);
      memory.u8(values + 2, 1);
      memory.u8(values + 3, 1);
    }
    attributes.forEach((value, index) => {
      this.#heap.hold(values + structs.valuesHeader + 8 * index, value);
    });
    // Include/internal/pycore_object.h: 3.11 has a word for values and one for a dict, 3.12 one for either, tagged.
    if (minor === 11) memory.u64(object.address - 32, values);
    if (minor === 12) memory.u64(object.address - 24, values - 1);
    return object;
  }

  /** Objects/dictobject.c, new_values: the last byte in front of the values is how many bytes are. */
  #valuesBlock(keys: KeysTable): number {
    const prefix = Math.ceil((keys.usable + 2) / 8) * 8;
    const { start } = this.#heap.table(prefix + 8 * keys.usable);
    this.#heap.memory.u8(start + prefix - 1, prefix);
    return start + prefix;
  }

  /** Gives the instance a dict of its own in place of its values, as `vars(instance)` does. */
  materialize(object: PyObject, dict: PyObject): void {
    const { memory, minor } = this.#heap;
    if (minor < 11) throw new RangeError("instances have dicts up to 3.10");
    memory.u64(object.address - 24, 0);
    this.#heap.hold(object.address - 24, dict);
    if (minor === 11) memory.u64(object.address - 32, 0);
    if (minor >= 13 && object.type !== null) memory.u8(object.address + object.type.basicBytes + 3, 0);
  }
}
