import { type ArenaUse, noBytes } from "../arena-use.ts";
import type { MemoryReader } from "../reader.ts";
import type { Span } from "../span.ts";
import type { Group, Mallocng } from "./groups.ts";
import { AREA, IN_BAND } from "./layout.ts";
import { slotsOf } from "./slots.ts";

/** What musl's malloc has, by address and disjoint: groups that lie in no other, and pages of metas. */
export function mallocngSpans({ groups, areas }: Mallocng): Span[] {
  const spans: Span[] = groups.filter(({ isInner }) => !isInner).map(({ start, end }) => ({ start, end }));
  for (const start of areas) spans.push({ start, end: start + AREA.bytes });
  spans.sort((a, b) => a.start - b.start);
  let end = 0;
  return spans.filter((span) => {
    const isApart = span.start >= end;
    end = Math.max(end, span.end);
    return isApart;
  });
}

/** A bit a slot of a group: which are in use, free, or make no sense. */
export interface SlotStates {
  readonly inUse: number;
  readonly free: number;
  readonly damaged: number;
}

/** How the slots of a group stand. */
export function slotStates(reader: MemoryReader, group: Group): SlotStates {
  let [inUse, free, damaged, bit] = [0, 0, 0, 1];
  for (const { state } of slotsOf(reader, group)) {
    if (state === "in use") inUse |= bit;
    else if (state === "free") free |= bit;
    else if (state === "damaged") damaged |= bit;
    bit <<= 1;
  }
  return { inUse, free, damaged };
}

/**
 * What musl's malloc is used for, all of it as one; null where a process has another.
 * @param statesOf `slotStates`, of a group by its number as well
 * @param zerosIn bytes of whole pages of zeros in a span
 */
export function mallocngUse(
  mallocng: Mallocng,
  statesOf: (group: Group, index: number) => SlotStates,
  zerosIn: (span: Span) => number,
): ArenaUse | null {
  if (mallocng.areas.length === 0) return null;
  const sums = noBytes();
  let freeCount = 0;
  for (const [index, group] of mallocng.groups.entries()) {
    const room = group.stride - IN_BAND;
    const { inUse, free, damaged } = statesOf(group, index);
    const used = bitCount(inUse);
    sums.usedCount += used;
    sums.usedBytes += used * room;
    sums.damagedBytes += bitCount(damaged) * room;
    for (const { first, count } of freeRuns(free)) {
      const start = group.storage + first * group.stride;
      const untouched = Math.min(count * room, zerosIn({ start, end: start + count * group.stride }));
      freeCount += count;
      sums.freeBytes += count * room - untouched;
      sums.untouchedBytes += untouched;
    }
  }
  const all = mallocngSpans(mallocng).reduce((sum, { start, end }) => sum + end - start, 0);
  const { usedBytes, freeBytes, untouchedBytes, damagedBytes } = sums;
  const headerBytes = all - usedBytes - freeBytes - untouchedBytes - damagedBytes;
  return { allocator: "musl", kind: "groups", address: null, ...sums, freeCount, headerBytes };
}

/** Free slots that follow each other, by a bit each. */
function* freeRuns(free: number): Generator<{ first: number; count: number }> {
  for (let first = 0; first < 32; first += 1) {
    let count = 0;
    while (first + count < 32 && ((free >>> (first + count)) & 1) === 1) count += 1;
    if (count > 0) yield { first, count };
    first += count;
  }
}

function bitCount(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
}
