import type { MemoryReader } from "../../../blocks/index.ts";
import type { Layout } from "./layout.ts";

/** An object's count of references. */
export interface References {
  /** 0 where it is freed. */
  readonly count: number;
  readonly isImmortal: boolean;
}

/** There is no memory that holds as many references. */
const MOST_REFERENCES = 2 ** 40;

/**
 * Counts that no program reaches, as `Layout.refs` tells them apart. Objects compiled into 3.11 began with 999,999,999
 * (Include/internal/pycore_object.h). 3.12 on: the lower half is negative as an int32 (_Py_IsImmortal in
 * Include/object.h). 3.14: _Py_IMMORTAL_MINIMUM_REFCNT of Include/refcount.h, which is 2^30 in 32-bit builds alone.
 */
export const IMMORTAL_FROM = [990_000_000, 2 ** 31, 2 ** 31] as const;

/** Reads the count at the start of an object, as the kernel's `readRefs` does; null where it can be none. */
export function readRefs(reader: MemoryReader, layout: Layout, at: number): References | null {
  const count = at + layout.structs.PyObject.ob_refcnt;
  const low = reader.u32(count);
  let high = reader.u32(count + 4);
  if (Number.isNaN(low) || Number.isNaN(high)) return null;
  if (layout.refs === 0) {
    const all = high * 2 ** 32 + low;
    return all < MOST_REFERENCES ? { count: all, isImmortal: false } : null;
  }
  // From 3.14 on flags stand in the upper 16 bits.
  if (layout.refs === 2 && high < 2 ** 24) high %= 2 ** 16;
  if (high !== 0) return null;
  return { count: low, isImmortal: low >= IMMORTAL_FROM[layout.refs] };
}
