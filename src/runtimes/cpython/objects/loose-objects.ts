import { type MemoryReader, type Span, spanAt } from "../../../blocks/index.ts";
import { type Image, writableExtents } from "../../../image/index.ts";
import { type Crew, cutPieces, PIECE_BUFFER_BYTES, RECORD, readPiece, TALLY } from "../../../kernel/index.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import { KIND, type TypePlan } from "../types/kinds.ts";
import { hasFlag, type TypeObjects } from "../types/type-objects.ts";
import { AddressBits } from "./address-bits.ts";
import { readLink } from "./collector-state.ts";
import { isTracked } from "./interned.ts";
import {
  LIVE,
  LIVE_BYTES,
  RECORD_WORDS,
  recordAddress,
  recordBytes,
  recordType,
  TALLY_WORDS,
} from "./record-words.ts";
import type { Records } from "./records.ts";
import { savedRanges } from "./saved-ranges.ts";
import { ownSize } from "./size-at.ts";

/** Bytes behind a piece that the kernel may read. */
const TAIL_BYTES = 128;

/** Where an allocator that is not known may have objects, and what is needed to know them. */
export interface Loose {
  readonly crew: Crew;
  readonly image: Image;
  readonly reader: MemoryReader;
  readonly layout: Layout;
  /** As the kernel has it. */
  readonly plan: number;
  readonly plans: readonly TypePlan[];
  readonly types: TypeObjects;
  readonly spans: readonly Span[];
}

/** Objects of an allocator that is not known. */
export interface LooseObjects {
  readonly records: Records;
  /** Bytes of memory that they take, their tables aside. */
  readonly bytes: number;
  /** Those of the spans that have any. */
  readonly spans: readonly Span[];
}

/** What may be live objects, by address: a column each, as there can be many. */
class Candidates {
  count = 0;
  /** Their records, as the kernel writes them. */
  words = new Uint32Array(2 ** 12 * RECORD_WORDS);
  /** Where they begin, what is in front of them included, and where they end. */
  starts = new Float64Array(2 ** 12);
  ends = new Float64Array(2 ** 12);
  /** 1 where one is in a list of the collector's: its neighbours there lead back to it. */
  tracked = new Uint8Array(2 ** 12);

  add(record: Uint32Array, start: number, end: number, isTracked: boolean): void {
    if (this.count === this.starts.length) this.#grow();
    this.words.set(record, this.count * RECORD_WORDS);
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.tracked[this.count] = isTracked ? 1 : 0;
    this.count += 1;
  }

  /** Of its address. */
  low(candidate: number): number {
    return this.words[candidate * RECORD_WORDS] ?? 0;
  }

  high(candidate: number): number {
    return (this.words[candidate * RECORD_WORDS + 1] ?? 0) & 0xffff;
  }

  #grow(): void {
    const { words, starts, ends, tracked } = this;
    const room = 2 * starts.length;
    this.words = new Uint32Array(room * RECORD_WORDS);
    this.starts = new Float64Array(room);
    this.ends = new Float64Array(room);
    this.tracked = new Uint8Array(room);
    this.words.set(words);
    this.starts.set(starts);
    this.ends.set(ends);
    this.tracked.set(tracked);
  }
}

/**
 * Finds live objects with no knowledge of their allocator. What was freed has a count of 0, and is in none of the
 * collector's lists (Include/internal/pycore_gc.h): an object that is in one is live. Of those that are in none, one counts that a
 * word of writable memory leads to and that overlaps no other.
 * @throws CoregramError as reading does, and `limit` where memory runs out
 */
export function findLoose(loose: Loose, records: Records): LooseObjects {
  const candidates = findCandidates(loose);
  const { count, starts, ends, tracked } = candidates;
  const held = findHeld(loose, candidates);
  const kept: number[] = [];
  let following = 0;
  let end = 0;
  for (let candidate = 0; candidate < count; candidate += 1) {
    following = Math.max(following, candidate + 1);
    while (following < count && tracked[following] === 0) following += 1;
    const room = following < count ? (starts[following] ?? 0) : Number.POSITIVE_INFINITY;
    const ownEnd = (ends[candidate] ?? 0) - mayLack(loose, candidates, candidate);
    const isApart = (starts[candidate] ?? 0) >= end && ownEnd <= room;
    if (
      !isApart ||
      (tracked[candidate] === 0 && !held.has(candidates.high(candidate), candidates.low(candidate)))
    )
      continue;
    kept.push(candidate);
    end = ownEnd;
  }
  return keepAll(loose, candidates, kept, records);
}

/** datetime.time and datetime without a zone leave out the last word of their struct. */
function mayLack({ plans }: Loose, { words }: Candidates, candidate: number): number {
  const plan = plans[recordType(words, candidate * RECORD_WORDS)];
  return plan === undefined || plan.item > 0 || hasFlag(plan.type, FLAG.hasGc) ? 0 : 8;
}

function findCandidates(loose: Loose): Candidates {
  const { crew, image, plan, plans, spans } = loose;
  const { memory } = crew;
  const pieces = cutPieces(image.file, savedRanges(image, spans));
  const buffer = memory.place(PIECE_BUFFER_BYTES);
  const room = memory.place(PIECE_BUFFER_BYTES * 2);
  const scratch = memory.place(plans.length * TALLY.TALLY_BYTES);
  const found = new Candidates();
  for (let piece = 0; piece < pieces.count; piece += 1) {
    readPiece(pieces, piece, memory.wasm, buffer);
    const inPiece = pieces.bytes[piece] ?? 0;
    const tail = pieces.tails[piece] ?? 0;
    // An object may end where memory does: what the kernel reads behind it is no other piece's.
    if (tail < TAIL_BYTES) new Uint8Array(memory.buffer, buffer + inPiece + tail, TAIL_BYTES - tail).fill(0);
    const bytes = crew.kernel.looseObjects({
      plan,
      at: buffer,
      bytes: inPiece,
      tail: Math.max(tail, TAIL_BYTES),
      address: BigInt(pieces.starts[piece] ?? 0),
      tally: scratch,
      to: room,
    });
    const words = new Uint32Array(memory.buffer, room, bytes / 4);
    for (let at = 0; at < words.length; at += RECORD_WORDS)
      addCandidate(loose, words.subarray(at, at + RECORD_WORDS), found);
  }
  return found;
}

/** Leaves out where what the collector has in front of an object says that there is none. */
function addCandidate({ reader, layout, plans, types }: Loose, record: Uint32Array, to: Candidates): void {
  const at = recordAddress(record, 0);
  const plan = plans[recordType(record, 0)];
  if (plan === undefined || (hasFlag(plan.type, FLAG.type) && !types.all.has(at))) return;
  const own = ownSize(reader, layout, plan, at);
  if (own === null) return;
  const list = hasFlag(plan.type, FLAG.hasGc) ? listOf(reader, layout, at) : "none";
  if (list !== "broken") to.add(record, at - plan.head, at + own, list === "tracked");
}

/** Whether the object is in a list of the collector's, or in none, or its head is no head. */
function listOf(reader: MemoryReader, layout: Layout, at: number): "tracked" | "none" | "broken" {
  const { PyGC_Head: fields } = layout.structs;
  // The links come first in all versions.
  const [next, previous] =
    "gc_next" in fields ? [fields.gc_next, fields.gc_prev] : [fields._gc_next, fields._gc_prev];
  const head = at - fields.sizeof;
  if (!isTracked(reader, layout, at)) return "none";
  const after = readLink(reader, head + next);
  const before = readLink(reader, head + previous);
  const isLinked = readLink(reader, after + previous) === head && readLink(reader, before + next) === head;
  return isLinked ? "tracked" : "broken";
}

/** The addresses of those in no list that a word of writable memory is. */
function findHeld({ crew, image }: Loose, candidates: Candidates): AddressBits {
  const wanted = new AddressBits();
  for (let candidate = 0; candidate < candidates.count; candidate += 1)
    if (candidates.tracked[candidate] === 0)
      wanted.add(candidates.high(candidate), candidates.low(candidate));
  const held = new AddressBits();
  const { memory } = crew;
  const pieces = cutPieces(image.file, writableExtents(image).extents);
  const buffer = memory.place(PIECE_BUFFER_BYTES);
  for (let piece = 0; piece < pieces.count; piece += 1) {
    readPiece(pieces, piece, memory.wasm, buffer);
    const words = new Uint32Array(memory.buffer, buffer, 2 * Math.floor((pieces.bytes[piece] ?? 0) / 8));
    for (let at = 0; at < words.length; at += 2) {
      const high = words[at + 1] ?? 0;
      const low = words[at] ?? 0;
      if (high < 2 ** 16 && wanted.has(high, low)) held.add(high, low);
    }
  }
  return held;
}

function keepAll(
  { crew, plans, spans }: Loose,
  { words: from, starts, ends }: Candidates,
  kept: readonly number[],
  records: Records,
): LooseObjects {
  const bytes = kept.length * RECORD.RECORD_BYTES;
  const at = crew.memory.place(bytes, 16);
  const words = new Uint32Array(crew.memory.buffer, at, kept.length * RECORD_WORDS);
  const { tally } = records;
  const used = new Set<Span>();
  let taken = 0;
  kept.forEach((candidate, place) => {
    const first = candidate * RECORD_WORDS;
    words.set(from.subarray(first, first + RECORD_WORDS), place * RECORD_WORDS);
    taken += (ends[candidate] ?? 0) - (starts[candidate] ?? 0);
    const span = spanAt(spans, recordAddress(from, first));
    if (span !== null) used.add(span);
    const index = recordType(from, first);
    const own = index * TALLY_WORDS;
    tally[own + LIVE] = (tally[own + LIVE] ?? 0) + 1;
    if (plans[index]?.kind !== KIND.dict)
      tally[own + LIVE_BYTES] = (tally[own + LIVE_BYTES] ?? 0) + recordBytes(from, first);
  });
  const outside = [...records.outside, { at, bytes }];
  return { records: { ...records, outside }, bytes: taken, spans: [...used] };
}
