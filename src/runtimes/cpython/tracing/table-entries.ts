import type { Image } from "../../../image/index.ts";
import { CoregramError, formatCount } from "../../../terms/index.ts";
import type { Gatherer } from "./gather.ts";
import { ENTRY, type HashTable, INLINE_ENTRY } from "./hash-table.ts";

/** Numbers of 4 bytes for each are held. */
const MOST_ENTRIES = 2 ** 28;
/** Buckets are read in steps of this many bytes. */
const STEP = 2 ** 20;

/** What an entry is looked at by: words of 32 bits, and the place of its first. */
export type VisitEntry = (words: Uint32Array, at: number) => void;

/** The word of 64 bits at a place; Infinity where it is no address of user space. */
export function wordAt(words: Uint32Array, at: number): number {
  const high = words[at + 1] ?? 0;
  return high < 0x200000 ? high * 0x100000000 + (words[at] ?? 0) : Number.POSITIVE_INFINITY;
}

/**
 * Visits the entries of a table, level by level: the first of each chain in the order of memory, then the second, and so on.
 * Pointers hash so evenly that there are few levels.
 * @returns how many there were; fewer than `table.entries` where some are lost, and never more
 */
export function visitEntries(image: Image, gatherer: Gatherer, table: HashTable, visit: VisitEntry): number {
  const bytes = table.isInline ? INLINE_ENTRY.sizeof + table.keyBytes + table.dataBytes : ENTRY.sizeof;
  const link = ENTRY._Py_slist_item / 4;
  let left = table.entries;
  let level = readHeads(image, gatherer, table);
  while (level.length > 0) {
    const following = new Uint32Array(level.length);
    let more = 0;
    left -= gatherer.visit(level, bytes, false, (words, at) => {
      const next = wordAt(words, at + link);
      if (next !== 0) {
        following[more] = gatherer.positionOf(next);
        more += 1;
      }
      visit(words, at);
    });
    // Chains that run in a circle would never end.
    level = following.subarray(0, Math.min(more, left));
  }
  return table.entries - left;
}

/** The first entries of the table's chains, as many as it has entries at the most. */
function readHeads(
  image: Image,
  gatherer: Gatherer,
  { buckets, bucketCount, entries }: HashTable,
): Uint32Array {
  if (entries > MOST_ENTRIES)
    throw new CoregramError(
      "limit",
      `a table of tracemalloc's has ${formatCount(entries)} traces: more than ${formatCount(MOST_ENTRIES)} are not read`,
      { isUnnamed: true },
    );
  const heads = new Uint32Array(Math.min(entries, bucketCount));
  let count = 0;
  const words = new Uint32Array(STEP / 4);
  const all = 8 * bucketCount;
  for (let from = 0; from < all && count < entries; from += STEP) {
    const bytes = new Uint8Array(words.buffer, 0, Math.min(STEP, all - from));
    const got = image.saved.read(BigInt(buckets + from), bytes);
    for (let at = 0; 4 * at + 8 <= got && count < entries; at += 2) {
      const head = wordAt(words, at);
      if (head === 0) continue;
      heads[count] = gatherer.positionOf(head);
      count += 1;
    }
    if (got < bytes.length) break;
  }
  return heads.subarray(0, count);
}
