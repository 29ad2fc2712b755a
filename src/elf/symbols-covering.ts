import type { ByteSource } from "../bytes/index.ts";
import type { ElfHeader, ElfTable } from "./header.ts";
import { Machine } from "./machine.ts";
import { visitEntries } from "./table.ts";

const HALF = 2 ** 32;
/** Numbers are exact with a high half below this. */
const EXACT_HIGH = 2 ** 21;
/** Symbols nest a few deep; a hostile table covers an address a million times over. */
const MOST_STARTS = 1 << 12;
const MOST_SYMBOLS = 1 << 16;

/**
 * Which entries of a symbol table can name one of the addresses: all that start where one starts that covers it, in
 * the table's order. A few addresses need nothing of the rest, which is nearly all.
 * @param addresses as the file has them, ascending
 */
export function findCovering(
  source: ByteSource,
  header: ElfHeader,
  table: ElfTable,
  count: number,
  addresses: readonly bigint[],
): number[] {
  const wide = header.class === 64;
  const [valueAt, sizeAt] = wide ? [8, 16] : [4, 8];
  const [high, low] = header.endian === "little" ? [4, 0] : [0, 4];
  const near = addresses.map(Number);
  // Bit 0 of a function's value says that it is Thumb code (ELF for the Arm Architecture, 5.5.3).
  const isArm = header.machine === Machine.ARM;
  const starts = new Set<number>();
  visitEntries(source, header, table, count, (fields, at) => {
    const valueHigh = wide ? fields.u32(at + valueAt + high) : 0;
    const value = valueHigh * HALF + fields.u32(at + valueAt + (wide ? low : 0));
    const size = wide
      ? fields.u32(at + sizeAt + high) * HALF + fields.u32(at + sizeAt + low)
      : fields.u32(at + sizeAt);
    // Of rounded numbers a few more than needed are found, which does no harm.
    const slack = valueHigh < EXACT_HIGH ? (isArm ? 1 : 0) : HALF;
    const next = near[firstFrom(near, value - slack)];
    if (next !== undefined && next <= value + Math.max(size - 1, 0) + slack) {
      starts.add(value);
      if (isArm) starts.add(value % 2 === 0 ? value + 1 : value - 1);
    }
    return starts.size < MOST_STARTS;
  });
  const found: number[] = [];
  if (starts.size === 0) return found;
  visitEntries(source, header, table, count, (fields, at, index) => {
    const valueHigh = wide ? fields.u32(at + valueAt + high) : 0;
    if (starts.has(valueHigh * HALF + fields.u32(at + valueAt + (wide ? low : 0)))) found.push(index);
    return found.length < MOST_SYMBOLS;
  });
  return found;
}

/** The index of the first that is at least `least`. */
function firstFrom(sorted: readonly number[], least: number): number {
  let start = 0;
  let end = sorted.length;
  while (start < end) {
    const middle = (start + end) >>> 1;
    if ((sorted[middle] ?? 0) < least) start = middle + 1;
    else end = middle;
  }
  return start;
}
