/** Fields of PyTypeObject (Include/cpython/object.h), at the same places in 3.6 to 3.14. */
export const TYPE = {
  name: 24,
  basicSize: 32,
  itemSize: 40,
  flags: 168,
  weakListOffset: 208,
  base: 256,
  dict: 264,
  dictOffset: 288,
  bytes: 296,
} as const;

/** Bits of tp_flags (Include/object.h). */
export const FLAG = {
  /** 3.13 on: values lie in the object itself. */
  inlineValues: 1 << 2,
  /** 3.12 on. */
  managedWeakref: 1 << 3,
  /** 3.11 on. */
  managedDict: 1 << 4,
  heapType: 1 << 9,
  hasGc: 1 << 14,
  int: 1 << 24,
  list: 1 << 25,
  tuple: 1 << 26,
  bytes: 1 << 27,
  str: 1 << 28,
  dict: 1 << 29,
  exception: 1 << 30,
  type: 2 ** 31,
} as const;

export type Minor = 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14;

/** What differs between versions and cannot be read off the core's own types. All offsets and sizes in bytes. */
export interface Layout {
  /** The 14 of 3.14; 7 stands for 3.6 as well. */
  readonly minor: Minor;
  /** `3.14`. */
  readonly version: string;
  /** As the kernel's `readRefs` takes it: 0 plain, 1 immortal, 2 immortal with flags in the upper bits. */
  readonly refs: 0 | 1 | 2;
  readonly strAscii: number;
  readonly strCompact: number;
  readonly strWhole: number;
  readonly strHasWide: boolean;
  /** From 3.12 on an int's digits are counted above three bits of tag. */
  readonly intIsTagged: boolean;
  /** Digits that an int has at least, as its size is told. */
  readonly intLeastDigits: 0 | 1;
  readonly intBasic: number;
  /** Bytes of the collector's head, PyGC_Head. */
  readonly gcHead: 16 | 32;
  /** Flags that put 16 bytes in front of the collector's head. */
  readonly preHeaderFlags: number;
  /** Whether a dict's table has the header of 3.11 on. */
  readonly newKeys: boolean;
  /** From PyDictValues to the first value. */
  readonly valuesHeader: number;
  readonly typeBytes: number;
  readonly heapTypeBytes: number;
  readonly qualifiedName: number;
  readonly cachedKeys: number;
  /** Whether sys.getsizeof adds the collector's head to static types, which have none. */
  readonly staticTypeHead: boolean;
  readonly code: {
    readonly stackSize: number;
    /** co_nlocalsplus from 3.11 on, else co_nlocals. */
    readonly locals: number;
    readonly fileName: number;
    readonly name: number;
    readonly firstLine: number;
  };
  /** More of a code object's fields, up to 3.10: then sizes depend on them. */
  readonly oldCode: {
    readonly bytecode: number;
    readonly freeNames: number;
    readonly cellNames: number;
    readonly cellToArgument: number;
    /** The cache for LOAD_GLOBAL, and at 12 bytes from it the number of its entries, from 3.8 on. */
    readonly cache: number | null;
  } | null;
  /** From a generator to its code object: gi_code, or the frame's from 3.12 on. */
  readonly generatorCode: number;
  /** From a frame to its code object, or to the interpreter's frame from 3.11 on. */
  readonly frameData: number;
  /** From the interpreter's frame to its code object; null where frames hold it themselves. */
  readonly frameCode: number | null;
}

const V37: Layout = {
  minor: 7,
  version: "3.6 or 3.7",
  refs: 0,
  strAscii: 48,
  strCompact: 72,
  strWhole: 80,
  strHasWide: true,
  intIsTagged: false,
  intLeastDigits: 0,
  intBasic: 24,
  gcHead: 32,
  preHeaderFlags: 0,
  newKeys: false,
  valuesHeader: 0,
  typeBytes: 400,
  heapTypeBytes: 864,
  qualifiedName: 848,
  cachedKeys: 856,
  staticTypeHead: false,
  code: { stackSize: 28, locals: 24, fileName: 96, name: 104, firstLine: 36 },
  oldCode: { bytecode: 40, freeNames: 72, cellNames: 80, cellToArgument: 88, cache: null },
  generatorCode: 32,
  frameData: 32,
  frameCode: null,
};
const V38: Layout = {
  ...V37,
  minor: 8,
  version: "3.8",
  gcHead: 16,
  typeBytes: 416,
  heapTypeBytes: 880,
  qualifiedName: 864,
  cachedKeys: 872,
  code: { stackSize: 32, locals: 28, fileName: 104, name: 112, firstLine: 40 },
  oldCode: { bytecode: 48, freeNames: 80, cellNames: 88, cellToArgument: 96, cache: 160 },
};
const V39: Layout = {
  ...V38,
  minor: 9,
  version: "3.9",
  typeBytes: 408,
  qualifiedName: 856,
  cachedKeys: 864,
};
const V310: Layout = {
  ...V39,
  minor: 10,
  version: "3.10",
  heapTypeBytes: 888,
  qualifiedName: 864,
  cachedKeys: 872,
  generatorCode: 24,
};
const V311: Layout = {
  ...V310,
  minor: 11,
  version: "3.11",
  intLeastDigits: 1,
  preHeaderFlags: FLAG.managedDict,
  newKeys: true,
  heapTypeBytes: 904,
  staticTypeHead: true,
  code: { stackSize: 68, locals: 76, fileName: 112, name: 120, firstLine: 72 },
  oldCode: null,
  generatorCode: 16,
  frameData: 24,
  frameCode: 32,
};
const V312: Layout = {
  ...V311,
  minor: 12,
  version: "3.12",
  refs: 1,
  strAscii: 40,
  strCompact: 56,
  strWhole: 64,
  strHasWide: false,
  intIsTagged: true,
  preHeaderFlags: FLAG.managedDict | FLAG.managedWeakref,
  typeBytes: 416,
  heapTypeBytes: 920,
  qualifiedName: 872,
  cachedKeys: 880,
  code: { stackSize: 64, locals: 72, fileName: 112, name: 120, firstLine: 68 },
  generatorCode: 72,
  frameCode: 0,
};
const V313: Layout = {
  ...V312,
  minor: 13,
  version: "3.13",
  heapTypeBytes: 928,
  valuesHeader: 8,
  staticTypeHead: false,
};
const V314: Layout = { ...V313, minor: 14, version: "3.14", refs: 2, heapTypeBytes: 936 };

/** Newest last. */
export const LAYOUTS: readonly Layout[] = [V37, V38, V39, V310, V311, V312, V313, V314];
