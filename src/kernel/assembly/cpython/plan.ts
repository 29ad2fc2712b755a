// What the runtime tells the kernel of CPython's types: a table of u64 that it fills, constant while threads run.

// Offsets in the plan.
export const HASH: usize = 0; // address of the u32 hash table of types: index + 1, or 0
export const HASH_SHIFT: usize = 8; // 64 less the bits of its size
export const TYPES: usize = 16; // address of the types' entries
export const MOST_REFS: usize = 24; // a greater count cannot be one: more than there are words
export const REFS: usize = 32; // how counts are kept: 0 plain, 1 immortal from 2^31 up, 2 with flags above 48 bits
export const STR_ASCII: usize = 40; // bytes of PyASCIIObject, PyCompactUnicodeObject, PyUnicodeObject
export const STR_COMPACT: usize = 48;
export const STR_WHOLE: usize = 56;
export const STR_WSTR: usize = 64; // whether there are wstr fields (up to 3.11)

export const STATIC_LOW: usize = 72; // the interpreter's static data: address, bytes (0: none), and a byte for each
export const STATIC_BYTES: usize = 80; // aligned word of it that says whether a word elsewhere points there
export const STATIC_MARKS: usize = 88;
export const NEW_KEYS: usize = 96; // whether dicts' tables have the header of 3.11 on

// Offsets in a type's entry, 32 bytes.
export const KIND: usize = 8; // u8
export const HEAD: usize = 9; // u8: bytes in front of the object
export const LEAST_ITEMS: usize = 10; // u8
export const ROUND: usize = 11; // u8: 7 where sizes are rounded up to words, else 0
export const BASIC: usize = 12; // u32: bytes of an instance, those in front included, items not
export const ITEM: usize = 16; // u32: bytes of an item

// How an object's size is found. The runtime's TypeKind has the same numbers.
export const VARIABLE: u8 = 0;
export const TAGGED_INT: u8 = 1;
export const STR: u8 = 2;
export const LIST: u8 = 3;
export const DICT: u8 = 4;
export const SET: u8 = 5;
export const BYTEARRAY: u8 = 6;
export const DEQUE: u8 = 7;
export const OTHER: u8 = 8;

/** Of a tally, per type: live, live bytes, freed, freed bytes, all u64. */
export const TALLY_BITS: usize = 5;

/** The entry of the type whose address the word is, or 0. */
// @ts-ignore: a decorator on a function
@inline
export function findType(plan: usize, word: u64): usize {
  if ((word & 7) != 0 || word == 0) return 0;
  const hash = <usize>load<u64>(plan, HASH);
  const shift = load<u64>(plan, HASH_SHIFT);
  const types = <usize>load<u64>(plan, TYPES);
  const mask: u64 = ((<u64>1) << (64 - shift)) - 1;
  let slot = (word * 0x9e3779b97f4a7c15) >> shift;
  let index = load<u32>(hash + (<usize>slot << 2));
  while (index != 0) {
    const entry = types + (<usize>(index - 1) << 5);
    if (load<u64>(entry) == word) return entry;
    slot = (slot + 1) & mask;
    index = load<u32>(hash + (<usize>slot << 2));
  }
  return 0;
}

/** 1 where the word can be a live object's reference count, 0 where it is a freed one's, -1 where it is neither. */
// @ts-ignore: a decorator on a function
@inline
export function readRefs(plan: usize, word: u64): i32 {
  if (word == 0) return 0;
  const how = load<u64>(plan, REFS);
  const most = load<u64>(plan, MOST_REFS);
  if (how == 0) return word <= most ? 1 : -1;
  if (how == 2 && word >> 48 < 256) word &= 0xffffffffffff;
  if (word >> 32 != 0) return -1;
  return word >= 0x80000000 || word <= most ? 1 : -1;
}
