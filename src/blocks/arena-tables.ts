import type { KernelMemory } from "../kernel/index.ts";
import type { MemoryReader } from "./reader.ts";
import type { Survey } from "./survey.ts";

/** struct arena_object, see arenas.ts: as u32 words, address, pool_address, nfreepools, ntotalpools. */
const WORDS = { addressLow: 0, addressHigh: 1, freePools: 4, pools: 5 } as const;
const ENTRY_BYTES = 48;
const PAGE = 4096;

/**
 * Where in writable memory an entry of a table of arenas may lie, each with the address of its arena: what has the numbers of
 * pools that an arena has, and a page's address.
 * @param counts how many pools an arena may have
 * @param isPool whether a page, by its kind, is pymalloc's own
 */
export function* arenaEntries(
  memory: KernelMemory,
  reader: MemoryReader,
  { pieces, pages }: Survey,
  counts: readonly number[],
  isPool: (kind: number) => boolean,
): Generator<{ readonly at: number; readonly arena: number }> {
  const kinds = new Uint8Array(memory.buffer, pages, pieces.firstPages[pieces.count] ?? 0);
  for (let piece = 0; piece < pieces.count; piece += 1) {
    const start = pieces.starts[piece] ?? 0;
    // An entry may reach into the next piece.
    const read = reader.bytes(start, (pieces.bytes[piece] ?? 0) + ENTRY_BYTES);
    const words = new Uint32Array(read.buffer, 0, Math.floor(read.length / 4));
    const firstPage = pieces.firstPages[piece] ?? 0;
    for (let word = 0; word < (pieces.bytes[piece] ?? 0) / 4; word += 2) {
      if (word % (PAGE / 4) === 0 && isPool(kinds[firstPage + (word * 4) / PAGE] ?? 0)) {
        word += PAGE / 4 - 2;
        continue;
      }
      const pools = words[word + WORDS.pools] ?? 0;
      if (pools > PAGE || !counts.includes(pools) || (words[word + WORDS.freePools] ?? 0) > pools) continue;
      const low = words[word + WORDS.addressLow] ?? 0;
      const arena = (words[word + WORDS.addressHigh] ?? 0) * 2 ** 32 + low;
      if (arena > 0 && low % PAGE === 0 && arena < 2 ** 47) yield { at: start + word * 4, arena };
    }
  }
}
