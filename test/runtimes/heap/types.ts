import { FLAG, type Heap, type PyType } from "./heap.ts";

interface TypePlan {
  readonly name: string;
  readonly basic: number;
  readonly item?: number;
  readonly flags?: number;
  /** `object` unless given. */
  readonly base?: string;
  /** Where instances have their `__dict__`, and weak references to them. */
  readonly dictOffset?: number;
  readonly weakListOffset?: number;
}

const { gc } = FLAG;

/** Static types of the interpreter and its modules: tp_name, tp_basicsize, tp_itemsize, tp_flags. */
function staticTypes({ structs, minor }: Heap): readonly TypePlan[] {
  const frameItem = minor >= 11 ? 8 : 0;
  return [
    { name: "int", basic: 24, item: 4, flags: FLAG.int },
    { name: "bool", basic: structs.boolBytes, item: 4, flags: FLAG.int, base: "int" },
    { name: "float", basic: 24 },
    { name: "complex", basic: 32 },
    { name: "NoneType", basic: 16 },
    { name: "ellipsis", basic: 16 },
    { name: "NotImplementedType", basic: 16 },
    { name: "str", basic: structs.strWhole, flags: FLAG.str },
    { name: "bytes", basic: 33, item: 1, flags: FLAG.bytes },
    { name: "bytearray", basic: structs.bytearrayBytes },
    { name: "tuple", basic: structs.tupleItems, item: 8, flags: gc | FLAG.tuple },
    { name: "list", basic: 40, flags: gc | FLAG.list },
    { name: "dict", basic: 48, flags: gc | FLAG.dict },
    { name: "set", basic: 200, flags: gc, weakListOffset: 192 },
    { name: "frozenset", basic: 200, flags: gc, weakListOffset: 192 },
    { name: "collections.deque", basic: structs.dequeBytes, flags: gc },
    {
      name: "module",
      basic: structs.moduleBytes,
      flags: gc,
      dictOffset: 16,
      weakListOffset: structs.moduleWeakList,
    },
    {
      name: "function",
      basic: structs.functionBytes,
      flags: gc,
      dictOffset: structs.functionDict,
      weakListOffset: structs.functionDict + 8,
    },
    { name: "method", basic: structs.methodBytes, flags: gc },
    { name: "cell", basic: 24, flags: gc },
    { name: "code", basic: structs.codeBytes, item: minor >= 11 ? 2 : 0 },
    { name: "frame", basic: structs.frameBytes, item: 8, flags: gc },
    { name: "generator", basic: structs.generatorBytes, item: frameItem, flags: gc },
    { name: "member_descriptor", basic: 48, flags: gc },
    { name: "property", basic: structs.propertyBytes, flags: gc },
    { name: minor < 10 ? "weakref" : "weakref.ReferenceType", basic: structs.weakrefBytes, flags: gc },
    { name: "staticmethod", basic: minor >= 10 ? 32 : 24, flags: gc },
    { name: "classmethod", basic: minor >= 10 ? 32 : 24, flags: gc },
    { name: "mappingproxy", basic: 24, flags: gc },
    { name: "traceback", basic: 64, flags: gc },
    { name: "range", basic: 48 },
    { name: "builtin_function_or_method", basic: structs.cFunctionBytes, flags: gc },
    { name: "types.SimpleNamespace", basic: 24, flags: gc, dictOffset: 16 },
    { name: "functools.partial", basic: 64, flags: gc, dictOffset: 40, weakListOffset: 48 },
    { name: "functools._lru_list_elem", basic: 56, flags: gc },
    { name: "functools._lru_cache_wrapper", basic: 152, flags: gc },
    { name: "collections.defaultdict", basic: 56, flags: gc | FLAG.dict, base: "dict" },
    { name: "collections.OrderedDict", basic: 112, flags: gc | FLAG.dict, base: "dict" },
    { name: "_thread._local", basic: 64, flags: gc },
    { name: "array.array", basic: 64 },
    { name: "decimal.Decimal", basic: 104 },
    { name: "_struct.Struct", basic: 56 },
    { name: "_io.BufferedReader", basic: 176, flags: gc },
    { name: "_io.BytesIO", basic: 80, flags: gc },
    { name: "_asyncio.Task", basic: 200, flags: gc },
    { name: "thing.Opaque", basic: 48, flags: gc },
    { name: "BaseException", basic: structs.exceptionBytes, flags: gc | FLAG.exception, dictOffset: 16 },
    {
      name: "Exception",
      basic: structs.exceptionBytes,
      flags: gc | FLAG.exception,
      dictOffset: 16,
      base: "BaseException",
    },
  ];
}

/** The interpreter's types, by their C names; they lie in its module's data. */
export class Types {
  readonly #heap: Heap;
  readonly #types = new Map<string, PyType>();

  constructor(heap: Heap) {
    this.#heap = heap;
    const { heapTypeBytes } = heap.structs;
    const root = this.#makeStatic(
      { name: "type", basic: heapTypeBytes, item: 40, flags: gc | FLAG.type },
      null,
    );
    heap.setType(root, root);
    const object = this.#makeStatic({ name: "object", basic: 16 }, root);
    heap.memory.u64(root.address + heap.structs.typeBase, object.address);
    for (const plan of staticTypes(heap)) this.#makeStatic(plan, root, this.get(plan.base ?? "object"));
  }

  get(name: string): PyType {
    const type = this.#types.get(name);
    if (type === undefined) throw new RangeError(`no type ${name}`);
    return type;
  }

  /** All static types, in the order of their addresses. */
  get all(): readonly PyType[] {
    return [...this.#types.values()];
  }

  #makeStatic(plan: TypePlan, type: PyType | null, base?: PyType): PyType {
    const { name, basic, item = 0, flags = 0, ...offsets } = plan;
    const heap = this.#heap;
    const { structs } = heap;
    // Python/sysmodule.c, _PySys_GetSizeOf: 3.11 and 3.12 add the collector's head, which static types have not.
    const head = heap.minor === 11 || heap.minor === 12 ? 16 : 0;
    const object = heap.makeStatic(type, structs.typeBytes, structs.typeBytes + head);
    const at = object.address;
    heap.memory.u64(at + structs.typeName, heap.cText(name));
    writeType(heap, at, { basic, item, flags: flags | FLAG.ready | FLAG.baseType, ...offsets });
    if (base !== undefined) heap.memory.u64(at + structs.typeBase, base.address);
    const made = Object.assign(object, {
      name,
      basicBytes: basic,
      itemBytes: item,
      flags: (flags | FLAG.ready | FLAG.baseType) >>> 0,
    });
    this.#types.set(name, made);
    return made;
  }
}

/** The numbers of a PyTypeObject that say how instances are laid out. */
export function writeType(
  { memory, structs }: Heap,
  at: number,
  plan: {
    readonly basic: number;
    readonly item: number;
    readonly flags: number;
    readonly dictOffset?: number;
    readonly weakListOffset?: number;
  },
): void {
  memory.u64(at + structs.typeBasicSize, plan.basic);
  memory.u64(at + structs.typeItemSize, plan.item);
  memory.u64(at + structs.typeFlags, plan.flags >>> 0);
  memory.u64(at + structs.typeDictOffset, plan.dictOffset ?? 0);
  memory.u64(at + structs.typeWeakListOffset, plan.weakListOffset ?? 0);
}
