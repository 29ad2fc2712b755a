import { SegmentFlag } from "../elf/index.ts";
import { type Address, address, type Extent } from "../terms/index.ts";
import type { Image } from "./image.ts";
import { isSharedByName } from "./shared-names.ts";

/** Bytes of the file that are memory from `start` on, so that words can be aligned to their address. */
export interface MemoryExtent extends Extent {
  readonly start: Address;
}

/** A part of the file to scan, and an account of the rest: `bytes` and all of `leftOut` add up to the file. */
export interface Scope {
  /** Disjoint, in the order of the file; those that adjoin in the file and in memory are one. */
  readonly extents: readonly MemoryExtent[];
  readonly bytes: number;
  readonly leftOut: {
    /** Headers, notes, padding: what no segment claims. */
    readonly notMemory: number;
    readonly notWritable: number;
    /** Writable, and shared with others by the mapping's name. */
    readonly shared: number;
  };
}

/** All saved memory, also of segments that lie at addresses of others. */
export function savedExtents(image: Image): Scope {
  return collect(image, () => [{ bytes: Number.POSITIVE_INFINITY, to: "scope" }]);
}

/** Memory that is writable and saved, less what is known to be shared with other processes by its name. */
export function writableExtents(image: Image): Scope {
  return collect(image, (flags, start, bytes) => {
    if ((flags & SegmentFlag.WRITE) === 0) return [{ bytes, to: "notWritable" }];
    return splitByMappings(image, start, bytes);
  });
}

interface Part {
  readonly bytes: number;
  readonly to: "scope" | "notWritable" | "shared";
}

/**
 * Walks the segments in the order of the file. Bytes that two segments claim, which no honest core has, are
 * visited once, for the one that starts first: a hostile one could otherwise make a scan as long as it likes.
 */
function collect(image: Image, split: (flags: number, start: bigint, bytes: number) => Part[]): Scope {
  const { count, overlapped } = image.table;
  const tableOf = (segment: number) => (segment < count ? image.table : (overlapped ?? image.table));
  const indexOf = (segment: number) => (segment < count ? segment : segment - count);
  const offsetOf = (segment: number) => tableOf(segment).offsets[indexOf(segment)] ?? 0;
  const order = Uint32Array.from({ length: count + (overlapped?.count ?? 0) }, (_, segment) => segment);
  order.sort((a, b) => offsetOf(a) - offsetOf(b) || a - b);
  const extents: { offset: number; bytes: number; start: Address }[] = [];
  const totals = { scope: 0, notWritable: 0, shared: 0 };
  let end = 0;
  for (const segment of order) {
    const [table, index] = [tableOf(segment), indexOf(segment)];
    const offset = table.offsets[index] ?? 0;
    const saved = table.saved[index] ?? 0;
    const start = table.starts[index] ?? 0n;
    const skip = Math.max(0, end - offset);
    if (skip >= saved) continue;
    end = offset + saved;
    let at = skip;
    for (const part of split(table.flags[index] ?? 0, start + BigInt(skip), saved - skip)) {
      const bytes = Math.min(part.bytes, saved - at);
      totals[part.to] += bytes;
      if (part.to === "scope") {
        append(extents, offset + at, bytes, start + BigInt(at));
      }
      at += bytes;
    }
  }
  return {
    extents,
    bytes: totals.scope,
    leftOut: {
      notMemory: image.source.size - totals.scope - totals.notWritable - totals.shared,
      notWritable: totals.notWritable,
      shared: totals.shared,
    },
  };
}

function append(
  extents: { offset: number; bytes: number; start: Address }[],
  offset: number,
  bytes: number,
  start: bigint,
): void {
  const last = extents.at(-1);
  if (last && last.offset + last.bytes === offset && last.start + BigInt(last.bytes) === start) {
    last.bytes += bytes;
  } else {
    extents.push({ offset, bytes, start: address(start) });
  }
}

/** [start, start + bytes) cut at the borders of the mappings that are shared by name. */
function splitByMappings(image: Image, start: bigint, bytes: number): Part[] {
  const parts: Part[] = [];
  const end = start + BigInt(bytes);
  let at = start;
  for (const mapping of image.mappingsIn(start, end)) {
    if (!isSharedByName(mapping)) continue;
    if (mapping.start > at) {
      parts.push({ bytes: Number(mapping.start - at), to: "scope" });
      at = mapping.start;
    }
    const sharedEnd = mapping.end < end ? mapping.end : end;
    parts.push({ bytes: Number(sharedEnd - at), to: "shared" });
    at = sharedEnd as Address;
  }
  if (at < end) parts.push({ bytes: Number(end - at), to: "scope" });
  return parts;
}
