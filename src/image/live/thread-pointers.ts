import type { CoreMemory } from "./core-memory.ts";
import type { PlacedMapping } from "./layout.ts";

/** struct pthread on x86-64 begins with tcbhead_t: its own address at 0 and 16 (glibc sysdeps/x86_64/nptl/tls.h). */
const SELF = 16;
/** pthread.tid on x86-64: after the 704 bytes of the header and two pointers of a list (glibc nptl/descr.h). */
const TID = 720;
const ALIGNMENT = 64;
/** Looked through at once. */
const PIECE_BYTES = 1 << 20;

/**
 * Where glibc's threads on x86-64 have their own variables (fs_base), which only a debugger may ask for: the block of a
 * thread says its own address twice, and its number. Threads for which none is found are not in the map.
 * @param memory whose parts begin at multiples of a page
 * @param tids the numbers that the process itself knows its threads by
 */
export function findThreadPointers(
  memory: Pick<CoreMemory, "view">,
  placed: readonly PlacedMapping[],
  tids: ReadonlySet<number>,
): Map<number, bigint> {
  const found = new Map<number, bigint>();
  const own = placed.filter(({ mapping }) => !mapping.isFile && mapping.path !== "[heap]");
  // The first thread's is in a small mapping of the dynamic linker's, the others' in their stacks.
  own.sort((a, b) => a.mapping.touchedBytes - b.mapping.touchedBytes);
  for (const { start: first, offset, runs } of own.flatMap(({ parts }) => parts))
    for (const run of runs)
      for (let start = run.start; start < run.end; start += PIECE_BYTES) {
        if (found.size === tids.size) return found;
        const bytes = Math.min(PIECE_BYTES + TID + 4, run.end - start);
        findIn(memory.view(offset + start - first, bytes), start, tids, found);
      }
  return found;
}

function findIn(
  memory: Uint8Array,
  start: number,
  tids: ReadonlySet<number>,
  found: Map<number, bigint>,
): void {
  const view = new DataView(memory.buffer, memory.byteOffset, memory.length);
  for (let place = 0; place + TID + 4 <= memory.length; place += ALIGNMENT) {
    // Most differ in the lower half already.
    if (view.getUint32(place, true) !== (start + place) % 2 ** 32) continue;
    const address = BigInt(start + place);
    if (view.getBigUint64(place, true) !== address) continue;
    if (view.getBigUint64(place + SELF, true) !== address) continue;
    const tid = view.getInt32(place + TID, true);
    if (tids.has(tid)) found.set(tid, address);
  }
}
