import { type Segment, SegmentFlag, type Warnings } from "../elf/index.ts";
import { formatAddress } from "../terms/index.ts";

/**
 * The segments of an image in flat arrays, sorted and disjoint: a core may have a million of them.
 * Segment i is [starts[i], starts[i] + sizes[i]); the file holds its first saved[i] bytes, at offsets[i].
 */
export class SegmentTable {
  readonly count: number;
  readonly starts: BigUint64Array;
  readonly sizes: BigUint64Array;
  /** Bytes in the file: safe integers, which outgrow 32 bits. */
  readonly offsets: Float64Array;
  readonly saved: Float64Array;
  /** Bytes after the saved ones that the file should hold and does not, since it was cut short. */
  readonly missing: BigUint64Array;
  /** p_flags. */
  readonly flags: Uint8Array;
  /**
   * What the file has for addresses that another segment has as well: memory all the same, of one process or another, where
   * headers do not say how it lies (vmcores with all addresses 0). Neither sorted nor disjoint; null where there is none.
   */
  readonly overlapped: SegmentTable | null;

  constructor(segments: SegmentColumns, overlapped: SegmentTable | null = null) {
    this.count = segments.count;
    this.starts = segments.starts.subarray(0, this.count);
    this.sizes = segments.sizes.subarray(0, this.count);
    this.offsets = segments.offsets.subarray(0, this.count);
    this.saved = segments.saved.subarray(0, this.count);
    this.missing = segments.missing.subarray(0, this.count);
    this.flags = segments.flags.subarray(0, this.count);
    this.overlapped = overlapped;
  }

  /** Of the segments that start at or below the address, the last one's index; -1 where none does. */
  lastAtOrBelow(at: bigint): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.starts[middle] ?? 0n) <= at) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The index of the segment that has the address, or -1. */
  indexOf(at: bigint): number {
    const index = this.lastAtOrBelow(at);
    return index >= 0 && at - (this.starts[index] ?? 0n) < (this.sizes[index] ?? 0n) ? index : -1;
  }
}

interface SegmentColumns {
  count: number;
  starts: BigUint64Array;
  sizes: BigUint64Array;
  offsets: Float64Array;
  saved: Float64Array;
  missing: BigUint64Array;
  flags: Uint8Array;
}

function makeColumns(capacity: number): SegmentColumns {
  return {
    count: 0,
    starts: new BigUint64Array(capacity),
    sizes: new BigUint64Array(capacity),
    offsets: new Float64Array(capacity),
    saved: new Float64Array(capacity),
    missing: new BigUint64Array(capacity),
    flags: new Uint8Array(capacity),
  };
}

/** Collects segments in any order and makes the table of them. */
export class SegmentTableBuilder {
  #columns = makeColumns(64);

  add(segment: Segment): void {
    if (segment.memoryBytes === 0n) return;
    if (this.#columns.count === this.#columns.starts.length) this.#grow();
    const columns = this.#columns;
    const index = columns.count;
    columns.starts[index] = segment.start;
    columns.sizes[index] = segment.memoryBytes;
    columns.offsets[index] = segment.extent.offset;
    columns.saved[index] = segment.extent.bytes;
    columns.missing[index] = segment.missingBytes;
    columns.flags[index] = segment.flags & (SegmentFlag.READ | SegmentFlag.WRITE | SegmentFlag.EXECUTE);
    columns.count = index + 1;
  }

  /**
   * The table. Where segments overlap, which no honest core's do, the one with the lower start has the bytes
   * (of equal ones the first in the file), the other keeps what is left of its end; `warnings` says so. What is cut off
   * is `overlapped`.
   */
  build(warnings: Warnings): SegmentTable {
    const from = this.#columns;
    const order = sortedOrder(from.starts.subarray(0, from.count));
    const to = makeColumns(from.count);
    let over: SegmentColumns | null = null;
    let end = 0n;
    for (const index of order) {
      const start = from.starts[index] ?? 0n;
      const segmentEnd = start + (from.sizes[index] ?? 0n);
      const cut = start < end ? end - start : 0n;
      if (cut > 0n) {
        warnings.add(
          "segment overlap",
          `segment at ${formatAddress(start)} overlaps the one before it, which ends at ${formatAddress(end)}`,
        );
      }
      const saved = from.saved[index] ?? 0;
      const cutSaved = cut < BigInt(saved) ? Number(cut) : saved;
      if (cutSaved > 0) {
        over ??= makeColumns(from.count);
        over.starts[over.count] = start;
        over.sizes[over.count] = BigInt(cutSaved);
        over.offsets[over.count] = from.offsets[index] ?? 0;
        over.saved[over.count] = cutSaved;
        over.flags[over.count] = from.flags[index] ?? 0;
        over.count += 1;
      }
      if (segmentEnd <= end) continue;
      const missing = from.missing[index] ?? 0n;
      const cutMissing = cut - BigInt(cutSaved);
      to.starts[to.count] = start + cut;
      to.sizes[to.count] = segmentEnd - start - cut;
      to.offsets[to.count] = (from.offsets[index] ?? 0) + cutSaved;
      to.saved[to.count] = saved - cutSaved;
      to.missing[to.count] = cutMissing < missing ? missing - cutMissing : 0n;
      to.flags[to.count] = from.flags[index] ?? 0;
      to.count += 1;
      end = segmentEnd;
    }
    return new SegmentTable(to, over && new SegmentTable(over));
  }

  #grow(): void {
    const old = this.#columns;
    const grown = makeColumns(old.starts.length * 2);
    grown.count = old.count;
    grown.starts.set(old.starts);
    grown.sizes.set(old.sizes);
    grown.offsets.set(old.offsets);
    grown.saved.set(old.saved);
    grown.missing.set(old.missing);
    grown.flags.set(old.flags);
    this.#columns = grown;
  }
}

/** The indexes in the order of their starts, equal ones as they came. */
function sortedOrder(starts: BigUint64Array): Uint32Array {
  const order = new Uint32Array(starts.length);
  let sorted = true;
  for (let index = 0; index < order.length; index += 1) {
    order[index] = index;
    if (index > 0 && (starts[index] ?? 0n) < (starts[index - 1] ?? 0n)) sorted = false;
  }
  if (sorted) return order;
  // Comparing bigints a million times twenty is slow; their Numbers decide nearly always.
  const near = Float64Array.from(starts, Number);
  return order.sort((a, b) => {
    const byNear = (near[a] ?? 0) - (near[b] ?? 0);
    if (byNear !== 0) return byNear;
    const [first, second] = [starts[a] ?? 0n, starts[b] ?? 0n];
    return first < second ? -1 : first > second ? 1 : a - b;
  });
}
