import type { MemoryReader, Span } from "../../blocks/index.ts";
import { POOL } from "../../kernel/index.ts";
import type { SizeClass, SmallArena } from "../traits.ts";

/** Arenas are of 64 pools: 256 KiB with pools of 4 KiB up to 3.9, 1 MiB with pools of 16 KiB since. */
const ARENA_POOLS = 64;

/** pymalloc's arenas, and what is in use of each, by the headers of their pools (Objects/obmalloc.c, struct pool_header). */
export function poolArenas(reader: MemoryReader, arenas: readonly Span[]): SmallArena[] {
  return arenas.map(({ start, end }) => {
    const poolBytes = (end - start) / ARENA_POOLS;
    let [carvedBytes, usedBytes] = [0, 0];
    const classes = new Map<number, SizeClass>();
    for (let pool = Math.ceil(start / poolBytes) * poolBytes; pool + poolBytes <= end; pool += poolBytes) {
      const block = poolBytes - reader.u32(pool + POOL.LAST_OFFSET);
      const used = reader.u32(pool + POOL.USED_BLOCKS);
      // Pools that were never used have no sizes.
      if (!(block > 0 && block <= POOL.MOST_BLOCK_BYTES && used * block < poolBytes)) continue;
      carvedBytes += poolBytes;
      usedBytes += used * block;
      if (used === 0) continue;
      const room = Math.floor((poolBytes - POOL.HEADER_BYTES) / block);
      const sum = classes.get(block);
      classes.set(block, {
        blockBytes: block,
        pools: (sum?.pools ?? 0) + 1,
        usedBlocks: (sum?.usedBlocks ?? 0) + used,
        freeBlocks: (sum?.freeBlocks ?? 0) + Math.max(0, room - used),
      });
    }
    return { start, end, carvedBytes, usedBytes, sizeClasses: [...classes.values()] };
  });
}
