import { addInUse, type Block, type BlockParts } from "./blocks.ts";
import type { Memory } from "./memory.ts";

/** Low bits of a chunk's size (glibc malloc/malloc.c). */
const PREV_INUSE = 1;
const IS_MMAPPED = 2;
const NON_MAIN_ARENA = 4;
/** prev_size and size stand before the user's bytes; the next chunk's prev_size is theirs as well. */
export const CHUNK_HEADER = 16;
const LEAST_CHUNK = 32;
const PAGE = 4096;
/** struct tcache_perthread_struct: the first chunk of every heap. */
const TCACHE_BYTES = 0x280;
/** sizeof(heap_info): ar_ptr, prev, size, mprotect_size, and from 2.35 on pagesize. */
export const HEAP_INFO_BYTES = 0x30;
/** heap_info and malloc_state, in front of the first chunk of a thread's arena. */
const ARENA_LEAD = 0x8d0;

interface Chunk {
  readonly at: number;
  readonly bytes: number;
  readonly block: Block;
}

/** A chain of glibc's chunks, the main heap's or a thread's arena's; its last chunk is the top. */
export class MallocHeap {
  readonly #memory: Memory;
  readonly #chunks: Chunk[] = [];
  readonly #end: number;
  readonly #flags: number;
  readonly #start: number;
  #next: number;

  /** Of memory that is mapped from `start` to `end`: the main heap, or a thread's arena, which begins at 64 MiB. */
  constructor(memory: Memory, start: number, end: number, kind: "main" | "thread" = "main") {
    this.#memory = memory;
    this.#end = end;
    this.#flags = kind === "main" ? 0 : NON_MAIN_ARENA;
    this.#start = start;
    this.#next = kind === "main" ? start : start + ARENA_LEAD;
    if (kind === "thread") {
      // heap_info: ar_ptr, prev, size, mprotect_size.
      memory.u64(start, start + HEAP_INFO_BYTES);
      memory.u64(start + 16, end - start);
      memory.u64(start + 24, end - start);
    }
    this.allocate(TCACHE_BYTES);
  }

  allocate(bytes: number): Block {
    const size = Math.max(LEAST_CHUNK, Math.ceil((bytes + 8) / 16) * 16);
    const at = this.#next;
    this.#next += size;
    if (this.#next + LEAST_CHUNK > this.#end) throw new RangeError("malloc: no room left");
    const block: Block = { start: at + CHUNK_HEADER, bytes: size - 8, place: "chunk", use: "other" };
    this.#chunks.push({ at, bytes: size, block });
    return block;
  }

  free(block: Block): void {
    block.use = "free";
  }

  /** Where its first chunk begins. */
  get start(): number {
    return this.#start;
  }

  /** The chunk that the next one is cut from; it reaches to `end`. */
  get top(): number {
    return this.#next;
  }

  get end(): number {
    return this.#end;
  }

  /** Writes all chunks' sizes, each with whether the one before is in use; adds up what all bytes are, the top to `rest`. */
  settle(parts: BlockParts, rest: "mallocTop" | "mallocFree" = "mallocFree"): void {
    let isPreviousInUse = true;
    let previousBytes = 0;
    const header = (at: number, bytes: number) => {
      if (!isPreviousInUse) this.#memory.u64(at, previousBytes);
      this.#memory.u64(at + 8, bytes | this.#flags | (isPreviousInUse ? PREV_INUSE : 0));
      parts.headers += 8;
    };
    for (const { at, bytes, block } of this.#chunks) {
      header(at, bytes);
      isPreviousInUse = block.use !== "free";
      previousBytes = bytes;
      if (isPreviousInUse) addInUse(parts, block);
      else parts.mallocFree += bytes - 8;
    }
    header(this.#next, this.#end - this.#next);
    // Whole pages behind the top's header were never touched, where it is known for a top.
    const untouched = rest === "mallocTop" ? this.#end - Math.ceil((this.#next + 16) / PAGE) * PAGE : 0;
    parts[rest] += this.#end - this.#next - 8 - untouched;
    parts.mallocReserved += untouched;
  }
}

/** A chunk that malloc mapped on its own (sysmalloc_mmap): whole pages. */
export function mapChunk(memory: Memory, start: number, bytes: number): Block {
  const size = Math.ceil((bytes + CHUNK_HEADER) / PAGE) * PAGE;
  memory.map(start, size);
  memory.u64(start + 8, size | IS_MMAPPED);
  return { start: start + CHUNK_HEADER, bytes: size - CHUNK_HEADER, place: "mapped", use: "other" };
}

/** Adds up what the bytes of such chunks are. */
export function settleMapped(blocks: readonly Block[], parts: BlockParts): void {
  for (const block of blocks) {
    parts.headers += CHUNK_HEADER;
    addInUse(parts, block);
  }
}
