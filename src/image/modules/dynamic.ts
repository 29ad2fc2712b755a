import type { Image } from "../image.ts";

/** ld.so's own has two dozen. */
const MOST_ENTRIES = 1n << 12n;

/** The entries of a dynamic section in memory, by d_tag; of a tag that is there more than once the last counts. */
export function readDynamic(image: Image, at: bigint): Map<bigint, bigint> {
  const step = image.layout.class === 64 ? 8n : 4n;
  const entries = new Map<bigint, bigint>();
  for (let entry = 0n; entry < MOST_ENTRIES; entry += 1n) {
    const tag = image.readWord(at + entry * 2n * step);
    if (tag === null || tag === 0n) break;
    const value = image.readWord(at + entry * 2n * step + step);
    if (value !== null) entries.set(tag, value);
  }
  return entries;
}
