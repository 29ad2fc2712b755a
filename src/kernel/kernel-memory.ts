import { CoregramError, formatBytes } from "../terms/index.ts";

/** WebAssembly pages are 64 KiB. */
const PAGE_BYTES = 65536;

/** 32-bit addresses reach 4 GiB; the last mebibyte stays free so that no end address wraps. */
const ADDRESS_LIMIT = 2 ** 32 - 2 ** 20;

/** Threads take as much at a time. */
const SLAB_BYTES = 2 ** 22;

/** Grows it by `missing` bytes or more; returns where they begin. `wanted` is what they are for. */
function grow(memory: WebAssembly.Memory, missing: number, wanted: number): number {
  try {
    if (memory.buffer.byteLength + missing > ADDRESS_LIMIT) throw new RangeError("past 32-bit addresses");
    const at = memory.grow(Math.ceil(missing / PAGE_BYTES)) * PAGE_BYTES;
    // Another thread may have grown it since.
    if (at + missing > ADDRESS_LIMIT) throw new RangeError("past 32-bit addresses");
    return at;
  } catch (cause) {
    throw new CoregramError(
      "limit",
      `no room for ${formatBytes(wanted)} more of memory: set --memory to less`,
      { cause },
    );
  }
}

/**
 * Places that a thread takes for itself, of sizes that nobody knows before: slabs that it grows the memory by, which no
 * other thread is given, and which `KernelMemory.adopt` counts when the job is done.
 */
export class Slabs {
  readonly #memory: WebAssembly.Memory;
  #at = 0;
  #end = 0;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  /** Where there are at least `most` bytes to write to, zero at first. */
  room(most: number): number {
    if (this.#at + most > this.#end) {
      const slab = Math.max(SLAB_BYTES, most);
      this.#at = grow(this.#memory, slab, most);
      this.#end = this.#at + slab;
    }
    return this.#at;
  }

  /** Hands out the first `bytes` of that room; the next begins at a multiple of 16. */
  take(bytes: number): void {
    this.#at += Math.ceil(bytes / 16) * 16;
  }
}

/**
 * The one memory that the kernel and all threads share. Places are handed out once and never taken back; all
 * are zero at first, and the system gives them pages as they are touched.
 */
export class KernelMemory {
  /** What WebAssembly and worker threads share. */
  readonly wasm: WebAssembly.Memory;
  // Address 0 stays unused, so that it can mean "none".
  private top = 64;
  /** Where that ends which is there for places: bytes behind it are threads'. */
  private size: number;

  /** @throws CoregramError `limit` where the system has no address space for it */
  constructor() {
    try {
      this.wasm = new WebAssembly.Memory({ initial: 16, maximum: 65536, shared: true });
    } catch (cause) {
      throw new CoregramError("limit", "the system has no address space for the kernel's memory", { cause });
    }
    this.size = this.wasm.buffer.byteLength;
  }

  /** Its bytes; another object each time that `place` had to grow it. */
  get buffer(): SharedArrayBuffer {
    return this.wasm.buffer;
  }

  /** Bytes handed out so far. */
  get bytes(): number {
    return this.top;
  }

  /** Bytes that can still be handed out. */
  get free(): number {
    return ADDRESS_LIMIT - this.top;
  }

  /**
   * `bytes` bytes, aligned to `alignment` (a power of two). Views of `buffer` made before may be
   * too short for it.
   * @throws CoregramError `limit` past what 32-bit addresses or the system can hold
   */
  place(bytes: number, alignment = 64): number {
    const next = () => Math.ceil(this.top / alignment) * alignment;
    let at = next();
    while (at + bytes > this.size) {
      const missing = Math.ceil((at + bytes - this.size) / PAGE_BYTES) * PAGE_BYTES;
      const start = grow(this.wasm, missing, bytes);
      // A thread of a job that failed may still be at work, and have grown it for itself.
      if (start !== this.size) this.top = start;
      this.size = start + missing;
      at = next();
    }
    this.top = at + bytes;
    return at;
  }

  /** Counts what threads have grown it by as handed out. */
  adopt(): void {
    const { byteLength } = this.wasm.buffer;
    if (byteLength > this.size) this.top = byteLength;
    this.size = byteLength;
  }

  /** Both halves of a u64 read as one number; exact below 2^53, as all counts of bytes that exist are. */
  static count(view: Uint32Array, index: number): number {
    return (view[2 * index] ?? 0) + (view[2 * index + 1] ?? 0) * 2 ** 32;
  }
}
