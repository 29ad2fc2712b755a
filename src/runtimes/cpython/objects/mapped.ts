import type { MemoryReader, RangeMap, Span } from "../../../blocks/index.ts";
import type { Core } from "../../../image/index.ts";
import type { KernelMemory } from "../../../kernel/index.ts";
import { USER_SPACE_END } from "../../../terms/index.ts";
import type { Layout } from "../layout/layout.ts";
import type { TypePlan } from "../types/kinds.ts";
import type { TypeName } from "../types/names.ts";
import { basesOf, type TypeObjects } from "../types/type-objects.ts";
import type { Claim } from "./claims.ts";
import { recordsOf } from "./live-records.ts";
import { LIVE, TALLY_WORDS } from "./record-words.ts";
import type { Records } from "./records.ts";

const MOST_BYTES = 2 ** 47;

/**
 * Memory that mmap objects have mapped, which shared memory of multiprocessing's is as well, by address and disjoint: whole
 * pages (Modules/mmapmodule.c).
 */
export function findMapped(
  memory: KernelMemory,
  reader: MemoryReader,
  { structs: { mmap_object } }: Layout,
  types: TypeObjects,
  names: ReadonlyMap<number, TypeName>,
  plans: readonly TypePlan[],
  records: Records,
  pageBytes: number,
): Span[] {
  const areMaps = plans.map(({ type }, index) => {
    if (!((records.tally[index * TALLY_WORDS + LIVE] ?? 0) > 0)) return false;
    for (const { address } of basesOf(type, types.all))
      if (names.get(address)?.name === "mmap.mmap") return true;
    return false;
  });
  if (!areMaps.includes(true)) return [];
  const spans: Span[] = [];
  for (const { address } of recordsOf(memory, records, (type) => areMaps[type] === true)) {
    const start = reader.u64(address + mmap_object.data);
    const bytes = reader.u64(address + mmap_object.size);
    if (start > 0 && start % pageBytes === 0 && start < MOST_BYTES && bytes > 0 && bytes < MOST_BYTES)
      spans.push({ start, end: start + Math.ceil(bytes / pageBytes) * pageBytes });
  }
  return disjoint(spans);
}

/** Files that are shared memory: of mmap without a file, System V, memfd_create and shm_open. */
const SHARED = /^\/(?:dev\/zero$|SYSV|memfd:|dev\/shm\/)/;

/** What is mapped of shared memory, whoever has mapped it: none of it is an allocator's. */
export function sharedMemory({ notes: { mappings } }: Core): Span[] {
  return (mappings ?? [])
    .filter(({ path, end }) => SHARED.test(path) && end <= USER_SPACE_END)
    .map(({ start, end }) => ({ start: Number(start), end: Number(end) }));
}

/** By address; of those that overlap the first, and what of the others is behind it. */
export function disjoint(spans: readonly Span[]): Span[] {
  let last = 0;
  return [...spans]
    .sort((a, b) => a.start - b.start)
    .flatMap(({ start, end }) => {
      const span = { start: Math.max(start, last), end };
      last = Math.max(last, end);
      return span.start < span.end ? [span] : [];
    });
}

/** The part of each that is saved without a gap, where nobody else has it. */
export function savedParts(claims: RangeMap<Claim>, spans: readonly Span[]): Span[] {
  return spans.flatMap(({ start, end }) => {
    let last = start;
    for (const part of claims.within(start, end)) {
      if (part.start > last || part.label !== "mapped") break;
      last = part.end;
    }
    return last > start ? [{ start, end: last }] : [];
  });
}
