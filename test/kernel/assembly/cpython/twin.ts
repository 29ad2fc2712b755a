import { TYPE_ENTRY as ENTRY, type KernelMemory, OBJECT_PLAN as PLAN } from "../../../../src/kernel/index.ts";

/** How the size of a type's instances is found, by the kernel's numbers. */
export const KINDS = {
  variable: 0,
  taggedInt: 1,
  str: 2,
  list: 3,
  dict: 4,
  set: 5,
  bytearray: 6,
  deque: 7,
  other: 8,
} as const;

export interface TwinType {
  readonly address: bigint;
  readonly kind: number;
  /** Bytes in front of the object. */
  readonly head: 0 | 16 | 32;
  readonly leastItems: number;
  readonly isRounded: boolean;
  /** `head` included. */
  readonly basic: number;
  readonly item: number;
  /** Whether its instances have a head of the collector's, and whether they are types. */
  readonly isListed?: boolean;
  readonly isMetatype?: boolean;
}

export interface TwinPlan {
  readonly types: readonly TwinType[];
  readonly mostRefs: number;
  /** Plain counts; immortal ones above 2^31; those with flags above 48 bits. */
  readonly refs: 0 | 1 | 2;
  /** Whether dicts' tables have the header of 3.11 on. */
  readonly newKeys?: boolean;
  readonly str: {
    readonly ascii: number;
    readonly compact: number;
    readonly whole: number;
    readonly hasWide: boolean;
  };
}

const HASH_BITS = 8;

/** Writes the plan as the kernel reads it (its plan.ts); no static data is marked. Returns its place. */
export function putPlan(memory: KernelMemory, { types, mostRefs, refs, str, newKeys }: TwinPlan): number {
  const [plan, entries, hash] = [PLAN.PLAN_BYTES, types.length * ENTRY.ENTRY_BYTES, 4 * 2 ** HASH_BITS].map(
    (bytes) => memory.place(bytes),
  ) as [number, number, number];
  const view = new DataView(memory.buffer);
  const fields: [offset: number, value: number][] = [
    [PLAN.HASH, hash],
    [PLAN.HASH_SHIFT, 64 - HASH_BITS],
    [PLAN.TYPES, entries],
    [PLAN.MOST_REFS, mostRefs],
    [PLAN.REFS, refs],
    [PLAN.STR_ASCII, str.ascii],
    [PLAN.STR_COMPACT, str.compact],
    [PLAN.STR_WHOLE, str.whole],
    [PLAN.STR_WSTR, str.hasWide ? 1 : 0],
    [PLAN.NEW_KEYS, newKeys ? 1 : 0],
  ];
  const places: [offset: number, place: number][] = [
    [PLAN.OB_TYPE, 8],
    [PLAN.OB_SIZE, 16],
    [PLAN.INT_SIZE, 16],
    [PLAN.STR_LENGTH, 16],
    [PLAN.STR_STATE, 32],
    [PLAN.STR_UTF8, str.ascii + 8],
    [PLAN.STR_UTF8_LENGTH, str.ascii],
    [PLAN.STR_DATA, str.whole - 8],
    [PLAN.STR_WIDE, str.hasWide ? 40 : 0],
    [PLAN.STR_WIDE_LENGTH, str.hasWide ? 64 : 0],
    [PLAN.LIST_ALLOCATED, 32],
    [PLAN.DICT_KEYS, 32],
    [PLAN.DICT_VALUES, 40],
    [PLAN.SET_MASK, 32],
    [PLAN.SET_TABLE, 40],
    [PLAN.SET_SMALL_TABLE, 64],
    [PLAN.SET_ENTRY_BYTES, 16],
    [PLAN.BYTEARRAY_ALLOC, 24],
    [PLAN.DEQUE_LEFT_INDEX, 40],
    [PLAN.DEQUE_BLOCK_ITEMS, 64],
    [PLAN.DEQUE_BLOCK_BYTES, 528],
    [PLAN.KEYS_REFS, 0],
    [PLAN.KEYS_SIZE, newKeys ? 0 : 8],
    [PLAN.KEYS_LOG2_SIZE, newKeys ? 8 : 0],
    [PLAN.KEYS_LOG2_INDEX, newKeys ? 9 : 0],
    [PLAN.KEYS_KIND, newKeys ? 10 : 0],
    [PLAN.KEYS_USABLE, newKeys ? 16 : 24],
    [PLAN.KEYS_ENTRIES, newKeys ? 24 : 32],
    [PLAN.KEYS_INDICES, newKeys ? 32 : 40],
    [PLAN.KEY_ENTRY_BYTES, 24],
    [PLAN.UNICODE_ENTRY_BYTES, newKeys ? 16 : 0],
  ];
  for (const [offset, place] of places) view.setUint32(plan + offset, place, true);
  for (const [offset, value] of fields) view.setBigUint64(plan + offset, BigInt(value), true);
  types.forEach((type, index) => {
    const { address, kind, head, leastItems, isRounded, basic, item } = type;
    const at = entries + index * ENTRY.ENTRY_BYTES;
    view.setBigUint64(at, address, true);
    view.setUint8(at + ENTRY.KIND, kind);
    view.setUint8(at + ENTRY.HEAD, head);
    view.setUint8(at + ENTRY.LEAST_ITEMS, leastItems);
    view.setUint8(at + ENTRY.ROUND, isRounded ? 7 : 0);
    view.setUint32(at + ENTRY.BASIC, basic, true);
    view.setUint32(at + ENTRY.ITEM, item, true);
    view.setUint8(at + ENTRY.IS_LISTED, type.isListed === true ? 1 : 0);
    view.setUint8(at + ENTRY.IS_METATYPE, type.isMetatype === true ? 1 : 0);
    let slot = Number(BigInt.asUintN(64, address * 0x9e3779b97f4a7c15n) >> BigInt(64 - HASH_BITS));
    while (view.getUint32(hash + 4 * slot, true) !== 0) slot = (slot + 1) % 2 ** HASH_BITS;
    view.setUint32(hash + 4 * slot, index + 1, true);
  });
  return plan;
}

/** What a block holds: an object's type by number, where it begins, its bytes; null bytes where it was freed. */
export interface Found {
  readonly type: number;
  readonly head: number;
  readonly bytes: bigint | null;
}

/** `live`, `freed`, or neither. */
function stateOf(plan: TwinPlan, word: bigint): "live" | "freed" | "none" {
  if (word === 0n) return "freed";
  let count = word;
  // Flags stand in the upper 16 bits, of which eight are used.
  if (plan.refs === 2 && word >> 48n < 256n) count = word % 2n ** 48n;
  if (plan.refs !== 0 && count >= 2n ** 32n) return "none";
  const isImmortal = plan.refs !== 0 && count >= 2n ** 31n;
  return isImmortal || count <= BigInt(plan.mostRefs) ? "live" : "none";
}

const MOST_ITEMS = 2n ** 40n;

/** Bytes of the object from its address on, in its own block; null where its fields make no sense. */
function ownBytes(plan: TwinPlan, type: TwinType, view: DataView, at: number): bigint | null {
  const { ascii, compact, whole } = plan.str;
  const size = view.getBigUint64(at + 16, true);
  const state = view.getUint8(at + 32);
  if (type.kind === KINDS.str) {
    if (size > MOST_ITEMS) return null;
    if ((state & 0x20) === 0) return BigInt(whole);
    const width = BigInt((state >> 2) % 8);
    return (state & 0x40) !== 0 ? BigInt(ascii) + size + 1n : BigInt(compact) + (size + 1n) * width;
  }
  const struct = BigInt(type.basic - type.head);
  if (type.item === 0) return struct;
  const signed = BigInt.asIntN(64, size);
  const items = type.kind === KINDS.taggedInt ? size / 8n : signed < 0n ? -signed : signed;
  if (items > MOST_ITEMS) return null;
  const least = BigInt(type.leastItems);
  const own = struct + (items > least ? items : least) * BigInt(type.item);
  return type.isRounded ? ((own + 7n) / 8n) * 8n : own;
}

/** Bytes that it has elsewhere; null where that is more than there is. */
function ownedBytes(
  plan: TwinPlan,
  type: TwinType,
  view: DataView,
  at: number,
  address: bigint,
): bigint | null {
  const word = (offset: number) => view.getBigUint64(at + offset, true);
  const bounded = (count: bigint, each: bigint) =>
    BigInt.asUintN(64, count) > (BigInt(plan.mostRefs) * 8n) / each ? null : BigInt.asUintN(64, count) * each;
  switch (type.kind) {
    case KINDS.list:
      return bounded(word(32), 8n);
    case KINDS.set:
      return word(40) === address + 64n ? 0n : bounded(word(32) + 1n, 16n);
    case KINDS.bytearray:
      return bounded(word(24), 1n);
    case KINDS.deque:
      return bounded(BigInt.asUintN(64, word(40) + word(16) + 63n) / 64n, 528n);
    case KINDS.str:
      return bounded(strCopies(plan, view, at, address), 1n);
    default:
      return 0n;
  }
}

/** A str's text that is apart, its UTF-8 and its wide characters, unless they are the same memory. */
function strCopies({ str }: TwinPlan, view: DataView, at: number, address: bigint): bigint {
  const word = (offset: number) => view.getBigUint64(at + offset, true);
  const state = view.getUint8(at + 32);
  const isCompact = (state & 0x20) !== 0;
  const isAscii = isCompact && (state & 0x40) !== 0;
  const apart = word(str.whole - 8);
  const inside = address + BigInt(isAscii ? str.ascii : str.compact);
  let bytes = !isCompact && apart !== 0n ? (word(16) + 1n) * BigInt((state >> 2) % 8) : 0n;
  const utf8 = word(str.ascii + 8);
  if (!isAscii && utf8 !== 0n && utf8 !== (isCompact ? inside : apart)) bytes += word(str.ascii) + 1n;
  const wide = word(40);
  if (str.hasWide && wide !== 0n && wide !== (isCompact ? inside : word(72)))
    bytes += ((isAscii ? word(16) : word(64)) + 1n) * 4n;
  return bytes;
}

/** The object in a block of `capacity` bytes in use. */
export function objectIn(
  plan: TwinPlan,
  view: DataView,
  block: number,
  address: bigint,
  capacity: number,
): Found | null {
  let lead = 0;
  // PYTHONMALLOC=debug: seven bytes 0xfd behind a letter, twice at most.
  for (let times = 0; times < 2; times += 1)
    if (view.getBigUint64(block + lead + 8, true) >> 8n === 0xfdfdfdfdfdfdfdn && capacity - 24 * times > 24)
      lead += 16;
    else break;
  const room = capacity - (lead / 16) * 24;
  for (const head of [0, 16, 32]) {
    if (head + 16 > room) return null;
    const at = block + lead + head;
    const type = plan.types.findIndex((each) => each.address === view.getBigUint64(at + 8, true));
    const known = plan.types[type];
    if (known === undefined || known.head !== head) continue;
    const state = stateOf(plan, view.getBigUint64(at, true));
    const own = ownBytes(plan, known, view, at);
    if (state === "none" || own === null || own > BigInt(room - head + 8)) continue;
    if (state === "freed") return { type, head: lead + head, bytes: null };
    if (known.kind === KINDS.dict) return { type, head: lead + head, bytes: 0n };
    const owned = ownedBytes(plan, known, view, at, address + BigInt(lead + head));
    return owned === null ? null : { type, head: lead + head, bytes: own + BigInt(head) + owned };
  }
  return null;
}
