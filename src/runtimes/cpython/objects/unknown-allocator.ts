import {
  type MemoryReader,
  type NamedAllocator,
  namedAllocator,
  type Span,
  spanAt,
} from "../../../blocks/index.ts";
import { findModule, type Module } from "../../../image/index.ts";
import type { KernelMemory } from "../../../kernel/index.ts";
import { FLAG } from "../layout/layout.ts";
import type { TypePlan } from "../types/kinds.ts";
import { hasFlag, type TypeObjects } from "../types/type-objects.ts";
import { recordsOf } from "./live-records.ts";
import { LIVE, TALLY_WORDS } from "./record-words.ts";
import type { Records } from "./records.ts";

/** What is to be said where objects are found with no knowledge of their allocator. */
export function looseRemark(modules: readonly Module[]): string {
  const named = replacedBy(modules);
  const whose =
    named === null ? "an allocator that is not known" : `${named.name}, whose blocks are not known`;
  return `memory is of ${whose}: live objects are told by their own heads and the collector's lists, of freed ones nothing is known`;
}

/** The allocator that stands in for the C library's, by its module's name. */
export function replacedBy(modules: readonly Module[]): NamedAllocator | null {
  const named = namedAllocator(modules);
  return named === null || named.name === "glibc" ? null : named;
}

/**
 * Those of the spans that a module's own data leads to: what it keeps for itself, and what it knows of what it has handed out.
 * @param spans by address, disjoint
 */
export function spansOfModule(
  reader: MemoryReader,
  statics: readonly Span[],
  { path }: NamedAllocator,
  modules: readonly Module[],
  spans: readonly Span[],
): Set<Span> {
  const found = new Set<Span>();
  let left = MOST_DATA_BYTES;
  for (const { start, end } of statics) {
    if (findModule(modules, BigInt(start))?.path !== path) continue;
    for (let at = start; at < end && left > 0; at += 8) {
      left -= 8;
      const span = spanAt(spans, reader.u64(at));
      if (span !== null) found.add(span);
    }
  }
  return found;
}

/** Of classes, which are too large for pymalloc, that share may lie where no allocator is known. */
const MOST_UNCLAIMED = 0.05;
/** An allocator's data is some hundred kilobytes; a module with more is looked at so far. */
const MOST_DATA_BYTES = 2 ** 24;

/** Whether classes that the program has made lie in blocks that are known. */
export function isAllocatorKnown(types: TypeObjects, unclaimed: readonly Span[]): boolean {
  const classes = [...types.all.values()].filter((type) => hasFlag(type, FLAG.heapType));
  const outside = classes.filter(({ address }) => spanAt(unclaimed, address) !== null);
  return outside.length <= classes.length * MOST_UNCLAIMED;
}

/** Whether most of the classes that the program has made are among the objects. */
export function hasClasses(
  memory: KernelMemory,
  types: TypeObjects,
  plans: readonly TypePlan[],
  records: Records,
): boolean {
  const classes = [...types.all.values()].filter((type) => hasFlag(type, FLAG.heapType)).length;
  const isMetatype = (index: number) => {
    const type = plans[index]?.type;
    return type !== undefined && hasFlag(type, FLAG.type);
  };
  let found = 0;
  for (let index = 0; index < plans.length; index += 1)
    if (isMetatype(index)) found += records.tally[index * TALLY_WORDS + LIVE] ?? 0;
  // Types that the program has not made are static.
  for (const _ of recordsOf(memory, { pools: [], outside: records.statics }, isMetatype)) found -= 1;
  return found >= classes / 2;
}
