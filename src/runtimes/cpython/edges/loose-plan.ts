import type { MemoryReader } from "../../../blocks/index.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import type { Descent, Family } from "../types/families.ts";
import { KIND, type OtherKind, type TypePlan } from "../types/kinds.ts";
import { basesOf, hasFlag, type TypeObject, type TypeObjects } from "../types/type-objects.ts";

/** Which words of a type's instances may lead to memory that is no object. */
export interface LoosePlan {
  /** Offsets of words that lead to tables and buffers that the object's own size counts. */
  readonly tables: readonly number[];
  /** Words from here up to `to` may lead to memory that C code has for itself. */
  readonly from: number;
  readonly to: number;
  /** Whether items follow the struct that nothing is known of. */
  readonly hasItems: boolean;
}

/** Of these, all that the struct of the base points to is known. */
const KNOWN: ReadonlySet<Family> = new Set<Family>(["opaque", "list", "dict", "set", "tuple", "deque"]);

export function planLoose(
  reader: MemoryReader,
  layout: Layout,
  types: TypeObjects,
  plan: TypePlan,
  descent: Descent,
): LoosePlan {
  const { type, other } = plan;
  const { family, base } = descent;
  const { PyObject, PyTypeObject } = layout.structs;
  const tables = tableWords(layout, plan, family);
  const end = type.basicSize - (type.basicSize % 8);
  // Static types are no larger than this.
  if (family === "type") return { tables, from: PyObject.sizeof, to: PyTypeObject.sizeof, hasItems: false };
  const isKnown = KNOWN.has(family) || other === "struct" || other === "buffered";
  const from = isKnown ? Math.min(end, Math.ceil(base.basicSize / 8) * 8) : PyObject.sizeof;
  return {
    tables,
    from: hasWordsOfC(reader, layout, types, type, from) ? from : end,
    to: end,
    hasItems: family === "other" && type.itemSize > 0 && type.itemSize % 8 === 0,
  };
}

function tableWords(layout: Layout, { type, kind, other }: TypePlan, family: Family): number[] {
  const { structs, wide } = layout;
  if (hasFlag(type, FLAG.str))
    return [
      structs.PyCompactUnicodeObject.utf8,
      structs.PyUnicodeObject.data,
      ...(wide === null ? [] : [wide.text]),
    ];
  const ofOther: ReadonlyMap<OtherKind | null, number> = new Map([
    ["array", structs.arrayobject.ob_item],
    // mpd_t: alloc, then data.
    ["decimal", structs.PyDecObject.alloc + 8],
    ["struct", structs.PyStructObject.s_codes],
    ["buffered", structs.buffered.buffer],
    ["bytes io", structs.bytesio.buf],
  ]);
  const word = ofOther.get(other);
  if (word !== undefined) return [word];
  if (kind === KIND.bytearray) return [structs.PyByteArrayObject.ob_bytes];
  switch (family) {
    case "list":
      return [structs.PyListObject.ob_item];
    case "dict":
      return [structs.PyDictObject.ma_keys, structs.PyDictObject.ma_values];
    case "set":
      return [structs.PySetObject.table];
    case "deque":
      return [structs.dequeobject.leftblock, structs.dequeobject.rightblock];
    default:
      return [];
  }
}

/**
 * Whether words of the struct behind `from` bytes may be C code's: classes that Python code has made have their slots,
 * a dict and weak references there.
 */
function hasWordsOfC(
  reader: MemoryReader,
  layout: Layout,
  types: TypeObjects,
  type: TypeObject,
  from: number,
): boolean {
  const { PyTypeObject, PyHeapTypeObject, PyVarObject } = layout.structs;
  const weakOf = (at: number) => reader.i64(at + PyTypeObject.tp_weaklistoffset);
  for (const here of basesOf(type, types.all)) {
    if (here.basicSize <= from) return false;
    const base = types.all.get(here.base);
    if (base === undefined || !hasFlag(here, FLAG.heapType)) return true;
    const slots = reader.u64(here.address + PyHeapTypeObject.ht_slots);
    const words =
      (slots > 0 ? reader.u64(slots + PyVarObject.ob_size) : 0) +
      (here.dictOffset === base.dictOffset ? 0 : 1) +
      (weakOf(here.address) === weakOf(base.address) ? 0 : 1);
    if (!(here.basicSize - base.basicSize <= 8 * words)) return true;
  }
  return true;
}
