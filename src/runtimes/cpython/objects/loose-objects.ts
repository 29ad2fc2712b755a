import type { MemoryReader, Span, Survey } from "../../../blocks/index.ts";
import type { Image } from "../../../image/index.ts";
import {
  type Crew,
  cutPieces,
  GRAPH,
  LOOSE,
  PIECE_BUFFER_BYTES,
  PIECE_BYTES,
  RECORD,
  TALLY,
} from "../../../kernel/index.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import { KIND, type TypePlan } from "../types/kinds.ts";
import { hasFlag, type TypeObjects } from "../types/type-objects.ts";
import { LIST, listOf } from "./collector-list.ts";
import { firstObjects, indexObjects } from "./object-index.ts";
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

const ALL_ONES = 0xffffffff;

/** Where an allocator that is not known may have objects, and what is needed to know them. */
export interface Loose {
  readonly crew: Crew;
  readonly image: Image;
  readonly reader: MemoryReader;
  readonly survey: Survey;
  readonly layout: Layout;
  /** As the kernel has it. */
  readonly plan: number;
  readonly plans: readonly TypePlan[];
  readonly types: TypeObjects;
  /** By address, disjoint. */
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
interface Candidates {
  readonly count: number;
  /** Where in the kernel's memory their records lie, as it writes them. */
  readonly place: number;
  /** Those records. */
  readonly words: Uint32Array;
  /** Bytes that they have from their address on, all ones where they are more. */
  readonly own: Uint32Array;
  /** Where in the kernel's memory the first words of their heads lie (u64). */
  readonly links: number;
}

/** What holds candidates: a byte each, and two, see abi/loose.ts. */
interface Held {
  /** Whether a word of writable memory is its address. */
  readonly byWord: Uint8Array;
  /** Whether the collector's list comes back to it, from both sides, as far as candidates tell. */
  readonly byList: Uint8Array;
}

/**
 * Finds live objects with no knowledge of their allocator. What was freed has a count of 0, and is in none of the
 * collector's lists (Include/internal/pycore_gc.h): an object that is in one is live. Of those that are in none, one counts that a
 * word of writable memory leads to and that overlaps no other.
 * @throws CoregramError as reading does, and `limit` where memory runs out
 */
export async function findLoose(loose: Loose, records: Records): Promise<LooseObjects> {
  const candidates = await findCandidates(loose);
  const held = await findHeld(loose, candidates);
  const { count, words } = candidates;
  const lists = listsOf(loose, candidates, held.byList);
  const { heads, lacks } = placesOf(loose);
  const kept = new Uint32Array(count);
  let many = 0;
  let following = 0;
  let end = 0;
  for (let candidate = 0; candidate < count; candidate += 1) {
    if (lists[candidate] === LIST.broken) continue;
    following = Math.max(following, candidate + 1);
    while (following < count && lists[following] !== LIST.tracked) following += 1;
    const at = candidate * RECORD_WORDS;
    const address = recordAddress(words, at);
    const type = recordType(words, at);
    const room = following < count ? startOf(words, following, heads) : Number.POSITIVE_INFINITY;
    const ownEnd = address + ownOf(loose, candidates, candidate) - (lacks[type] ?? 0);
    const isApart = address - (heads[type] ?? 0) >= end && ownEnd <= room;
    if (!isApart || (lists[candidate] === LIST.none && held.byWord[candidate] === 0)) continue;
    kept[many++] = candidate;
    end = ownEnd;
  }
  return keepAll(loose, candidates, kept.subarray(0, many), records);
}

/** Where the list's head or whatever else is in front of an object begins. */
function startOf(words: Uint32Array, candidate: number, heads: Uint8Array): number {
  const at = candidate * RECORD_WORDS;
  return recordAddress(words, at) - (heads[recordType(words, at)] ?? 0);
}

function ownOf({ reader, layout, plans }: Loose, { words, own }: Candidates, candidate: number): number {
  const bytes = own[candidate] ?? 0;
  if (bytes < ALL_ONES) return bytes;
  const at = candidate * RECORD_WORDS;
  const plan = plans[recordType(words, at)];
  return plan === undefined ? bytes : (ownSize(reader, layout, plan, recordAddress(words, at)) ?? bytes);
}

/** By type: bytes in front of an object, and what may be missing of its struct: datetime.time and datetime without a zone leave out the last word. */
function placesOf({ plans }: Loose): { heads: Uint8Array; lacks: Uint8Array } {
  return {
    heads: Uint8Array.from(plans, ({ head }) => head),
    lacks: Uint8Array.from(plans, ({ item, type }) => (item > 0 || hasFlag(type, FLAG.hasGc) ? 0 : 8)),
  };
}

async function findCandidates({ crew, image, plan, plans, spans }: Loose): Promise<Candidates> {
  const { memory } = crew;
  const pieces = cutPieces(image.file, savedRanges(image, spans));
  const most = PIECE_BYTES / 8;
  const threads = Array.from({ length: crew.threads }, () => ({
    buffer: memory.place(PIECE_BUFFER_BYTES),
    room: memory.place(most * RECORD.RECORD_BYTES),
    owns: memory.place(most * LOOSE.OWN_BYTES),
    links: memory.place(most * LOOSE.LINK_BYTES),
    tally: memory.place(plans.length * TALLY.TALLY_BYTES),
  }));
  const outs = await crew.run("looseObjects", pieces.count, (thread) => ({
    pieces,
    plan,
    ...(threads[thread] ?? { buffer: 0, room: 0, owns: 0, links: 0, tally: 0 }),
  }));
  const found = outs.flat().sort((a, b) => a.item - b.item);
  const count = found.reduce((sum, { owns }) => sum + owns.length, 0);
  const place = memory.place(count * RECORD.RECORD_BYTES, 16);
  const links = memory.place(count * LOOSE.LINK_BYTES);
  const words = new Uint32Array(memory.buffer, place, count * RECORD_WORDS);
  const allLinks = new BigUint64Array(memory.buffer, links, count);
  const own = new Uint32Array(count);
  let next = 0;
  for (const part of found) {
    words.set(part.words, next * RECORD_WORDS);
    own.set(part.owns, next);
    allLinks.set(part.links, next);
    next += part.owns.length;
  }
  return { count, place, words, own, links };
}

async function findHeld({ crew, survey }: Loose, { count, place, words, links }: Candidates): Promise<Held> {
  const { memory } = crew;
  const { pieces } = survey;
  const address = (candidate: number) => recordAddress(words, candidate * RECORD_WORDS);
  const index = indexObjects(memory, { count, place });
  const graph = memory.place(GRAPH.GRAPH_BYTES);
  const held = memory.place(count);
  const linked = memory.place(count * LOOSE.LINKED_BYTES);
  const buffers = Array.from({ length: crew.threads }, () => memory.place(PIECE_BUFFER_BYTES));
  const fields = new DataView(memory.buffer, graph, GRAPH.GRAPH_BYTES);
  const put = (field: number, word: number) => fields.setBigUint64(field, BigInt(word), true);
  put(GRAPH.HASH, index.hash);
  put(GRAPH.HASH_MASK, index.hashMask);
  put(GRAPH.CELLS, index.cells);
  put(GRAPH.RECORDS, place);
  fields.setUint32(GRAPH.MANY_OBJECTS, count, true);
  const firsts = firstObjects(pieces, { count, address });
  await crew.run("holdLoose", pieces.count, (thread) => ({
    pieces,
    graph,
    buffer: buffers[thread] ?? 0,
    pages: survey.pages,
    firsts,
    held,
    links,
    linked,
  }));
  return {
    byWord: new Uint8Array(memory.buffer, held, count),
    byList: new Uint8Array(memory.buffer, linked, count * LOOSE.LINKED_BYTES),
  };
}

/**
 * One of LIST for each candidate: the kernel has found most neighbours in its lists; of others memory is asked. What should be a
 * type and is none is broken, too.
 */
function listsOf(loose: Loose, { count, words, links }: Candidates, byList: Uint8Array): Uint8Array {
  const { crew, reader, layout, plans, types } = loose;
  const areTypes = Uint8Array.from(plans, ({ type }) => (hasFlag(type, FLAG.type) ? 1 : 0));
  const nexts = new Uint32Array(crew.memory.buffer, links, count * 2);
  const haveHeads = Uint8Array.from(plans, ({ type }) => (hasFlag(type, FLAG.hasGc) ? 1 : 0));
  // Up to 3.7 a head's third field says whether it is in a list.
  const isByLink = !("gc_refs" in layout.structs.PyGC_Head);
  const lists = new Uint8Array(count);
  for (let candidate = 0; candidate < count; candidate += 1) {
    const at = candidate * RECORD_WORDS;
    const type = recordType(words, at);
    if (areTypes[type] === 1 && !types.all.has(recordAddress(words, at))) {
      lists[candidate] = LIST.broken;
      continue;
    }
    if (haveHeads[type] === 0) continue;
    if (isByLink) {
      if (nexts[2 * candidate] === 0 && nexts[2 * candidate + 1] === 0) continue;
      const both = LOOSE.LINKED_BYTES * candidate;
      if (byList[both + LOOSE.FROM_PREVIOUS] === 1 && byList[both + LOOSE.FROM_NEXT] === 1) {
        lists[candidate] = LIST.tracked;
        continue;
      }
    }
    lists[candidate] = listOf(reader, layout, recordAddress(words, at));
  }
  return lists;
}

/** Moves the records of those that are kept to where the first of all lies, and counts them. */
function keepAll(loose: Loose, candidates: Candidates, kept: Uint32Array, records: Records): LooseObjects {
  const { plans, spans } = loose;
  const { place, words } = candidates;
  const { tally } = records;
  const { heads } = placesOf(loose);
  const areDicts = Uint8Array.from(plans, ({ kind }) => (kind === KIND.dict ? 1 : 0));
  const used: Span[] = [];
  let span = 0;
  let taken = 0;
  let to = 0;
  for (const candidate of kept) {
    const from = candidate * RECORD_WORDS;
    const address = recordAddress(words, from);
    const index = recordType(words, from);
    taken += (heads[index] ?? 0) + ownOf(loose, candidates, candidate);
    while (span < spans.length && (spans[span]?.end ?? 0) <= address) span += 1;
    const around = spans[span];
    if (around !== undefined && used.at(-1) !== around) used.push(around);
    const own = index * TALLY_WORDS;
    tally[own + LIVE] = (tally[own + LIVE] ?? 0) + 1;
    if (areDicts[index] === 0)
      tally[own + LIVE_BYTES] = (tally[own + LIVE_BYTES] ?? 0) + recordBytes(words, from);
    for (let word = 0; word < RECORD_WORDS; word += 1) words[to + word] = words[from + word] ?? 0;
    to += RECORD_WORDS;
  }
  const outside = [...records.outside, { at: place, bytes: to * 4 }];
  return { records: { ...records, outside }, bytes: taken, spans: used };
}
