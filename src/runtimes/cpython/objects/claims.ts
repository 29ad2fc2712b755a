import { RangeMap, type Span, spansWithin } from "../../../blocks/index.ts";
import { findModule, type Image, type Module, type Thread } from "../../../image/index.ts";
import { USER_SPACE_END } from "../../../terms/index.ts";

/** Who has a byte of saved memory. */
export type Claim =
  | ("pymalloc" | "mimalloc" | "musl" | "malloc" | "reserved" | "data" | "mapped")
  | ("frames" | "stack" | "module" | "readOnly");

/** What allocators and modules have, each by its own structures. */
export interface Claimed {
  /** pymalloc's arenas, and pools wherever they are. */
  readonly arenas: readonly Span[];
  readonly pools: readonly Span[];
  /** mimalloc's. */
  readonly segments: readonly Span[];
  /** musl's groups, and what it knows of them. */
  readonly groups: readonly Span[];
  readonly chunkSpans: readonly Span[];
  readonly reservedSpans: readonly Span[];
  /** Chunks of frames' stacks. */
  readonly dataStacks: readonly Span[];
  /** What objects have mapped, by address and disjoint. */
  readonly mapped: readonly Span[];
  /** Modules' writable data. */
  readonly statics: readonly Span[];
}

/** Who has what of saved memory, each byte once. */
export interface Claims {
  readonly map: RangeMap<Claim>;
  readonly saved: number;
  /** Bytes that are saved. */
  readonly bytes: Readonly<Record<Claim, number>>;
  /** What stacks have, by address. */
  readonly stacks: readonly Span[];
  /** Saved and writable, and claimed by nobody; and where that is, in user space. */
  readonly unclaimed: number;
  readonly unclaimedSpans: readonly Span[];
}

/** Claims all saved memory. Stacks and what is not writable have of their segments what nobody else has. */
export function claimMemory(
  image: Image,
  modules: readonly Module[],
  threads: readonly Thread[],
  { arenas, pools, segments, groups, chunkSpans, reservedSpans, dataStacks, mapped, statics }: Claimed,
): Claims {
  const map = new RangeMap<Claim>();
  const claimRest = ({ start, end }: Span, claim: Claim) => {
    for (const part of [...map.rest(start, end)]) map.claim(part.start, part.end, claim);
  };
  for (const { start, end } of arenas) map.claim(start, end, "pymalloc");
  // Most pools are in an arena; where no table of those leads to it, they stand for themselves.
  for (const span of pools) claimRest(span, "pymalloc");
  for (const { start, end } of segments) map.claim(start, end, "mimalloc");
  for (const { start, end } of groups) map.claim(start, end, "musl");
  for (const { start, end } of statics) map.claim(start, end, "data");
  for (const { start, end } of chunkSpans) map.claim(start, end, "malloc");
  // What malloc has is counted there, whatever it looks like.
  for (const span of dataStacks) claimRest(span, "frames");
  // A thread that stands in a module's data has no stack of its own there.
  const staticStarts = new Set(statics.map(({ start }) => BigInt(start)));
  const stacks = new Set(
    threads.flatMap(({ stack }) => (stack === null || staticStarts.has(stack.start) ? [] : [stack.start])),
  );
  const bytes: Record<Claim, number> = {
    ...{ pymalloc: 0, mimalloc: 0, musl: 0, malloc: 0, reserved: 0, data: 0, mapped: 0 },
    ...{ frames: 0, stack: 0, module: 0, readOnly: 0 },
  };
  let saved = 0;
  let claimed = 0;
  const stackSpans: Span[] = [];
  const unclaimedSpans: Span[] = [];
  for (let index = 0; index < image.segmentCount; index += 1) {
    const segment = image.segment(index);
    saved += segment.extent.bytes;
    const isModule = findModule(modules, segment.start) !== null;
    if (segment.start >= USER_SPACE_END - segment.extent.bytes) {
      bytes[isModule ? "module" : "readOnly"] += segment.extent.bytes;
      claimed += segment.extent.bytes;
      continue;
    }
    const start = Number(segment.start);
    const span = { start, end: start + segment.extent.bytes };
    if (!segment.permissions.includes("w")) {
      if (!isModule)
        for (const reserved of reservedSpans) {
          const part = { start: Math.max(start, reserved.start), end: Math.min(span.end, reserved.end) };
          if (part.start < part.end) claimRest(part, "reserved");
        }
      claimRest(span, isModule ? "module" : "readOnly");
    } else if (stacks.has(segment.start)) claimRest(span, "stack");
    else for (const part of spansWithin(mapped, span)) claimRest(part, "mapped");
    unclaimedSpans.push(...map.rest(span.start, span.end));
    for (const part of map.within(span.start, span.end)) {
      bytes[part.label] += part.end - part.start;
      if (part.label === "stack") stackSpans.push(part);
      claimed += part.end - part.start;
    }
  }
  return { map, saved, bytes, stacks: stackSpans, unclaimed: saved - claimed, unclaimedSpans };
}
