import { type MemoryReader, type Span, wordsOf } from "../../../blocks/index.ts";
import { V38 } from "../structs/v38.ts";
import { V311 } from "../structs/v311.ts";
import { V314 } from "../structs/v314.ts";
import { isLimit } from "./find-tables.ts";

/** What tracemalloc says of itself; null where it is not found. */
export interface TraceState {
  readonly isTracing: boolean;
  readonly ownBytes: number | null;
  readonly peakBytes: number | null;
  readonly limit: number | null;
}

const STATE = V314._tracemalloc_runtime_state;

/** From 3.12 on, of the struct at the address. */
export function readState(reader: MemoryReader, address: number): TraceState {
  return {
    isTracing: reader.u32(address + STATE.tracing) === 1,
    ownBytes: reader.u64(address + STATE.traced_memory),
    peakBytes: reader.u64(address + STATE.peak_traced_memory),
    limit: reader.u32(address + STATE.max_nframe),
  };
}

/**
 * Up to 3.11, where all of it stands in static variables in no fixed order (Modules/_tracemalloc.c): the bytes that are traced are
 * the word that equals the sum of all sizes, and their peak the word beside it that is no less.
 * @param spans data of the module that has the tables
 */
export function findStaticState(
  reader: MemoryReader,
  spans: readonly Span[],
  sum: number,
  longest: number,
): TraceState {
  const limit = findLimit(reader, spans, longest);
  for (const { start, end } of spans)
    for (const [at, word] of wordsOf(reader, start, end)) {
      if (word !== sum) continue;
      const beside = [reader.u64(at - 8), reader.u64(at + 8)].find((peak) => peak >= sum && peak < MOST_PEAK);
      return { isTracing: true, ownBytes: sum, peakBytes: beside ?? null, limit };
    }
  return { isTracing: true, ownBytes: null, peakBytes: null, limit };
}

/** More is an address, not a number of bytes. */
const MOST_PEAK = 2 ** 40;

const TRACEBACK = V38.traceback_t;
const FRAME = V38.frame_t;
const CONFIG = V311._PyTraceMalloc_Config;
/** A chunk of glibc's: its size stands in front of what the program has, with three bits of flags. */
const CHUNK = { size: -8, head: 8, align: 16, least: 32, flags: 7 } as const;

/**
 * The limit of frames: the N of `{1, 1, N}`, an initialised and tracing _PyTraceMalloc_Config
 * (Include/internal/pycore_pymem.h), where a word of the same data points to a chunk of malloc's that has the size of a
 * traceback of N frames: the buffer for new ones. Null where that is not one N, as in the middle of an allocation, under
 * debug hooks, or with another malloc.
 */
function findLimit(reader: MemoryReader, spans: readonly Span[], longest: number): number | null {
  const limits = new Set<number>();
  const chunks = new Set<number>();
  for (const { start, end } of spans)
    for (const [at, word] of wordsOf(reader, start, end)) {
      for (const config of [at - 4, at])
        if (reader.u32(config + CONFIG.initialized) === 1 && reader.u32(config + CONFIG.tracing) === 1) {
          const limit = reader.u32(config + CONFIG.max_nframe);
          if (isLimit(limit) && limit >= longest) limits.add(limit);
        }
      if (word % CHUNK.align === 0) {
        const size = reader.u64(word + CHUNK.size);
        if (size < 2 ** 24) chunks.add(size - (size % (CHUNK.flags + 1)));
      }
    }
  const fitting = [...limits].filter((limit) => chunks.has(chunkBytes(limit)));
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

function chunkBytes(frames: number): number {
  const bytes = TRACEBACK.frames + FRAME.sizeof * frames + CHUNK.head;
  return Math.max(CHUNK.least, Math.ceil(bytes / CHUNK.align) * CHUNK.align);
}
