// Where `objectEdges` and `tableEdges` look things up: offsets of u64 in a constant table.

/** Of regions: u32 pairs (address >> REGION_BITS) + 1 and the region's number; 0 is none. */
export const HASH = 0;
/** Its size less one. */
export const HASH_MASK = 8;
/** A region's cells of 16 bytes: u64, a bit a word where an object begins; u32 objects before; u32 unused. */
export const CELLS = 16;
/** The types' entries, see scan-entry.ts. */
export const SCANS = 24;
/** The objects' records in the order of addresses. */
export const RECORDS = 32;
/** For each object its count of references (u32; all ones: that many or immortal). */
export const REFS = 40;
/** For each object a byte: 1 where it is the namespace of another. */
export const PARTS = 48;
/** Whether dicts' tables are those of 3.11 on. */
export const NEW_KEYS = 56;
/** From PyDictValues to the first value. */
export const VALUES_HEADER = 64;
/** A count of references from which on an object is immortal. */
export const IMMORTAL = 72;
/** Where fields of CPython's structs are in this version: u32 each. */
export const OB_TYPE = 80;
export const OB_SIZE = 84;
export const LIST_ITEMS = 88;
export const DICT_USED = 92;
export const DICT_KEYS = 96;
export const DICT_VALUES = 100;
export const SET_USED = 104;
export const SET_MASK = 108;
export const SET_TABLE = 112;
export const KEYS_SIZE = 116;
export const KEYS_LOG2_INDEX = 120;
export const KEYS_KIND = 124;
export const KEYS_ENTRIES = 128;
export const KEYS_INDICES = 132;
/** Bytes in front of an object. */
export const MANAGED_DICT = 136;
export const MANAGED_VALUES = 140;
/** Blocks that hold no object, see native.ts, and where they are looked up, as objects are. */
export const BLOCKS = 144;
export const BLOCK_HASH = 152;
export const BLOCK_HASH_MASK = 160;
export const BLOCK_CELLS = 168;
/** For each object a byte: 1 where something that is not known may hold it. */
export const OPEN = 176;
/** u32: how many objects there are; blocks are numbered behind them. */
export const MANY_OBJECTS = 184;
/** Where a str has its state and, unless that lies behind its struct, its text: u32 each. */
export const STR_STATE = 188;
export const STR_DATA = 192;
/** u32: 1 where counts are those of biased-count.ts. */
export const BIASED = 196;
export const GRAPH_BYTES = 200;

/** A region is 256 KiB. */
export const REGION_BITS = 18;
/** A cell is for 64 words. */
export const CELL_BITS = 9;
/** Bytes of a cell, and of all cells of a region: 2^4 and 2^13. */
export const CELL_RECORD_BITS = 4;
export const REGION_CELLS_BITS = REGION_BITS - CELL_BITS + CELL_RECORD_BITS;
/** 2^32 divided by the golden ratio, made odd: Knuth's multiplicative hash of a region. */
export const REGION_MULTIPLIER = 0x9e3779b1;
