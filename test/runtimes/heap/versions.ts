/** The minor version of a CPython whose layout a heap is built in. */
export type Minor = 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15;

export const MINORS: readonly Minor[] = [7, 8, 9, 10, 11, 12, 13, 14, 15];

const NONE = Number.NaN;

/**
 * Where structs have their fields, and how large they are: a row each, a column for each of 3.7 to 3.15. Read off
 * the headers of the released versions with offsetof and sizeof (x86-64), the file and the struct named above a group;
 * they are this test's own, so that the program's table is checked and not repeated.
 */
const TABLE = {
  // Include/cpython/object.h: PyTypeObject, PyHeapTypeObject
  typeBytes: [400, 416, 408, 408, 408, 416, 416, 416, 424],
  heapTypeBytes: [864, 880, 880, 888, 904, 920, 928, 936, 944],
  typeName: [24, 24, 24, 24, 24, 24, 24, 24, 24],
  typeBasicSize: [32, 32, 32, 32, 32, 32, 32, 32, 32],
  typeItemSize: [40, 40, 40, 40, 40, 40, 40, 40, 40],
  typeFlags: [168, 168, 168, 168, 168, 168, 168, 168, 168],
  typeWeakListOffset: [208, 208, 208, 208, 208, 208, 208, 208, 208],
  typeBase: [256, 256, 256, 256, 256, 256, 256, 256, 256],
  typeDict: [264, 264, 264, 264, 264, 264, 264, 264, 264],
  typeDictOffset: [288, 288, 288, 288, 288, 288, 288, 288, 288],
  typeBases: [336, 336, 336, 336, 336, 336, 336, 336, 336],
  typeMro: [344, 344, 344, 344, 344, 344, 344, 344, 344],
  heapTypeName: [832, 848, 840, 848, 848, 856, 856, 856, 864],
  heapTypeQualname: [848, 864, 856, 864, 864, 872, 872, 872, 880],
  heapTypeCachedKeys: [856, 872, 864, 872, 872, 880, 880, 880, 888],
  // Include/cpython/unicodeobject.h: PyASCIIObject, PyCompactUnicodeObject, PyUnicodeObject
  strAscii: [48, 48, 48, 48, 48, 40, 40, 40, 40],
  strCompact: [72, 72, 72, 72, 72, 56, 56, 56, 56],
  strWhole: [80, 80, 80, 80, 80, 64, 64, 64, 64],
  strUtf8Length: [48, 48, 48, 48, 48, 40, 40, 40, 40],
  strUtf8: [56, 56, 56, 56, 56, 48, 48, 48, 48],
  strWide: [40, 40, 40, 40, 40, NONE, NONE, NONE, NONE],
  strWideLength: [64, 64, 64, 64, 64, NONE, NONE, NONE, NONE],
  strData: [72, 72, 72, 72, 72, 56, 56, 56, 56],
  // Include/cpython/tupleobject.h: from 3.14 on the hash is kept
  tupleItems: [24, 24, 24, 24, 24, 24, 24, 32, 32],
  // Include/cpython/funcobject.h: PyFunctionObject
  functionBytes: [112, 120, 120, 128, 136, 144, 144, 152, 152],
  functionGlobals: [24, 24, 24, 16, 16, 16, 16, 16, 16],
  functionBuiltins: [NONE, NONE, NONE, 24, 24, 24, 24, 24, 24],
  functionName: [64, 64, 64, 32, 32, 32, 32, 32, 32],
  functionQualname: [104, 104, 104, 40, 40, 40, 40, 40, 40],
  functionCode: [16, 16, 16, 48, 48, 48, 48, 48, 48],
  functionDefaults: [32, 32, 32, 56, 56, 56, 56, 56, 56],
  functionKwdefaults: [40, 40, 40, 64, 64, 64, 64, 64, 64],
  functionClosure: [48, 48, 48, 72, 72, 72, 72, 72, 72],
  functionDoc: [56, 56, 56, 80, 80, 80, 80, 80, 80],
  functionDict: [72, 72, 72, 88, 88, 88, 88, 88, 88],
  functionModule: [88, 88, 88, 104, 104, 104, 104, 104, 104],
  functionAnnotations: [96, 96, 96, 112, 112, 112, 112, 112, 112],
  // Include/cpython/code.h: PyCodeObject; from 3.11 on the bytecode follows the struct
  codeBytes: [144, 176, 176, 176, 184, 192, 200, 208, 208],
  codeArgCount: [16, 16, 16, 16, 56, 52, 52, 52, 52],
  codeLocals: [24, 28, 28, 28, 76, 72, 72, 72, 72],
  codeStackSize: [28, 32, 32, 32, 68, 64, 64, 64, 64],
  codeFirstLine: [36, 40, 40, 40, 72, 68, 68, 68, 68],
  codeBytecode: [40, 48, 48, 48, NONE, NONE, NONE, NONE, NONE],
  codeConsts: [48, 56, 56, 56, 24, 24, 24, 24, 24],
  codeNames: [56, 64, 64, 64, 32, 32, 32, 32, 32],
  codeExceptions: [NONE, NONE, NONE, NONE, 40, 40, 40, 40, 40],
  codeVarNames: [64, 72, 72, 72, NONE, NONE, NONE, NONE, NONE],
  codeFreeNames: [72, 80, 80, 80, NONE, NONE, NONE, NONE, NONE],
  codeCellNames: [80, 88, 88, 88, NONE, NONE, NONE, NONE, NONE],
  codeLocalsPlusNames: [NONE, NONE, NONE, NONE, 96, 96, 96, 96, 96],
  codeLocalsPlusKinds: [NONE, NONE, NONE, NONE, 104, 104, 104, 104, 104],
  codeFileName: [96, 104, 104, 104, 112, 112, 112, 112, 112],
  codeName: [104, 112, 112, 112, 120, 120, 120, 120, 120],
  codeQualname: [NONE, NONE, NONE, NONE, 128, 128, 128, 128, 128],
  codeLines: [112, 120, 120, 120, 136, 136, 136, 136, 136],
  codeCellToArgument: [88, 96, 96, 96, NONE, NONE, NONE, NONE, NONE],
  codeOpcache: [NONE, 160, 160, 160, NONE, NONE, NONE, NONE, NONE],
  codeOpcacheSize: [NONE, 172, 172, 172, NONE, NONE, NONE, NONE, NONE],
  // Include/cpython/frameobject.h up to 3.10, Include/internal/pycore_frame.h: PyFrameObject; with what its type adds
  frameBytes: [368, 368, 368, 360, 120, 120, 136, 152, 152],
  frameBack: [24, 24, 24, 24, 16, 16, 16, 16, 16],
  frameCode: [32, 32, 32, 32, NONE, NONE, NONE, NONE, NONE],
  frameBuiltins: [40, 40, 40, 40, NONE, NONE, NONE, NONE, NONE],
  frameGlobals: [48, 48, 48, 48, NONE, NONE, NONE, NONE, NONE],
  frameValueStack: [64, 64, 64, 64, NONE, NONE, NONE, NONE, NONE],
  frameStackTop: [72, 72, 72, NONE, NONE, NONE, NONE, NONE, NONE],
  frameStackDepth: [NONE, NONE, NONE, 80, NONE, NONE, NONE, NONE, NONE],
  frameTrace: [80, 80, 80, 72, 32, 32, 32, 32, 32],
  frameLastInstruction: [104, 104, 104, 96, NONE, NONE, NONE, NONE, NONE],
  frameSlots: [360, 360, 360, 352, NONE, NONE, NONE, NONE, NONE],
  frameData: [NONE, NONE, NONE, NONE, 24, 24, 24, 24, 24],
  frameOwn: [NONE, NONE, NONE, NONE, 48, 48, 64, 72, 72],
  // Include/internal/pycore_frame.h, in 3.14 pycore_interpframe_structs.h: _PyInterpreterFrame
  innerFunction: [NONE, NONE, NONE, NONE, 0, 16, 16, 16, 16],
  innerGlobals: [NONE, NONE, NONE, NONE, 8, 24, 24, 24, 24],
  innerBuiltins: [NONE, NONE, NONE, NONE, 16, 32, 32, 32, 32],
  innerLocals: [NONE, NONE, NONE, NONE, 24, 40, 40, 40, 40],
  innerCode: [NONE, NONE, NONE, NONE, 32, 0, 0, 0, 0],
  innerObject: [NONE, NONE, NONE, NONE, 40, 48, 48, 48, 48],
  innerPrevious: [NONE, NONE, NONE, NONE, 48, 8, 8, 8, 8],
  innerInstruction: [NONE, NONE, NONE, NONE, 56, 56, 56, 56, 56],
  innerStackTop: [NONE, NONE, NONE, NONE, 64, 64, 64, 64, 64],
  innerOwner: [NONE, NONE, NONE, NONE, 69, 70, 70, 74, 74],
  innerSlots: [NONE, NONE, NONE, NONE, 72, 72, 72, 80, 80],
  // Include/genobject.h, since 3.9 Include/cpython/genobject.h: PyGenObject; with what its type adds
  generatorBytes: [96, 96, 96, 88, 152, 144, 144, 152, 152],
  generatorFrame: [16, 16, 16, 16, 80, 72, 72, 72, 72],
  generatorCode: [32, 32, 32, 24, 16, NONE, NONE, NONE, NONE],
  generatorName: [48, 48, 48, 40, 32, 24, 24, 24, 24],
  generatorQualname: [56, 56, 56, 48, 40, 32, 32, 32, 32],
  generatorState: [NONE, NONE, NONE, NONE, 75, 67, 67, 67, 67],
  // Include/cpython/pyerrors.h: PyBaseExceptionObject
  exceptionBytes: [64, 64, 64, 64, 72, 72, 72, 72, 72],
  exceptionTraceback: [32, 32, 32, 32, 40, 40, 40, 40, 40],
  exceptionContext: [40, 40, 40, 40, 48, 48, 48, 48, 48],
  exceptionCause: [48, 48, 48, 48, 56, 56, 56, 56, 56],
  // Include/objimpl.h, since 3.8 Include/internal/pycore_gc.h: PyGC_Head
  gcHeadBytes: [32, 16, 16, 16, 16, 16, 16, 16, 16],
  // Include/cpython/pystate.h: PyThreadState
  threadBytes: [280, 264, 264, 280, 360, 288, 304, 832, 888],
  threadNativeId: [NONE, NONE, NONE, NONE, 160, 144, 160, 160, 184],
  threadDataStack: [NONE, NONE, NONE, NONE, 296, 232, 232, 232, 256],
  // Objects/obmalloc.c, since 3.12 Include/internal/pycore_obmalloc.h: POOL_SIZE, ALIGNMENT; an arena has 64 pools
  poolBytes: [4096, 4096, 4096, 16_384, 16_384, 16_384, 16_384, 16_384, 16_384],
  blockAlignment: [8, 16, 16, 16, 16, 16, 16, 16, 16],
  // Include/internal/pycore_dict.h: PyDictValues; the values follow a header since 3.13
  valuesHeader: [0, 0, 0, 0, 0, 0, 8, 8, 8],
  // Objects and modules whose structs stand in .c files; sizes as the types' __basicsize__ has them
  moduleBytes: [56, 56, 56, 56, 56, 56, 56, 56, 104],
  moduleState: [32, 32, 32, 32, 32, 32, 32, 32, 24],
  moduleWeakList: [40, 40, 40, 40, 40, 40, 40, 40, 32],
  moduleName: [48, 48, 48, 48, 48, 48, 48, 48, 40],
  moduleStateBytes: [NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, 56],
  bytearrayBytes: [56, 56, 56, 56, 56, 56, 56, 56, 64],
  methodBytes: [40, 48, 48, 48, 48, 48, 48, 48, 48],
  weakrefBytes: [56, 56, 56, 56, 64, 64, 64, 64, 64],
  boolBytes: [32, 32, 32, 32, 32, 24, 24, 24, 24],
  dequeBytes: [80, 80, 80, 80, 216, 216, 216, 216, 216],
  cFunctionBytes: [48, 56, 56, 56, 56, 56, 56, 56, 56],
  propertyBytes: [56, 56, 56, 64, 64, 64, 64, 64, 64],
} as const;

/** Offsets and sizes in bytes; NaN where a version has no such field. */
export type Structs = Readonly<Record<keyof typeof TABLE, number>>;

/** The table's column of a version. */
export function structsOf(minor: Minor): Structs {
  const column = MINORS.indexOf(minor);
  return Object.fromEntries(
    Object.entries(TABLE).map(([field, values]) => [field, values[column] ?? NONE]),
  ) as Record<keyof typeof TABLE, number>;
}
