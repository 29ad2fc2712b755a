import { type FileMapping, type Segment, SegmentType } from "../../elf/index.ts";

const MOST_COMPARED = 64;

/**
 * How far a file was loaded from where its program headers place it: address in memory minus p_vaddr. Each load
 * segment is mapped from the page of its offset to the page of its address (Linux fs/binfmt_elf.c, elf_map;
 * glibc elf/dl-load.c). Several segments may share a page of the file, so the bias counts that most mappings
 * agree with, and of equals the highest, which takes a lone mapping for the first segment. Null where no mapping
 * fits. A bias may be negative: a file that was linked for a higher address than it got.
 */
export function loadBias(
  segments: readonly Segment[],
  mappings: readonly FileMapping[],
  pageBytes: number,
): bigint | null {
  const loads = segments.filter(({ type }) => type === SegmentType.LOAD).slice(0, MOST_COMPARED);
  const compared = mappings.slice(0, MOST_COMPARED);
  const page = BigInt(pageBytes);
  const floor = (at: bigint) => at - (at % page);
  const votes = new Map<bigint, number>();
  for (const mapping of compared) {
    const seen = new Set<bigint>();
    for (const load of loads) {
      const into = mapping.fileOffset - floor(load.fileOffset);
      const fileBytes = BigInt(load.extent.bytes) + load.missingBytes;
      // RELRO and mprotect(2) split a segment into several mappings, so one may begin inside of it.
      if (into < 0n || mapping.fileOffset >= load.fileOffset + fileBytes) continue;
      seen.add(mapping.start - into - floor(load.start));
    }
    for (const bias of seen) votes.set(bias, (votes.get(bias) ?? 0) + 1);
  }
  let best: bigint | null = null;
  for (const [bias, count] of votes) {
    const most = best === null ? 0 : (votes.get(best) ?? 0);
    if (best === null || count > most || (count === most && bias > best)) best = bias;
  }
  return best;
}

/** Address spaces end there. */
const TOP = 1n << 64n;

/** The addresses that the load segments take at a bias, in whole pages and below 2^64; null where there are none. */
export function loadedSpan(
  segments: readonly Segment[],
  bias: bigint,
  pageBytes: number,
): { start: bigint; end: bigint } | null {
  const page = BigInt(pageBytes);
  let span: { start: bigint; end: bigint } | null = null;
  for (const { type, start, memoryBytes } of segments) {
    if (type !== SegmentType.LOAD) continue;
    const from = bias + start - (start % page);
    const claimed = bias + ((start + memoryBytes + page - 1n) / page) * page;
    const to = claimed < TOP ? claimed : TOP;
    span = {
      start: span === null || from < span.start ? from : span.start,
      end: span === null || to > span.end ? to : span.end,
    };
  }
  return span;
}
