import type { Span } from "../../../blocks/index.ts";
import type { Image } from "../../../image/index.ts";
import type { SavedRange } from "../../../kernel/index.ts";
import { address } from "../../../terms/index.ts";

/** What is saved of spans, each of which lies in one segment. */
export function savedRanges(image: Image, spans: readonly Span[]): SavedRange[] {
  return spans.flatMap(({ start, end }) => {
    const segment = image.segmentAt(BigInt(start));
    if (segment === null) return [];
    const into = start - Number(segment.start);
    const bytes = Math.min(segment.extent.bytes - into, end - start);
    return [{ start: address(BigInt(start)), offset: segment.extent.offset + into, bytes }];
  });
}
