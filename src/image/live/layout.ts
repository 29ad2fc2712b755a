import type { SegmentToWrite } from "../../elf/index.ts";
import type { LiveMapping } from "./mappings.ts";
import type { Run } from "./pages.ts";
import type { PlannedMapping, PlannedPart } from "./plan.ts";

/** A part, and where it stands in the core. */
export interface PlacedPart extends PlannedPart {
  readonly offset: number;
}

export interface PlacedMapping {
  readonly mapping: LiveMapping;
  readonly parts: readonly PlacedPart[];
}

/** Where all parts stand, one after the other from `first` on. Returns also where they end. */
export function layOut(
  planned: readonly PlannedMapping[],
  first: number,
): { readonly placed: readonly PlacedMapping[]; readonly end: number } {
  let end = first;
  const placed = planned.map(({ mapping, parts }) => ({
    mapping,
    parts: parts.map((part) => {
      const offset = end;
      end += part.end - part.start;
      return { ...part, offset };
    }),
  }));
  return { placed, end };
}

/** Where in a core what is to be read goes, in the order of the file. */
export function placedRuns(placed: readonly PlacedMapping[]): Run[] {
  return placed.flatMap(({ parts }) =>
    parts.flatMap(({ start, offset, runs }) =>
      runs.map((run) => ({ start: offset + run.start - start, end: offset + run.end - start })),
    ),
  );
}

/** Bytes that are to be read. */
export function bytesToRead(planned: readonly PlannedMapping[]): number {
  let bytes = 0;
  for (const { parts } of planned)
    for (const { runs } of parts) for (const { start, end } of runs) bytes += end - start;
  return bytes;
}

/** The segments of a mapping: its parts without what was lost, and what lies between as not saved. */
export function segmentsOf({ mapping, parts }: PlacedMapping, lost: readonly Run[]): SegmentToWrite[] {
  const { flags } = mapping;
  const segments: SegmentToWrite[] = [];
  let from = mapping.start;
  const skipTo = (at: number) => {
    if (at > from) segments.push({ start: from, end: at, flags, offset: 0, savedBytes: 0 });
    from = at;
  };
  for (const part of parts)
    for (const { start, end } of without(part, lost)) {
      skipTo(start);
      segments.push({ start, end, flags, offset: part.offset + start - part.start, savedBytes: end - start });
      from = end;
    }
  skipTo(mapping.end);
  return segments;
}

/** What is left of [start, end) without the runs, which are sorted and disjoint. */
function without({ start, end }: Run, runs: readonly Run[]): Run[] {
  const left: Run[] = [];
  let from = start;
  for (const run of runs) {
    if (run.end <= from || run.start >= end) continue;
    if (run.start > from) left.push({ start: from, end: run.start });
    from = run.end;
  }
  if (from < end) left.push({ start: from, end });
  return left;
}
