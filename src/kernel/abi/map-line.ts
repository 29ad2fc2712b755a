// What `readMapLines` is told and writes.

/** Whether a size stands after the address. */
export const SIZE_NEVER = 0;
export const SIZE_OPTIONAL = 1;
export const SIZE_ALWAYS = 2;

/** A symbol of a line of the usual shape, and a line of another one. */
export const SYMBOL_BYTES = 24;
export const OTHER_LINE_BYTES = 16;
/** Three u32 at the end: symbols, other lines, all lines. */
export const LINES_READ_BYTES = 12;
