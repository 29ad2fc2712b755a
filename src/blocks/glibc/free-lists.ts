import type { MemoryReader } from "../reader.ts";
import { type Span, spanAt } from "../span.ts";
import type { Arena } from "./arenas.ts";
import { ALIGNMENT, CHUNK, chunkSize, IS_MMAPPED, LEAST_CHUNK } from "./chunk.ts";

/** What was freed and is in a cache: its chunk still looks as if it were in use. */
export interface CachedChunks {
  /** Headers of chunks in tcaches, which may be mapped on their own from 2.42 on, and of chunks in fastbins. */
  readonly tcache: readonly number[];
  readonly fastbins: readonly number[];
  /** Headers of the chunks that hold tcache_perthread_struct. */
  readonly structs: readonly number[];
  /** Lists that ended in what is no chunk: their rest counts as in use. */
  readonly brokenLists: number;
}

/** tcache_perthread_struct (malloc/malloc.c): counts, then heads. */
interface TcacheForm {
  readonly bins: number;
  readonly countBytes: 1 | 2;
  /** From 2.42 on num_slots, which says how many more there is room for. */
  readonly isRoom: boolean;
}

const FORMS: readonly TcacheForm[] = [
  { bins: 64, countBytes: 2, isRoom: false }, // 2.30 to 2.41
  { bins: 64, countBytes: 1, isRoom: false }, // 2.26 to 2.29
  { bins: 76, countBytes: 2, isRoom: true }, // from 2.42 on
];
/** From 2.42 on the bins behind these hold sizes in powers of two. */
const SMALL_BINS = 64;
const MOST_CACHED = 2 ** 16;
const MOST_FAST = 2 ** 26;
/** The most that a fastbin's chunks have: MAX_FAST_SIZE is 80 * SIZE_SZ / 4. */
const MOST_FAST_BYTES = 176;
const FASTBINS = 10;
/** libc's thread-local `tcache` lies within that many bytes below the thread pointer. */
const TLS_BYTES = 65_536;

/** Where chunks can be, and how to read. */
export interface HeapPlaces {
  readonly reader: MemoryReader;
  /** Of all arenas, sorted and disjoint. */
  readonly runs: readonly Span[];
  /** Whether a chunk that was mapped on its own has its header there. */
  readonly isMapped: (chunk: number) => boolean;
}

/** A list's head and what its links are. */
interface List {
  readonly head: number;
  /** From a chunk's header to what links lead to, its user's bytes or itself. */
  readonly to: number;
  readonly most: number;
  /** Bytes of its chunks; null where they may differ. */
  readonly bytes: number | null;
}

/**
 * Follows tcaches' and fastbins' lists.
 * @param threadPointers fs_base of each thread; null where the thread's own variables are not saved
 * @param candidates headers of chunks that have the size of a tcache's struct, asked for only where a thread pointer is null
 */
export function findCached(
  places: HeapPlaces,
  arenas: readonly Arena[],
  threadPointers: readonly (number | null)[],
  candidates: () => Iterable<number>,
): CachedChunks {
  const structs = new Map<number, TcacheForm>();
  const isBlind = threadPointers.length === 0 || threadPointers.includes(null);
  for (const at of pointersBelow(places.reader, threadPointers))
    addStruct(places, structs, at - CHUNK.user, false);
  if (isBlind) for (const chunk of candidates()) addStruct(places, structs, chunk, true);
  const tcaches = [...structs].flatMap(([chunk, form]) => tcacheLists(places.reader, chunk, form));
  const fast = arenas
    .filter(({ hasFastbins }) => hasFastbins)
    .flatMap((arena) => fastbinLists(places, arena));
  const isSafe = hasSafeLinks(places, [...tcaches, ...fast]);
  let brokenLists = 0;
  const follow = (lists: readonly List[]): number[] => {
    const found = new Set<number>();
    for (const list of lists) if (!followList(places, list, isSafe, found)) brokenLists += 1;
    return [...found];
  };
  const [tcache, fastbins] = [follow(tcaches), follow(fast)];
  return { tcache, fastbins, structs: [...structs.keys()], brokenLists };
}

/** Aligned words of threads' own variables that may lead to a block. */
function pointersBelow(reader: MemoryReader, threadPointers: readonly (number | null)[]): Set<number> {
  const found = new Set<number>();
  for (const pointer of threadPointers) {
    if (pointer === null) continue;
    for (let at = pointer - 8; at >= pointer - TLS_BYTES; at -= 8) {
      const word = reader.u64(at);
      if (Number.isNaN(word)) break;
      if (word % ALIGNMENT === 0 && word > CHUNK.user && word < 2 ** 47) found.add(word);
    }
  }
  return found;
}

/** The bytes of a chunk that holds the struct of this form. */
const structBytes = ({ bins, countBytes }: TcacheForm) =>
  Math.ceil((bins * (countBytes + 8) + 8) / ALIGNMENT) * ALIGNMENT;

/** Whether a chunk is of a size that some form has: malloc may have left it 16 bytes more. */
export function isTcacheSize(bytes: number): boolean {
  return FORMS.some((form) => bytes === structBytes(form) || bytes === structBytes(form) + ALIGNMENT);
}

function addStruct(
  places: HeapPlaces,
  structs: Map<number, TcacheForm>,
  chunk: number,
  needsHead: boolean,
): void {
  const bytes = sizeInRun(places, chunk);
  if (bytes === null || !isTcacheSize(bytes)) return;
  for (const form of FORMS) {
    if (bytes !== structBytes(form) && bytes !== structBytes(form) + ALIGNMENT) continue;
    const heads = readHeads(places, chunk, form);
    if (heads === null || (needsHead && heads === 0)) continue;
    structs.set(chunk, form);
    return;
  }
}

const countAt = (reader: MemoryReader, chunk: number, { countBytes }: TcacheForm, bin: number) => {
  const at = chunk + CHUNK.user + bin * countBytes;
  const word = reader.u8(at) + (countBytes === 2 ? 256 * reader.u8(at + 1) : 0);
  return word;
};

const headAt = (reader: MemoryReader, chunk: number, { bins, countBytes }: TcacheForm, bin: number) =>
  reader.u64(chunk + CHUNK.user + bins * countBytes + 8 * bin);

/** How many lists the struct has; null where one of its fields cannot be one of that form's. */
function readHeads(places: HeapPlaces, chunk: number, form: TcacheForm): number | null {
  let heads = 0;
  for (let bin = 0; bin < form.bins; bin += 1) {
    const [count, head] = [countAt(places.reader, chunk, form, bin), headAt(places.reader, chunk, form, bin)];
    if (Number.isNaN(head)) return null;
    if (form.isRoom ? count > 512 || (count === 0 && head === 0) : count > 1016) return null;
    // Before 2.30 a thread's first free stored the head before it counted it.
    if (!form.isRoom && (count === 0) !== (head === 0) && !(count === 0 && form.countBytes === 1))
      return null;
    if (head === 0) continue;
    heads += 1;
    const bytes = sizeOf(places, head - CHUNK.user);
    if (bytes === null || (bin < SMALL_BINS && bytes !== smallBinBytes(bin))) return null;
  }
  return heads;
}

const smallBinBytes = (bin: number) => LEAST_CHUNK + ALIGNMENT * bin;

function tcacheLists(reader: MemoryReader, chunk: number, form: TcacheForm): List[] {
  const lists: List[] = [];
  for (let bin = 0; bin < form.bins; bin += 1) {
    const head = headAt(reader, chunk, form, bin);
    const most = form.isRoom ? MOST_CACHED : countAt(reader, chunk, form, bin);
    const bytes = bin < SMALL_BINS ? smallBinBytes(bin) : null;
    if (head !== 0 && most > 0) lists.push({ head, to: CHUNK.user, most, bytes });
  }
  return lists;
}

/** fastbinsY: ten words before top. */
function fastbinLists(places: HeapPlaces, { bins }: Arena): List[] {
  const lists: List[] = [];
  for (let bin = 0; bin < FASTBINS; bin += 1) {
    const head = places.reader.u64(bins - 16 - 8 * (FASTBINS - bin));
    const bytes = sizeInRun(places, head);
    if (bytes !== null && bytes <= MOST_FAST_BYTES) lists.push({ head, to: 0, most: MOST_FAST, bytes });
  }
  return lists;
}

/** Safe linking, from 2.32 on: a link is stored xored with where it lies, less 12 bits. What makes more of them chunks is so. */
function hasSafeLinks(places: HeapPlaces, lists: readonly List[]): boolean {
  let [plain, safe] = [0, 0];
  for (const { head, to, bytes } of lists) {
    const at = head - to + CHUNK.fd;
    const link = places.reader.u64(at);
    const leads = (word: number) => {
      const size = word % ALIGNMENT === 0 ? sizeOf(places, word - to) : null;
      return word === 0 || (size !== null && (bytes === null || size === bytes));
    };
    if (leads(link)) plain += 1;
    else if (leads(reveal(at, link))) safe += 1;
  }
  return safe > plain;
}

/** PROTECT_PTR of malloc/malloc.c. */
function reveal(at: number, link: number): number {
  const key = Math.floor(at / 4096);
  const high = Math.floor(link / 2 ** 32) ^ Math.floor(key / 2 ** 32);
  return (high >>> 0) * 2 ** 32 + (((link % 2 ** 32) ^ (key % 2 ** 32)) >>> 0);
}

/** Adds the list's chunks to `found`; false where it breaks off. */
function followList(
  places: HeapPlaces,
  { head, to, most, bytes }: List,
  isSafe: boolean,
  found: Set<number>,
): boolean {
  let link = head;
  for (let count = 0; count < most && link !== 0; count += 1) {
    const chunk = link - to;
    const size = chunk % ALIGNMENT === 0 ? sizeOf(places, chunk) : null;
    if (size === null || (bytes !== null && size !== bytes) || found.has(chunk)) return false;
    found.add(chunk);
    const at = chunk + CHUNK.fd;
    link = isSafe ? reveal(at, places.reader.u64(at)) : places.reader.u64(at);
  }
  return true;
}

/** The size of the chunk with that header, in a run or mapped on its own; null where none can be. */
function sizeOf(places: HeapPlaces, chunk: number): number | null {
  return places.isMapped(chunk) ? chunkSize(places.reader, chunk) : sizeInRun(places, chunk);
}

function sizeInRun({ reader, runs }: HeapPlaces, chunk: number): number | null {
  if (chunk % ALIGNMENT !== 0) return null;
  const run = spanAt(runs, chunk);
  const word = reader.u64(chunk + CHUNK.size);
  if (run === null || Math.floor(word / IS_MMAPPED) % 2 === 1) return null;
  const size = word - (word % 8);
  return size >= LEAST_CHUNK && size % ALIGNMENT === 0 && size <= run.end - chunk ? size : null;
}
