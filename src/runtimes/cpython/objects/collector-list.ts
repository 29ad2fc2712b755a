import type { MemoryReader } from "../../../blocks/index.ts";
import { LOOSE } from "../../../kernel/index.ts";
import type { Layout } from "../layout/layout.ts";
import { readLink } from "./collector-state.ts";
import { isTracked } from "./interned.ts";

/** Whether an object is in a list of the collector's, or in none, or its head is no head: as the kernel has it. */
export const LIST = { none: LOOSE.NOT_LISTED, tracked: LOOSE.LISTED, broken: LOOSE.BROKEN } as const;

/** One of LIST for the object at the address, whose type has a head: its neighbours must lead back to it. */
export function listOf(reader: MemoryReader, layout: Layout, at: number): number {
  const { PyGC_Head: fields } = layout.structs;
  // The links come first in all versions.
  const [next, previous] =
    "gc_next" in fields ? [fields.gc_next, fields.gc_prev] : [fields._gc_next, fields._gc_prev];
  const head = at - fields.sizeof;
  if (!isTracked(reader, layout, at)) return LIST.none;
  const after = readLink(reader, head + next);
  const before = readLink(reader, head + previous);
  const isLinked = readLink(reader, after + previous) === head && readLink(reader, before + next) === head;
  return isLinked ? LIST.tracked : LIST.broken;
}
