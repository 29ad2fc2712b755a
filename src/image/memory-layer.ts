import type { Address } from "../terms/index.ts";

/** Where a byte of memory comes from: saved in the dump, or a module's file, whose byte at `offset` was mapped there. */
export type Origin =
  | { readonly kind: "saved" }
  | { readonly kind: "file"; readonly path: string; readonly offset: number };

/** Why an address cannot be read. Nothing of this means zero. */
export interface Fault {
  readonly address: Address;
  /** `cut off`: it was saved, and the file ends before it. */
  readonly reason: "not mapped" | "not saved" | "cut off";
}

/**
 * Something that has bytes of a process's memory. An image lays them over each other: what an upper one has covers what
 * lower ones have there (as drgn's memory readers do, libdrgn/memory_reader.h).
 */
export interface MemoryLayer {
  /**
   * Fills `into` from the address on. Returns the bytes read: as many as it has without a gap, 0 where it lacks the
   * first. A page that cannot be read ends a read as a gap does.
   * @throws CoregramError where its file fails, not where it lacks a byte
   */
  read(at: bigint, into: Uint8Array): number;
  /** The first address of [at, end) that it has; `end` where it has none of them. */
  nextFrom(at: bigint, end: bigint): bigint;
  /** Null where it lacks the byte. */
  originAt(at: bigint): Origin | null;
}
