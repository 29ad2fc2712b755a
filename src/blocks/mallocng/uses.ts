import { type ArenaUse, noBytes } from "../arena-use.ts";
import type { MemoryReader } from "../reader.ts";
import type { Span } from "../span.ts";
import type { Mallocng } from "./groups.ts";
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

/**
 * What musl's malloc is used for, all of it as one; null where a process has another.
 * @param zerosIn bytes of whole pages of zeros in a span
 */
export function mallocngUse(
  reader: MemoryReader,
  mallocng: Mallocng,
  zerosIn: (span: Span) => number,
): ArenaUse | null {
  if (mallocng.areas.length === 0) return null;
  const sums = noBytes();
  let freeCount = 0;
  for (const group of mallocng.groups) {
    const room = group.stride - IN_BAND;
    const isFree: boolean[] = [];
    for (const { state } of slotsOf(reader, group)) {
      isFree.push(state === "free");
      if (state === "in use") {
        sums.usedCount += 1;
        sums.usedBytes += room;
      } else if (state === "damaged") sums.damagedBytes += room;
    }
    for (const { first, count } of freeRuns(isFree)) {
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

/** Free slots that follow each other. */
function* freeRuns(isFree: readonly boolean[]): Generator<{ first: number; count: number }> {
  let first = 0;
  for (let slot = 0; slot <= isFree.length; slot += 1) {
    if (isFree[slot] === true) continue;
    if (slot > first) yield { first, count: slot - first };
    first = slot + 1;
  }
}
