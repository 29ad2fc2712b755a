import { SegmentFlag } from "../elf/index.ts";
import type { Image } from "../image/index.ts";
import { partitionPoint, USER_SPACE_END } from "../terms/index.ts";

/** Addresses of user space as numbers, [start, end). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The one of the spans, sorted and disjoint, that has the address; null where none does. */
export function spanAt<Kind extends Span>(spans: readonly Kind[], at: number): Kind | null {
  const behind = partitionPoint(0, spans.length, (index) => (spans[index]?.start ?? 0) <= at);
  const span = spans[behind - 1];
  return span !== undefined && at < span.end ? span : null;
}

/** Those of the spans, sorted and disjoint, that lie in another, cut to it. */
export function* spansWithin(spans: readonly Span[], { start, end }: Span): Generator<Span> {
  const first = partitionPoint(0, spans.length, (index) => (spans[index]?.end ?? 0) <= start);
  for (let index = first; index < spans.length; index += 1) {
    const span = spans[index];
    if (span === undefined || span.start >= end) return;
    yield { start: Math.max(start, span.start), end: Math.min(end, span.end) };
  }
}

/**
 * Writable memory, by address, segments that adjoin as one: the kernel cuts a heap into several mappings where a part of
 * it was advised (huge pages) or was forked. `saved`: as far as it is in the file; `mapped`: all of it.
 */
export function writableSpans(image: Image, what: "saved" | "mapped"): Span[] {
  const { table } = image;
  const spans: { start: number; end: number }[] = [];
  for (let index = 0; index < table.count; index += 1) {
    const start = Number(table.starts[index] ?? 0n);
    const size = Number(table.sizes[index] ?? 0n);
    const bytes = what === "saved" ? (table.saved[index] ?? 0) : size;
    if (
      ((table.flags[index] ?? 0) & SegmentFlag.WRITE) === 0 ||
      bytes === 0 ||
      start + size >= USER_SPACE_END
    )
      continue;
    const last = spans.at(-1);
    if (last?.end === start) last.end = start + bytes;
    else spans.push({ start, end: start + bytes });
  }
  return spans;
}
