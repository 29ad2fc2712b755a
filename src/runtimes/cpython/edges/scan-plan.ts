import type { MemoryReader } from "../../../blocks/index.ts";
import { type KernelMemory, SCAN } from "../../../kernel/index.ts";
import { readKeysTable } from "../layout/dict-entries.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import type { Python } from "../python.ts";
import { type Descent, descentOf } from "../types/families.ts";
import { hasFlag, type TypeObject } from "../types/type-objects.ts";
import { type LoosePlan, planLoose } from "./loose-plan.ts";

const { MASKED_WORDS } = SCAN;
const TABLE = {
  none: SCAN.TABLE_NONE,
  list: SCAN.TABLE_LIST,
  dict: SCAN.TABLE_DICT,
  set: SCAN.TABLE_SET,
  special: SCAN.TABLE_SPECIAL,
  str: SCAN.TABLE_STR,
} as const;

/** Behind their struct are keys, values and nodes (Include/internal/pycore_hamt.h), which their tp_traverse visits. */
const NODES_OF_MAPS: ReadonlySet<string> = new Set([
  "builtins.hamt_bitmap_node",
  "builtins.hamt_collision_node",
]);

/** How the kernel follows what instances of a type point to; the fields of its entry in assembly/edges.ts. */
export interface ScanPlan {
  readonly descent: Descent;
  readonly from: number;
  readonly to: number;
  readonly skip: bigint;
  readonly part: bigint;
  readonly table: number;
  readonly hasItems: boolean;
  readonly managed: number;
  readonly visitsType: boolean;
  readonly values: number;
  readonly dictFromEnd: number;
  readonly hasInline: boolean;
  /** What is not followed, but may lead to C memory. */
  readonly loose: LoosePlan;
}

/** How to follow what instances of each type point to, in the order of `python.types`. */
export function planScans({ reader, layout, types, typeObjects, names }: Python): ScanPlan[] {
  return types.map((plan) => {
    const { type } = plan;
    const descent = descentOf(typeObjects, names, type);
    const scan = planScan(reader, layout, type, descent);
    const loose = planLoose(reader, layout, typeObjects, plan, descent);
    const name = names.get(type.address)?.name ?? "";
    const hasItems = scan.hasItems || NODES_OF_MAPS.has(name);
    return {
      ...scan,
      hasItems,
      skip: scan.skip | borrowedWord(layout, name),
      loose: { ...loose, hasItems: loose.hasItems && !hasItems },
    };
  });
}

/** What a struct points to and does not hold, which may be gone: a word that looks like an edge. */
function borrowedWord({ structs }: Layout, type: string): bigint {
  // Since 3.7, where it came: Modules/itertoolsmodule.c.
  if (type === "itertools.groupby") return bit(structs.groupbyobject.currgrouper);
  // The value in the context that was asked last (Include/internal/pycore_context.h).
  const isVariable = /^(builtins|_contextvars)\.ContextVar$/.test(type);
  return isVariable && "contextvarobject" in structs ? bit(structs.contextvarobject.var_cached) : 0n;
}

function planScan(
  reader: MemoryReader,
  layout: Layout,
  type: TypeObject,
  descent: Descent,
): Omit<ScanPlan, "loose"> {
  const { structs } = layout;
  const weaklist = reader.i64(type.address + structs.PyTypeObject.tp_weaklistoffset);
  let skip = weaklist > 0 ? bit(weaklist) : 0n;
  let part = type.dictOffset > 0 ? bit(type.dictOffset) : 0n;
  let from: number = structs.PyObject.sizeof;
  const to = type.basicSize - (type.basicSize % 8);
  let table: number = TABLE.none;
  const base = Math.ceil(descent.base.basicSize / 8) * 8;
  switch (descent.family) {
    case "opaque":
      from = base;
      if (hasFlag(type, FLAG.str)) table = TABLE.str;
      break;
    case "tuple":
      from = base;
      break;
    case "list":
    case "dict":
    case "set":
      from = base;
      table = TABLE[descent.family];
      break;
    case "type":
      from = structs.PyHeapTypeObject.sizeof;
      table = TABLE.special;
      break;
    case "generator":
      if (layout.generatorFrame === null) break;
      from = base;
      table = TABLE.special;
      break;
    case "module":
    case "deque":
    case "frame":
      from = base;
      table = TABLE.special;
      break;
    case "function": {
      part |= bit(structs.PyFunctionObject.func_closure);
      break;
    }
    case "weakref":
      // wr_callback alone is held (Include/cpython/weakrefobject.h); the referent and the other references are not.
      for (let offset = structs.PyObject.sizeof as number; offset < base; offset += 8)
        if (offset !== structs.PyWeakReference.wr_callback) skip |= bit(offset);
      break;
    case "lru cache":
    case "lru link":
      // Links to the neighbours are borrowed (Modules/_functoolsmodule.c).
      skip |= bit(structs.lru_list_elem.prev) | bit(structs.lru_list_elem.next);
      break;
    case "thread local":
    case "ndarray":
      table = TABLE.special;
      break;
    case "queue":
      if ("simplequeueobject" in structs && "num_items" in structs.simplequeueobject) table = TABLE.special;
      break;
    case "code":
    case "cell":
    case "other":
      break;
  }
  const managed = hasFlag(type, FLAG.managedDict) ? (layout.managed?.how ?? 0) : 0;
  const cached = hasFlag(type, FLAG.heapType)
    ? reader.u64(type.address + structs.PyHeapTypeObject.ht_cached_keys)
    : 0;
  const keys = cached > 0 ? readKeysTable(reader, layout, cached) : null;
  return {
    descent,
    from: Math.min(from, to),
    to,
    skip,
    part,
    table,
    hasItems: descent.family === "tuple",
    managed,
    visitsType: hasFlag(type, FLAG.heapType),
    values: managed === 1 || managed === 2 ? Math.min(keys?.entries ?? 0, 65_536) : 0,
    dictFromEnd: managed === 0 && type.dictOffset < 0 ? -type.dictOffset : 0,
    hasInline: managed === 3 && hasFlag(type, FLAG.inlineValues),
  };
}

function bit(offset: number): bigint {
  const word = Math.floor(offset / 8);
  return word < MASKED_WORDS ? 1n << BigInt(word) : 0n;
}

/** Writes the kernel's entries. Returns their place. */
export function writeScanPlans(memory: KernelMemory, { types }: Python, scans: readonly ScanPlan[]): number {
  const place = memory.place(scans.length * SCAN.SCAN_BYTES);
  const view = new DataView(memory.buffer, place, scans.length * SCAN.SCAN_BYTES);
  scans.forEach((scan, index) => {
    const at = index * SCAN.SCAN_BYTES;
    const type = types[index]?.type;
    view.setUint32(at + SCAN.FROM, scan.from, true);
    view.setUint32(at + SCAN.TO, scan.to, true);
    view.setBigUint64(at + SCAN.SKIP, scan.skip, true);
    view.setBigUint64(at + SCAN.PART, scan.part, true);
    view.setUint8(at + SCAN.TABLE, scan.table);
    view.setUint8(at + SCAN.ITEMS, scan.hasItems ? 1 : 0);
    view.setUint8(at + SCAN.MANAGED, scan.managed);
    view.setUint8(at + SCAN.VISITS_TYPE, scan.visitsType ? 1 : 0);
    view.setUint32(at + SCAN.VALUES, scan.values, true);
    view.setUint32(at + SCAN.DICT_FROM_END, scan.dictFromEnd, true);
    view.setUint32(at + SCAN.ITEM, type?.itemSize ?? 0, true);
    view.setUint32(at + SCAN.BASIC, type?.basicSize ?? 0, true);
    view.setUint32(at + SCAN.INLINE, scan.hasInline ? 1 : 0, true);
    view.setBigUint64(
      at + SCAN.TABLE_WORDS,
      scan.loose.tables.reduce((bits, at) => bits | bit(at), 0n),
      true,
    );
    view.setUint32(at + SCAN.LOOSE_FROM, scan.loose.from, true);
    view.setUint32(at + SCAN.LOOSE_TO, scan.loose.to, true);
    view.setUint8(at + SCAN.LOOSE_ITEMS, scan.loose.hasItems ? 1 : 0);
  });
  return place;
}
