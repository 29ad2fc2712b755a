import { type Span, spanAt } from "../../../blocks/index.ts";
import type { Module } from "../../../image/index.ts";
import type { KernelMemory } from "../../../kernel/index.ts";
import { FLAG } from "../layout/layout.ts";
import type { TypePlan } from "../types/kinds.ts";
import { hasFlag, type TypeObjects } from "../types/type-objects.ts";
import { recordsOf } from "./live-records.ts";
import type { Records } from "./records.ts";

/** Allocators that programs are linked with or preload, by their libraries' names. */
const ALLOCATORS = /(?:^|\/)(?:lib|ld-)?(jemalloc|tcmalloc|mimalloc|musl)[^/]*$/;

/** What is to be said where objects are found with no knowledge of their allocator. */
export function looseRemark(modules: readonly Module[]): string {
  const named = modules.map(({ path }) => ALLOCATORS.exec(path)?.[1]).find((name) => name !== undefined);
  const whose =
    named === undefined ? "an allocator that is not known" : `${named}, whose blocks are not known`;
  return `memory is of ${whose}: live objects are told by their own heads and the collector's lists, of freed ones nothing is known`;
}

/** Of classes, which are too large for pymalloc, that share may lie where no allocator is known. */
const MOST_UNCLAIMED = 0.05;

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
  for (const { address: at } of recordsOf(memory, records, isMetatype)) {
    const type = types.all.get(at);
    if (type !== undefined && hasFlag(type, FLAG.heapType)) found += 1;
  }
  return found >= classes / 2;
}
