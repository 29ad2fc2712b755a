/** What a block is used for, as the balance tells blocks apart. */
export type Use = "object" | "table" | "other" | "free";

/** What an allocator handed out. */
export interface Block {
  /** Where its user's bytes begin. */
  readonly start: number;
  /** How many there are: what was asked for, rounded up by the allocator. */
  readonly bytes: number;
  readonly place: "pool" | "chunk" | "mapped";
  use: Use;
}

/** Bytes by what they are, as far as allocators know: every byte of theirs is in one of these. */
export interface BlockParts {
  objectBlocks: number;
  /** Blocks in use that hold no object: tables and what C code keeps. */
  otherBlocks: number;
  freedBlocks: number;
  uncarved: number;
  freePools: number;
  unusedArenas: number;
  mallocFree: number;
  mallocTop: number;
  mallocReserved: number;
  headers: number;
}

export function noParts(): BlockParts {
  return {
    objectBlocks: 0,
    otherBlocks: 0,
    freedBlocks: 0,
    uncarved: 0,
    freePools: 0,
    unusedArenas: 0,
    mallocFree: 0,
    mallocTop: 0,
    mallocReserved: 0,
    headers: 0,
  };
}

/** Adds a block in use to the part that it belongs to. */
export function addInUse(parts: BlockParts, { use, bytes }: Block): void {
  if (use === "object") parts.objectBlocks += bytes;
  else parts.otherBlocks += bytes;
}
