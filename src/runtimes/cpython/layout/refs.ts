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
export const IMMORTAL_FROM = [990_000_000, 2 ** 31, 2 ** 31, 0xffffffff] as const;

/** What counts of builds without the GIL begin with where stacks are no part of them: _Py_REF_DEFERRED, PY_SSIZE_T_MAX / 8. */
const DEFERRED_FROM = 2 ** 59;

/** Reads the count at the start of an object, as the kernel's `readRefs` does; null where it can be none. */
export function readRefs(reader: MemoryReader, layout: Layout, at: number): References | null {
  const { PyObject } = layout.structs;
  if ("ob_ref_local" in PyObject) return readBiased(reader, PyObject, at);
  const count = at + PyObject.ob_refcnt;
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

/** References of the object's own thread, and of all others above two bits (Include/object.h, Py_REFCNT). */
function readBiased(
  reader: MemoryReader,
  fields: { readonly ob_ref_local: number; readonly ob_ref_shared: number },
  at: number,
): References | null {
  const local = reader.u32(at + fields.ob_ref_local);
  const low = reader.u32(at + fields.ob_ref_shared);
  const high = reader.u32(at + fields.ob_ref_shared + 4) | 0;
  if (Number.isNaN(local) || Number.isNaN(low)) return null;
  if (local === 0xffffffff) return { count: local, isImmortal: true };
  const shared = Math.floor((high * 2 ** 32 + low) / 4);
  // So many are told to eleven bits alone: how many of them are an object's own is not known.
  if (shared >= DEFERRED_FROM) return { count: 0xffffffff, isImmortal: true };
  const count = local + shared;
  return count >= 0 && count < MOST_REFERENCES ? { count, isImmortal: false } : null;
}
