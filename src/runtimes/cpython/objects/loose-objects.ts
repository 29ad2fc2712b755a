import type { MemoryReader, Span, Survey } from "../../../blocks/index.ts";
import {
  type Crew,
  type FoundLoose,
  GRAPH,
  LOOSE,
  NATIVE,
  PIECE_BUFFER_BYTES,
  type Pieces,
  TALLY,
} from "../../../kernel/index.ts";
import { partitionPoint } from "../../../terms/index.ts";
import type { Layout } from "../layout/layout.ts";
import type { TypePlan } from "../types/kinds.ts";
import { LIST, listOf } from "./collector-list.ts";
import { enterRegion, indexObjects } from "./object-index.ts";
import { TALLY_WORDS } from "./record-words.ts";
import type { RecordRange, Records } from "./records.ts";

const REGION_BYTES = 2 ** GRAPH.REGION_BITS;

/** Where an allocator that is not known may have objects, and what is needed to know them. */
export interface Loose {
  readonly crew: Crew;
  readonly reader: MemoryReader;
  readonly survey: Survey;
  readonly layout: Layout;
  /** As the kernel has it. */
  readonly plan: number;
  /** In the order of their addresses. */
  readonly plans: readonly TypePlan[];
  /** By address, disjoint. */
  readonly spans: readonly Span[];
}

/** Objects of an allocator that is not known. */
export interface LooseObjects {
  readonly records: Records;
  /** Bytes of memory that they take, in whole words, their tables aside. */
  readonly bytes: number;
  /** Those of the spans that have any. */
  readonly spans: readonly Span[];
}

/** A bit for each word of memory that may have objects, 4 KiB a region: whether a word of writable memory is its address. */
interface Marks {
  /** Regions' numbers, as graph.ts has them in its table. */
  readonly hash: number;
  readonly hashMask: number;
  readonly at: number;
  readonly numbers: ReadonlyMap<number, number>;
}

/** Links of candidates that are in lists, in the order of their addresses. */
interface Links {
  readonly count: number;
  /** Where in the kernel's memory they lie, and a byte each, which says how they stand. */
  readonly at: number;
  readonly states: number;
}

/**
 * Finds live objects with no knowledge of their allocator. What was freed has a count of 0, and is in none of the
 * collector's lists (Include/internal/pycore_gc.h): an object that is in one is live. Of those that are in none, one counts that a
 * word of writable memory leads to and that overlaps no other.
 * @throws CoregramError as reading does, and `limit` where memory runs out
 */
export async function findLoose(loose: Loose, records: Records): Promise<LooseObjects> {
  const { crew, plan, plans, spans } = loose;
  const { memory, kernel } = crew;
  const marks = placeLooseMarks(loose);
  const found = await findCandidates(loose, marks);
  const links = settleLinks(loose, found);
  const linkOf = (index: number) => links.at + index * LOOSE.LINK_BYTES;
  let room = -1n;
  let link = links.count;
  for (const { piece, count, records: at, owns, linkCount } of [...found].reverse()) {
    link -= linkCount;
    room = kernel.dropLoose({
      plan,
      records: at,
      owns,
      count,
      links: linkOf(link),
      states: links.states + link,
      linkCount,
      marks:
        marks.at + (marks.numbers.get(regionOf(loose.survey.pieces, piece)) ?? 0) * NATIVE.WORD_MARKS_BYTES,
      room,
    });
  }
  const kept = memory.place(LOOSE.KEPT_STATE_BYTES);
  const tally = memory.place(plans.length * TALLY.TALLY_BYTES);
  const ranges: RecordRange[] = [];
  const used = new Set<Span>();
  for (const { span, count, records: at, owns } of found) {
    const bytes = kernel.keepLoose({ plan, records: at, owns, count, tally, kept });
    const around = spans[span];
    if (bytes === 0 || around === undefined) continue;
    ranges.push({ at, bytes });
    used.add(around);
  }
  new BigUint64Array(memory.buffer, tally, plans.length * TALLY_WORDS).forEach((sum, index) => {
    records.tally[index] = (records.tally[index] ?? 0) + Number(sum);
  });
  const bytes = new DataView(memory.buffer, kept).getBigUint64(LOOSE.KEPT_BYTES, true);
  return {
    records: { ...records, outside: [...records.outside, ...ranges] },
    bytes: Number(bytes),
    spans: [...used],
  };
}

/** A piece lies in one region. */
function regionOf({ starts }: Pieces, piece: number): number {
  return Math.floor((starts[piece] ?? 0) / REGION_BYTES);
}

function placeLooseMarks({ crew: { memory }, survey: { pieces }, spans }: Loose): Marks {
  const numbers = new Map<number, number>();
  for (const { start, end } of spans)
    for (
      let piece = pieceAt(pieces, start);
      piece < pieces.count && (pieces.starts[piece] ?? 0) < end;
      piece += 1
    ) {
      const region = regionOf(pieces, piece);
      if (!numbers.has(region)) numbers.set(region, numbers.size);
    }
  const slots = 2 ** Math.ceil(Math.log2(2 * numbers.size + 2));
  const hash = memory.place(slots * 8);
  const at = memory.place(numbers.size * NATIVE.WORD_MARKS_BYTES);
  const hashes = new Uint32Array(memory.buffer, hash, slots * 2);
  for (const [region, number] of numbers) enterRegion(hashes, slots - 1, region + 1, number);
  return { hash, hashMask: slots - 1, at, numbers };
}

/** The first piece that ends behind the address. */
function pieceAt({ starts, bytes, count }: Pieces, at: number): number {
  return partitionPoint(0, count, (piece) => (starts[piece] ?? 0) + (bytes[piece] ?? 0) <= at);
}

/** What may be live objects, a part of a piece each, by address. */
async function findCandidates(
  { crew, survey: { pieces, pages }, layout, plan, plans, spans }: Loose,
  { hash, hashMask, at }: Marks,
): Promise<FoundLoose[]> {
  const { memory } = crew;
  const threads = Array.from({ length: crew.threads }, () => ({
    buffer: memory.place(PIECE_BUFFER_BYTES),
    tally: memory.place(plans.length * TALLY.TALLY_BYTES),
    wrote: memory.place(4),
  }));
  const lowType = plans[0]?.type.address ?? 0;
  const low = spans[0]?.start ?? 0;
  const shared = {
    pieces,
    pages,
    starts: Float64Array.from(spans, ({ start }) => start),
    ends: Float64Array.from(spans, ({ end }) => end),
    firsts: Uint32Array.from({ length: pieces.count }, (_, piece) =>
      partitionPoint(0, spans.length, (span) => (spans[span]?.end ?? 0) <= (pieces.starts[piece] ?? 0)),
    ),
    plan,
    lowType: BigInt(lowType),
    typeSpan: BigInt((plans.at(-1)?.type.address ?? lowType) - lowType),
    gcHead: layout.structs.PyGC_Head.sizeof,
    low: BigInt(low),
    span: BigInt((spans.at(-1)?.end ?? low) - low),
    hash,
    hashMask,
    marks: at,
  };
  const none = { buffer: 0, tally: 0, wrote: 0 };
  const outs = await crew.run("looseObjects", pieces.count, (thread) => ({
    ...shared,
    ...(threads[thread] ?? none),
  }));
  // Stable: those of a piece stay as they are.
  return outs.flat().sort((a, b) => a.piece - b.piece);
}

/** How candidates stand in the collector's lists: the kernel has most of their neighbours among them; of others memory is asked. */
function settleLinks({ crew, reader, layout }: Loose, found: readonly FoundLoose[]): Links {
  const { memory, kernel } = crew;
  const { PyGC_Head: head } = layout.structs;
  const count = found.reduce((sum, { linkCount }) => sum + linkCount, 0);
  const at = memory.place(count * LOOSE.LINK_BYTES, 16);
  const previous = memory.place(count * LOOSE.PREVIOUS_BYTES);
  const states = memory.place(count);
  const graph = memory.place(GRAPH.GRAPH_BYTES);
  const bytes = new Uint8Array(memory.buffer);
  let next = 0;
  for (const part of found) {
    const { LINK_BYTES, PREVIOUS_BYTES } = LOOSE;
    bytes.copyWithin(at + next * LINK_BYTES, part.links, part.links + part.linkCount * LINK_BYTES);
    bytes.copyWithin(
      previous + next * PREVIOUS_BYTES,
      part.previous,
      part.previous + part.linkCount * PREVIOUS_BYTES,
    );
    next += part.linkCount;
  }
  // Up to 3.7 a head's third field says whether it is in a list.
  if (!("gc_refs" in head)) {
    const index = indexObjects(memory, { count, place: at });
    const fields = new DataView(memory.buffer, graph, GRAPH.GRAPH_BYTES);
    const put = (field: number, word: number) => fields.setBigUint64(field, BigInt(word), true);
    put(GRAPH.HASH, index.hash);
    put(GRAPH.HASH_MASK, index.hashMask);
    put(GRAPH.CELLS, index.cells);
    put(GRAPH.RECORDS, at);
    kernel.linkLoose({ graph, previous, count, gcHead: head.sizeof, states });
  }
  const settled = new Uint8Array(memory.buffer, states, count);
  const objects = new BigUint64Array(memory.buffer, at, 2 * count);
  for (let link = 0; link < count; link += 1)
    if (settled[link] !== LIST.tracked) settled[link] = listOf(reader, layout, Number(objects[2 * link]));
  return { count, at, states };
}
