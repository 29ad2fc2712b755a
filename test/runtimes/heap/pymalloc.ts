import { addInUse, type Block, type BlockParts } from "./blocks.ts";
import type { Memory } from "./memory.ts";
import type { Structs } from "./versions.ts";

/** struct pool_header (Objects/obmalloc.c): ref, freeblock, nextpool, prevpool, arenaindex, szidx, two offsets. */
const POOL = {
  used: 0,
  free: 8,
  arena: 32,
  sizeIndex: 36,
  nextOffset: 40,
  maxNextOffset: 44,
  bytes: 48,
} as const;
/** struct arena_object: address, pool_address, nfreepools, ntotalpools, freepools, nextarena, prevarena. */
const ARENA = { address: 0, freePools: 16, pools: 20, bytes: 48 } as const;
const ARENA_POOLS = 64;
/** The first table of arenas has that many (INITIAL_ARENA_OBJECTS). */
const TABLE_ARENAS = 16;
export const ARENA_TABLE_BYTES = TABLE_ARENAS * ARENA.bytes;
/** SMALL_REQUEST_THRESHOLD: what is larger goes to malloc. */
export const MOST_SMALL_BYTES = 512;

interface Pool {
  readonly at: number;
  readonly arena: number;
  /** Of a block. */
  readonly bytes: number;
  readonly blocks: Block[];
  /** Blocks that were freed, the last one first, as the pool's list has them. */
  readonly freed: Block[];
  /** Added to its count of blocks in use, so that it does not add up. */
  torn: number;
}

/** CPython's allocator for small blocks: arenas of 64 pools, each for blocks of one size. */
export class Pymalloc {
  readonly #memory: Memory;
  readonly #structs: Structs;
  readonly #arenas: number[] = [];
  readonly #pools: Pool[] = [];

  constructor(memory: Memory, structs: Structs) {
    this.#memory = memory;
    this.#structs = structs;
  }

  get arenaBytes(): number {
    return ARENA_POOLS * this.#structs.poolBytes;
  }

  /** Maps an arena, whose first pools are saved; what is not used yet is in no pool. */
  addArena(start: number, savedPools = 4): void {
    this.#memory.map(start, this.arenaBytes, { savedBytes: savedPools * this.#structs.poolBytes });
    this.#arenas.push(start);
  }

  /** The same of memory that is mapped already. */
  takeArena(start: number): void {
    this.#arenas.push(start);
  }

  /** Pools that were begun. */
  get count(): number {
    return this.#pools.length;
  }

  /** Nothing is pymalloc's any more, as where it was never used. */
  forget(): void {
    this.#pools.length = 0;
    this.#arenas.length = 0;
  }

  /** A block that was never used before. */
  allocate(bytes: number): Block {
    const { blockAlignment, poolBytes } = this.#structs;
    const rounded = Math.max(1, Math.ceil(bytes / blockAlignment)) * blockAlignment;
    const pool = this.#pools.findLast((each) => each.bytes === rounded);
    const isFull = pool === undefined || POOL.bytes + (pool.blocks.length + 1) * rounded > poolBytes;
    const { at, blocks } = isFull ? this.addPool(rounded) : pool;
    const start = at + POOL.bytes + blocks.length * rounded;
    const block: Block = { start, bytes: rounded, place: "pool", use: "other" };
    blocks.push(block);
    return block;
  }

  /** A new pool for blocks of that size, in the last arena. */
  addPool(bytes: number): Pool {
    const { poolBytes } = this.#structs;
    const arena = this.#arenas.length - 1;
    const index = this.#pools.filter((pool) => pool.arena === arena).length;
    const at = (this.#arenas[arena] ?? 0) + index * poolBytes;
    const pool: Pool = { at, arena, bytes, blocks: [], freed: [], torn: 0 };
    this.#pools.push(pool);
    return pool;
  }

  /** The block's first word becomes the link of its pool's list. */
  free(block: Block): void {
    this.poolOf(block).freed.unshift(block);
    block.use = "free";
  }

  poolOf(block: Block): Pool {
    const { poolBytes } = this.#structs;
    const pool = this.#pools.find(({ at }) => block.start >= at && block.start < at + poolBytes);
    if (pool === undefined) throw new RangeError(`no pool at ${block.start.toString(16)}`);
    return pool;
  }

  /** Writes the headers of pools, their lists, and the table of arenas to `table`; adds up what all bytes are. */
  settle(table: number | null, parts: BlockParts): void {
    const memory = this.#memory;
    const { poolBytes, blockAlignment } = this.#structs;
    for (const { at, arena, bytes, blocks, freed, torn } of this.#pools) {
      const used = blocks.length - freed.length;
      memory.u32(at + POOL.used, used + torn);
      memory.u64(at + POOL.free, freed[0]?.start ?? 0);
      memory.u32(at + POOL.arena, arena);
      memory.u32(at + POOL.sizeIndex, bytes / blockAlignment - 1);
      memory.u32(at + POOL.nextOffset, POOL.bytes + blocks.length * bytes);
      memory.u32(at + POOL.maxNextOffset, poolBytes - bytes);
      freed.forEach((block, index) => {
        memory.u64(block.start, freed[index + 1]?.start ?? 0);
      });
      if (torn !== 0) continue;
      if (used === 0) {
        parts.freePools += poolBytes;
        continue;
      }
      parts.headers += POOL.bytes;
      parts.freedBlocks += freed.length * bytes;
      parts.uncarved += poolBytes - POOL.bytes - blocks.length * bytes;
      for (const block of blocks) if (block.use !== "free") addInUse(parts, block);
    }
    if (table === null) return;
    this.#arenas.forEach((start, index) => {
      const pools = this.#pools.filter(({ arena }) => arena === index);
      const entry = table + index * ARENA.bytes;
      memory.u64(entry + ARENA.address, start);
      memory.u32(entry + ARENA.freePools, ARENA_POOLS - pools.length);
      memory.u32(entry + ARENA.pools, ARENA_POOLS);
      parts.unusedArenas += this.#savedOf(start) - pools.filter(({ torn }) => torn === 0).length * poolBytes;
    });
  }

  #savedOf(start: number): number {
    const region = this.#memory.regions.find(
      ({ start: at, data }) => start >= at && start < at + data.length,
    );
    if (region === undefined) return 0;
    return Math.min(this.arenaBytes, region.start + region.savedBytes - start);
  }
}
