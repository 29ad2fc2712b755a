import type { MemoryReader } from "../reader.ts";
import type { Span } from "../span.ts";
import { CHUNK, PAGE } from "./chunk.ts";

/** NBINS - 1 list heads of two words each; bins[0] of the array is the first of them (malloc/malloc.c). */
const BINS = 127;
const BIN_BYTES = 16;
export const BINS_BYTES = BINS * BIN_BYTES;
/** binmap: four u32 between the bins and `next`. */
const BINMAP_BYTES = 16;

/** One malloc_state. Addresses of user space. */
export interface Arena {
  /** Where malloc_state begins. */
  readonly base: number;
  /** Its first list head. */
  readonly bins: number;
  /** The chunk that all others were cut from, and what is cut next. */
  readonly top: number;
  /** Of the ring of arenas. */
  readonly next: number;
  /** It is libc's own, in its data; another one lies in a heap of its own, behind that heap's heap_info. */
  readonly isMain: boolean;
  /** Bytes of heap_info in front of thread arenas' malloc_state: 32, or 48 from 2.35 on. */
  readonly headerBytes: number;
  /** Ten fastbins stand before top; 2.43 has none. */
  readonly hasFastbins: boolean;
}

/** Bytes from malloc_state to its bins: 24 in 2.43, 104 up to 2.26, 112 between. */
const LEAST_LEAD = 24;
const MOST_LEAD = 176;
const LEAD_WITH_FASTBINS = 104;
/** sizeof(heap_info). */
const LEAST_HEADER = 32;
const MOST_HEADER = 96;
/** A thread that was in malloc when the core was taken leaves a list torn. */
const MOST_TORN = 2;
/** Modules' data is looked through that much at a time. */
const WINDOW_BYTES = 65_536;
/** Eight a processor is malloc's own limit. */
const MOST_ARENAS = 65_536;

/** All arenas, and whether their rings close: then there are no others. */
export interface Arenas {
  /** Main ones first, then by address. */
  readonly all: readonly Arena[];
  readonly isComplete: boolean;
}

/**
 * malloc's arenas, from the main one in some module's data along `next`. They prove themselves: 127 list heads in a row,
 * of which each one points to itself, or to chunks that point back.
 */
export function findArenas(reader: MemoryReader, statics: readonly Span[]): Arenas {
  const found: number[] = [];
  for (const span of statics)
    for (const at of emptyBins(reader, span)) {
      if (at < (found.at(-1) ?? -BINS_BYTES) + BINS_BYTES) continue;
      const bins = findBins(reader, at);
      if (bins !== null) found.push(bins);
    }
  let isComplete = found.length > 0;
  for (let index = 0; index < found.length && found.length < MOST_ARENAS; index += 1) {
    const base = nextOf(reader, found[index] ?? 0);
    const isKnown = (bins: number) => bins - base >= LEAST_LEAD && bins - base <= MOST_LEAD;
    if (found.some(isKnown)) continue;
    const bins = binsOf(reader, base);
    if (bins === null) isComplete = false;
    else found.push(bins);
  }
  return { all: arenasOf(reader, found), isComplete: isComplete && found.length < MOST_ARENAS };
}

/** Words that may be the heads of empty bins: such a one leads to itself, and no arena is without one. */
function* emptyBins(reader: MemoryReader, { start, end }: Span): Generator<number> {
  for (let from = start; from < end; from += WINDOW_BYTES) {
    const bytes = reader.bytes(from, Math.min(WINDOW_BYTES, end - from));
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4));
    for (let word = 0; word < words.length; word += 2) {
      const at = from + 4 * word;
      const self = at - CHUNK.fd;
      if (words[word] === self % 2 ** 32 && reader.u64(at) === self && reader.u64(at + 8) === self) yield at;
    }
  }
}

/** The bins of the arena that begins at the address: how far into it they are differs between versions. */
function binsOf(reader: MemoryReader, base: number): number | null {
  for (let lead = LEAST_LEAD; lead <= MOST_LEAD; lead += 8)
    if (isListHead(reader, base + lead) && findBins(reader, base + lead) === base + lead) return base + lead;
  return null;
}

function arenasOf(reader: MemoryReader, found: readonly number[]): Arena[] {
  const threads = found.map((bins) => threadBase(reader, bins));
  const known = threads.find((base) => base !== null) ?? null;
  const arenas = found.map((bins, index): Arena | null => {
    const next = nextOf(reader, bins);
    const inHeap = threads[index] ?? null;
    // The lead is the same in all arenas; a main one that is alone points to itself.
    const lead = inHeap?.lead ?? known?.lead ?? bins - next;
    if (!(lead >= LEAST_LEAD && lead <= MOST_LEAD)) return null;
    return {
      base: bins - lead,
      bins,
      top: reader.u64(bins - BIN_BYTES),
      next,
      isMain: inHeap === null,
      headerBytes: inHeap?.header ?? 0,
      hasFastbins: lead >= LEAD_WITH_FASTBINS,
    };
  });
  return arenas
    .filter((arena) => arena !== null)
    .sort((a, b) => Number(b.isMain) - Number(a.isMain) || a.base - b.base);
}

const nextOf = (reader: MemoryReader, bins: number) => reader.u64(bins + BINS_BYTES + BINMAP_BYTES);

/** Where malloc_state's fields behind the bins end, which is where a thread arena's first chunk may begin. */
export const stateEnd = (bins: number): number => bins + BINS_BYTES + BINMAP_BYTES + 16;

/**
 * system_mem: bytes that the arena has of the system. It stands behind next and next_free, and from 2.23 on behind
 * attached_threads; the field after it, max_system_mem, is at least as much.
 * @returns `expected` where one of the places holds it, else what the first sane place holds, or null
 */
export function systemBytes(reader: MemoryReader, bins: number, expected: number): number | null {
  let near: number | null = null;
  for (let place = 0; place < 3; place += 1) {
    const at = stateEnd(bins) + 8 * place;
    const [bytes, most] = [reader.u64(at), reader.u64(at + 8)];
    if (!(most >= bytes && most < 2 ** 47)) continue;
    if (bytes === expected) return bytes;
    if (near === null && bytes > PAGE && bytes % 8 === 0) near = bytes;
  }
  return near;
}

/** The first of 127 list heads around the address; null where there are not exactly that many. */
function findBins(reader: MemoryReader, seed: number): number | null {
  let [start, end, torn] = [seed, seed + BIN_BYTES, 0];
  const isFull = () => end - start >= BINS_BYTES;
  for (const step of [BIN_BYTES, -BIN_BYTES]) {
    while (!isFull()) {
      const at = step > 0 ? end : start - BIN_BYTES;
      if (!isListHead(reader, at)) {
        if (torn >= MOST_TORN || !isListHead(reader, at + step) || !isListHead(reader, at + 2 * step)) break;
        torn += 1;
      }
      if (step > 0) end += BIN_BYTES;
      else start -= BIN_BYTES;
    }
  }
  return end - start === BINS_BYTES ? start : null;
}

/** Whether fd and bk at the address lead to chunks that lead back to this head, which poses as a chunk itself. */
function isListHead(reader: MemoryReader, at: number): boolean {
  const [first, last, self] = [reader.u64(at), reader.u64(at + 8), at - CHUNK.fd];
  if (first === self || last === self) return first === last;
  return (
    first % 8 === 0 &&
    last % 8 === 0 &&
    reader.u64(first + CHUNK.bk) === self &&
    reader.u64(last + CHUNK.fd) === self
  );
}

/** Of an arena in a heap: where its malloc_state begins, by the heap_info that points to it from right before. */
function threadBase(reader: MemoryReader, bins: number): { lead: number; header: number } | null {
  for (let lead = LEAST_LEAD; lead <= MOST_LEAD; lead += 8)
    for (let header = LEAST_HEADER; header <= MOST_HEADER; header += 8) {
      const heap = bins - lead - header;
      if (heap % PAGE !== 0 || reader.u64(heap) !== heap + header) continue;
      const bytes = reader.u64(heap + HEAP.size);
      if (bytes >= PAGE && bytes % PAGE === 0) return { lead, header };
    }
  return null;
}

/** struct _heap_info (malloc/arena.c): the arena, the heap before, bytes in use. */
export const HEAP = { arena: 0, previous: 8, size: 16 } as const;
