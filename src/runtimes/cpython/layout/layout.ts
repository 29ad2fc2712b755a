import type { OldStructs, Structs } from "../structs/structs.ts";
import { V36 } from "../structs/v36.ts";
import { V37 } from "../structs/v37.ts";
import { V38 } from "../structs/v38.ts";
import { V39 } from "../structs/v39.ts";
import { V310 } from "../structs/v310.ts";
import { V311 } from "../structs/v311.ts";
import { V312 } from "../structs/v312.ts";
import { V313 } from "../structs/v313.ts";
import { V313T } from "../structs/v313t.ts";
import { V314 } from "../structs/v314.ts";
import { V314T } from "../structs/v314t.ts";
import { V315 } from "../structs/v315.ts";
import { V315T } from "../structs/v315t.ts";

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

/** What differs between versions and the structs do not say: how what they hold is to be read. */
interface Rules {
  /** As the kernel's `readRefs` takes it: 0 plain, 1 immortal, 2 immortal with flags in the upper bits, 3 biased. */
  readonly refs: 0 | 1 | 2 | 3;
  /**
   * Whether it is a build without the GIL (PEP 703): the collector has no lists and no heads, objects are in blocks of mimalloc's,
   * and a list's array begins with how long it is (Objects/listobject.c, _PyListArray).
   */
  readonly isFreeThreaded: boolean;
  /** Digits that an int has at least, as its size is told. */
  readonly intLeastDigits: 0 | 1;
  /** Flags that put 16 bytes in front of the collector's head. */
  readonly preHeaderFlags: number;
  /** Whether sys.getsizeof adds the collector's head to static types, which have none. */
  readonly staticTypeHead: boolean;
  /** How the lines of code are written down (Objects/lnotab_notes.txt; Objects/locations.md from 3.11 on). */
  readonly lines: "lnotab" | "pep 626" | "locations";
  /** Bytes that f_lasti counts in. */
  readonly lastInstructionBytes: 1 | 2;
  /** Where instances whose type has a managed dict keep it and their values, as the kernel has it; null: none have. */
  readonly managed: Managed | null;
  /** Whether interned strings live as long as the interpreter. */
  readonly keepsInterned: boolean;
  /** Whether the collector has all dicts in its lists, the interpreter's own included. */
  readonly tracksDicts: boolean;
  /** Whether the low bits of a frame's slots are a tag. */
  readonly slotsAreTagged: boolean;
  /** gi_frame_state from which on nothing is left in the frame (Include/internal/pycore_frame.h, FRAME_STATE_FINISHED). */
  readonly finishedFrame: number;
}

/** Offsets from an object (Include/internal/pycore_object.h). */
interface Managed {
  /** 1 dict and values in front of it; 2 one word for either; 3 the dict in front of it, values at its end. */
  readonly how: 1 | 2 | 3;
  readonly dict: number;
  /** Where the address of the values stands, if not in the word of the dict. */
  readonly values: number | null;
}

/** Offsets in _PyInterpreterFrame, where frames are no objects: from 3.11 on. */
export interface FrameLayout {
  readonly code: number;
  readonly function: number;
  readonly locals: number;
  readonly object: number;
  /** What runs: from 3.13 on this instruction, before that the one behind it. */
  readonly instruction: number;
  readonly stackTop: number;
  /** Whether the stack's top is an address, and no number of slots. */
  readonly stackTopIsAddress: boolean;
  readonly owner: number;
  readonly slots: number;
}

/** How a version of CPython lays out what it holds. All offsets and sizes in bytes. */
export interface Layout extends Rules {
  /** The 14 of 3.14. */
  readonly minor: number;
  /** `3.14`. */
  readonly version: string;
  readonly structs: Structs;
  /** A str's text in wide characters and its length; null where there is none, from 3.12 on. */
  readonly wide: { readonly text: number; readonly length: number } | null;
  /** From 3.12 on an int's digits are counted above three bits of tag. */
  readonly intIsTagged: boolean;
  /** An int's count of digits. */
  readonly intSize: number;
  /** Whether a dict's table has the header of 3.11 on. */
  readonly newKeys: boolean;
  /** From PyDictValues to the first value. */
  readonly valuesHeader: number;
  readonly code: {
    /** All that frames have slots for from 3.11 on, only locals before. */
    readonly locals: number;
    /** The name that tells most: the qualified one where there is one. */
    readonly name: number;
    readonly lines: number;
    /** The names of locals, cells and free variables; null where they stand in three tuples. */
    readonly localNames: number | null;
  };
  /** Code objects up to 3.10: sizes depend on more of their fields. */
  readonly oldCode: OldStructs["PyCodeObject"] | null;
  /** From a generator to its code object, which from 3.12 on is its frame's. */
  readonly generatorCode: number;
  /** From a generator to the frame in it; null where it holds a frame object. */
  readonly generatorFrame: number | null;
  /** From a frame object to its code object, or to the interpreter's frame from 3.11 on. */
  readonly frameData: number;
  /** Null up to 3.10, where all frames are objects. */
  readonly frame: FrameLayout | null;
  /** Those objects. */
  readonly oldFrame: OldStructs["PyFrameObject"] | null;
}

/** A layout of these structs; what they do not say as `rules` have it. */
export function layoutFrom(version: string, structs: Structs, rules: Rules): Layout {
  const { PyASCIIObject, PyCompactUnicodeObject, PyLongObject, PyVarObject, PyCodeObject } = structs;
  const { PyFrameObject, PyGenObject } = structs;
  const isNew = "_PyInterpreterFrame" in structs;
  const frame = frameOf(structs);
  const hasWide = "wstr" in PyASCIIObject && "wstr_length" in PyCompactUnicodeObject;
  const generatorFrame = "gi_iframe" in PyGenObject ? PyGenObject.gi_iframe : null;
  return {
    ...rules,
    minor: structs.minor,
    version,
    structs,
    wide: hasWide ? { text: PyASCIIObject.wstr, length: PyCompactUnicodeObject.wstr_length } : null,
    intIsTagged: "lv_tag" in PyLongObject,
    intSize: "lv_tag" in PyLongObject ? PyLongObject.lv_tag : PyVarObject.ob_size,
    newKeys: "dk_log2_size" in structs.PyDictKeysObject,
    valuesHeader: "PyDictValues" in structs ? structs.PyDictValues.values : 0,
    code: {
      locals: "co_nlocalsplus" in PyCodeObject ? PyCodeObject.co_nlocalsplus : PyCodeObject.co_nlocals,
      name: "co_qualname" in PyCodeObject ? PyCodeObject.co_qualname : PyCodeObject.co_name,
      lines: "co_linetable" in PyCodeObject ? PyCodeObject.co_linetable : PyCodeObject.co_lnotab,
      localNames: "co_localsplusnames" in PyCodeObject ? PyCodeObject.co_localsplusnames : null,
    },
    oldCode: isNew ? null : structs.PyCodeObject,
    generatorCode:
      "gi_code" in PyGenObject ? PyGenObject.gi_code : PyGenObject.gi_iframe + (frame?.code ?? 0),
    generatorFrame,
    frameData: "f_frame" in PyFrameObject ? PyFrameObject.f_frame : PyFrameObject.f_code,
    frame,
    oldFrame: isNew ? null : structs.PyFrameObject,
  };
}

function frameOf(structs: Structs): FrameLayout | null {
  if (!("_PyInterpreterFrame" in structs)) return null;
  const frame = structs._PyInterpreterFrame;
  return {
    code: "f_executable" in frame ? frame.f_executable : frame.f_code,
    function: "f_funcobj" in frame ? frame.f_funcobj : frame.f_func,
    locals: frame.f_locals,
    object: frame.frame_obj,
    instruction: "instr_ptr" in frame ? frame.instr_ptr : frame.prev_instr,
    stackTop: "stackpointer" in frame ? frame.stackpointer : frame.stacktop,
    stackTopIsAddress: "stackpointer" in frame,
    owner: frame.owner,
    slots: frame.localsplus,
  };
}

const RULES_36: Rules = {
  refs: 0,
  isFreeThreaded: false,
  intLeastDigits: 0,
  preHeaderFlags: 0,
  staticTypeHead: false,
  lines: "lnotab",
  lastInstructionBytes: 1,
  managed: null,
  keepsInterned: false,
  tracksDicts: false,
  slotsAreTagged: false,
  finishedFrame: 1,
};
const RULES_310: Rules = { ...RULES_36, lines: "pep 626", lastInstructionBytes: 2 };
const RULES_311: Rules = {
  ...RULES_310,
  intLeastDigits: 1,
  preHeaderFlags: FLAG.managedDict,
  staticTypeHead: true,
  lines: "locations",
  managed: { how: 1, dict: V311.MANAGED_DICT_OFFSET, values: V311.MANAGED_VALUES_OFFSET },
};
const RULES_312: Rules = {
  ...RULES_311,
  refs: 1,
  preHeaderFlags: FLAG.managedDict | FLAG.managedWeakref,
  managed: { how: 2, dict: V312.MANAGED_DICT_OFFSET, values: null },
  keepsInterned: true,
};
const RULES_313: Rules = {
  ...RULES_312,
  staticTypeHead: false,
  managed: { how: 3, dict: V313.MANAGED_DICT_OFFSET, values: null },
};
const RULES_314: Rules = { ...RULES_313, refs: 2, tracksDicts: true, slotsAreTagged: true };
const RULES_315: Rules = { ...RULES_314, finishedFrame: 5 };

/** What a build without the GIL has otherwise than that with it: `managed` by Include/internal/pycore_object.h. */
const freeThreaded = (rules: Rules, dict: number): Rules => ({
  ...rules,
  refs: 3,
  isFreeThreaded: true,
  managed: { how: 3, dict, values: null },
  slotsAreTagged: true,
});

/** Oldest first. */
export const LAYOUTS: readonly Layout[] = [
  layoutFrom("3.6", V36, RULES_36),
  layoutFrom("3.7", V37, RULES_36),
  layoutFrom("3.8", V38, RULES_36),
  layoutFrom("3.9", V39, RULES_36),
  layoutFrom("3.10", V310, RULES_310),
  layoutFrom("3.11", V311, RULES_311),
  layoutFrom("3.12", V312, RULES_312),
  layoutFrom("3.13", V313, RULES_313),
  layoutFrom("3.14", V314, RULES_314),
  layoutFrom("3.15", V315, RULES_315),
];

/** Of builds without the GIL, oldest first. */
export const FREE_THREADED_LAYOUTS: readonly Layout[] = [
  layoutFrom("3.13t", V313T, freeThreaded(RULES_313, V313T.MANAGED_DICT_OFFSET)),
  layoutFrom("3.14t", V314T, freeThreaded(RULES_314, V314T.MANAGED_DICT_OFFSET)),
  layoutFrom("3.15t", V315T, freeThreaded(RULES_315, V315T.MANAGED_DICT_OFFSET)),
];
