// How the size of a type's instances is found.

/** By tp_basicsize and ob_size items. */
export const VARIABLE = 0;
export const TAGGED_INT = 1;
export const STR = 2;
export const LIST = 3;
export const DICT = 4;
export const SET = 5;
export const BYTEARRAY = 6;
export const DEQUE = 7;
/** By more reading than the kernel does. */
export const OTHER = 8;
