import { type Crew, GOLDEN_HIGH, GOLDEN_LOW, OBJECT_PLAN, TYPE_ENTRY } from "../../../kernel/index.ts";
import { CoregramError } from "../../../terms/index.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import type { TypePlan } from "../types/kinds.ts";
import { hasFlag } from "../types/type-objects.ts";
import { blockItems, bufferHeader } from "./size-at.ts";

const { ENTRY_BYTES } = TYPE_ENTRY;
const MULTIPLIER = (BigInt(GOLDEN_HIGH) << 32n) | BigInt(GOLDEN_LOW);
/** A longer walk than this from a type's place makes the table grow. */
const MOST_PROBES = 32;
const MOST_HASH_BITS = 26;

/** The interpreter's own static data: its module's writable memory. */
export interface StaticData {
  readonly start: number;
  readonly bytes: number;
  /** Place of a byte for each 8 bytes: 1 where something outside points there. */
  readonly marks: number;
}

/**
 * Writes what the kernel needs to know an object by: the plan, a type's entry each, and the hash table of their
 * addresses. `mostRefs` is a count of references that no object can have. Returns the plan's place.
 * @throws CoregramError `limit` where the types' addresses cannot be told apart by a table
 */
export function writePlan(
  crew: Crew,
  layout: Layout,
  types: readonly TypePlan[],
  mostRefs: number,
  statics: StaticData,
): number {
  const { memory } = crew;
  const { structs } = layout;
  const { slots, bits } = hashAddresses(types.map(({ type }) => BigInt(type.address)));
  const plan = memory.place(OBJECT_PLAN.PLAN_BYTES);
  const entries = memory.place(types.length * ENTRY_BYTES);
  const hash = memory.place(slots.byteLength);
  const { buffer } = memory.wasm;
  new Uint32Array(buffer, hash, slots.length).set(slots);
  const table = new DataView(buffer, plan, OBJECT_PLAN.PLAN_BYTES);
  const put = (place: number, word: number) => table.setBigUint64(place, BigInt(word), true);
  put(OBJECT_PLAN.HASH, hash);
  put(OBJECT_PLAN.HASH_SHIFT, 64 - bits);
  put(OBJECT_PLAN.TYPES, entries);
  put(OBJECT_PLAN.MOST_REFS, mostRefs);
  put(OBJECT_PLAN.REFS, layout.refs);
  put(OBJECT_PLAN.STR_ASCII, structs.PyASCIIObject.sizeof);
  put(OBJECT_PLAN.STR_COMPACT, structs.PyCompactUnicodeObject.sizeof);
  put(OBJECT_PLAN.STR_WHOLE, structs.PyUnicodeObject.sizeof);
  put(OBJECT_PLAN.STR_WSTR, layout.wide === null ? 0 : 1);
  put(OBJECT_PLAN.STATIC_LOW, statics.start);
  put(OBJECT_PLAN.STATIC_BYTES, statics.bytes);
  put(OBJECT_PLAN.STATIC_MARKS, statics.marks);
  put(OBJECT_PLAN.NEW_KEYS, layout.newKeys ? 1 : 0);
  putPlaces(table, layout);
  const view = new DataView(buffer, entries, types.length * ENTRY_BYTES);
  types.forEach(({ type, kind, head, leastItems, isRounded, basic, item }, index) => {
    const at = index * ENTRY_BYTES;
    view.setBigUint64(at + TYPE_ENTRY.TYPE_ADDRESS, BigInt(type.address), true);
    view.setUint8(at + TYPE_ENTRY.KIND, kind);
    view.setUint8(at + TYPE_ENTRY.HEAD, head);
    view.setUint8(at + TYPE_ENTRY.LEAST_ITEMS, leastItems);
    view.setUint8(at + TYPE_ENTRY.ROUND, isRounded ? 7 : 0);
    view.setUint32(at + TYPE_ENTRY.BASIC, basic, true);
    view.setUint32(at + TYPE_ENTRY.ITEM, item, true);
    view.setUint8(at + TYPE_ENTRY.IS_LISTED, hasFlag(type, FLAG.hasGc) ? 1 : 0);
    view.setUint8(at + TYPE_ENTRY.IS_METATYPE, hasFlag(type, FLAG.type) ? 1 : 0);
  });
  return plan;
}

/** Where the kernel finds the fields that it reads. */
function putPlaces(table: DataView, layout: Layout): void {
  const { structs } = layout;
  const put = (place: number, offset: number) => table.setUint32(place, offset, true);
  put(OBJECT_PLAN.OB_TYPE, structs.PyObject.ob_type);
  put(OBJECT_PLAN.OB_SIZE, structs.PyVarObject.ob_size);
  put(OBJECT_PLAN.INT_SIZE, layout.intSize);
  put(OBJECT_PLAN.STR_LENGTH, structs.PyASCIIObject.length);
  put(OBJECT_PLAN.STR_STATE, structs.PyASCIIObject.state);
  put(OBJECT_PLAN.STR_UTF8, structs.PyCompactUnicodeObject.utf8);
  put(OBJECT_PLAN.STR_UTF8_LENGTH, structs.PyCompactUnicodeObject.utf8_length);
  put(OBJECT_PLAN.STR_DATA, structs.PyUnicodeObject.data);
  put(OBJECT_PLAN.STR_WIDE, layout.wide?.text ?? 0);
  put(OBJECT_PLAN.STR_WIDE_LENGTH, layout.wide?.length ?? 0);
  put(OBJECT_PLAN.LIST_ALLOCATED, structs.PyListObject.allocated);
  put(OBJECT_PLAN.DICT_KEYS, structs.PyDictObject.ma_keys);
  put(OBJECT_PLAN.DICT_VALUES, structs.PyDictObject.ma_values);
  put(OBJECT_PLAN.SET_MASK, structs.PySetObject.mask);
  put(OBJECT_PLAN.SET_TABLE, structs.PySetObject.table);
  put(OBJECT_PLAN.SET_SMALL_TABLE, structs.PySetObject.smalltable);
  put(OBJECT_PLAN.SET_ENTRY_BYTES, structs.setentry.sizeof);
  put(OBJECT_PLAN.BYTEARRAY_ALLOC, structs.PyByteArrayObject.ob_alloc);
  put(OBJECT_PLAN.BYTEARRAY_HEADER, bufferHeader(layout));
  put(OBJECT_PLAN.DEQUE_LEFT_INDEX, structs.dequeobject.leftindex);
  put(OBJECT_PLAN.DEQUE_BLOCK_ITEMS, blockItems(layout));
  put(OBJECT_PLAN.DEQUE_BLOCK_BYTES, structs.block.sizeof);
  const { PyDictKeysObject: keys } = structs;
  put(OBJECT_PLAN.KEYS_REFS, keys.dk_refcnt);
  if ("dk_size" in keys) put(OBJECT_PLAN.KEYS_SIZE, keys.dk_size);
  else {
    put(OBJECT_PLAN.KEYS_LOG2_SIZE, keys.dk_log2_size);
    put(OBJECT_PLAN.KEYS_LOG2_INDEX, keys.dk_log2_index_bytes);
    put(OBJECT_PLAN.KEYS_KIND, keys.dk_kind);
  }
  put(OBJECT_PLAN.KEYS_USABLE, keys.dk_usable);
  put(OBJECT_PLAN.KEYS_ENTRIES, keys.dk_nentries);
  put(OBJECT_PLAN.KEYS_INDICES, keys.dk_indices);
  put(OBJECT_PLAN.KEY_ENTRY_BYTES, structs.PyDictKeyEntry.sizeof);
  if ("PyDictUnicodeEntry" in structs)
    put(OBJECT_PLAN.UNICODE_ENTRY_BYTES, structs.PyDictUnicodeEntry.sizeof);
}

function hashAddresses(addresses: readonly bigint[]): { slots: Uint32Array; bits: number } {
  for (
    let bits = Math.max(8, Math.ceil(Math.log2(addresses.length + 1)) + 2);
    bits <= MOST_HASH_BITS;
    bits += 1
  ) {
    const slots = new Uint32Array(2 ** bits);
    const shift = BigInt(64 - bits);
    const isPlaced = addresses.every((address, index) => {
      let slot = Number(BigInt.asUintN(64, address * MULTIPLIER) >> shift);
      for (let probes = 0; probes < MOST_PROBES; probes += 1) {
        if (slots[slot] === 0) {
          slots[slot] = index + 1;
          return true;
        }
        slot = (slot + 1) % slots.length;
      }
      return false;
    });
    if (isPlaced) return { slots, bits };
  }
  throw new CoregramError("limit", `${addresses.length} types are at addresses that no table tells apart`, {
    isUnnamed: true,
  });
}
