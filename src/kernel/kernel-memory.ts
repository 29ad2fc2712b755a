import { CoregramError, formatBytes } from "../terms/index.ts";

/** WebAssembly pages are 64 KiB. */
const PAGE_BYTES = 65536;

/** 32-bit addresses reach 4 GiB; the last mebibyte stays free so that no end address wraps. */
const ADDRESS_LIMIT = 2 ** 32 - 2 ** 20;

/**
 * The one memory that the kernel and all threads share. Places are handed out once and never taken back; all
 * are zero at first, and the system gives them pages as they are touched.
 */
export class KernelMemory {
  /** What WebAssembly and worker threads share. */
  readonly wasm: WebAssembly.Memory;
  // Address 0 stays unused, so that it can mean "none".
  private top = 64;

  /** @throws CoregramError `limit` where the system has no address space for it */
  constructor() {
    try {
      this.wasm = new WebAssembly.Memory({ initial: 16, maximum: 65536, shared: true });
    } catch (cause) {
      throw new CoregramError("limit", "the system has no address space for the kernel's memory", { cause });
    }
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
    const at = Math.ceil(this.top / alignment) * alignment;
    const missing = at + bytes - this.wasm.buffer.byteLength;
    try {
      if (at + bytes > ADDRESS_LIMIT) throw new RangeError("past 32-bit addresses");
      if (missing > 0) this.wasm.grow(Math.ceil(missing / PAGE_BYTES));
    } catch (cause) {
      throw new CoregramError(
        "limit",
        `no room for ${formatBytes(bytes)} more of memory: set --memory to less`,
        { cause },
      );
    }
    this.top = at + bytes;
    return at;
  }

  /** Both halves of a u64 read as one number; exact below 2^53, as all counts of bytes that exist are. */
  static count(view: Uint32Array, index: number): number {
    return (view[2 * index] ?? 0) + (view[2 * index + 1] ?? 0) * 2 ** 32;
  }
}
