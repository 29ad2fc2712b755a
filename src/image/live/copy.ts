import { setImmediate as nextTurn } from "node:timers/promises";
import type { PlacedMapping } from "./layout.ts";
import type { MemoryFile } from "./memory-file.ts";
import type { Run } from "./pages.ts";

/** Copied between two turns of the event loop: some 5 ms. */
const PIECE_BYTES = 1 << 23;

/**
 * Copies what is to be read of a mapping to its place in a core. Returns the pages that could not be read any more,
 * sorted, neighbours as one.
 * @param progress hears the bytes of each piece
 * @throws CoregramError `changed` where the process ended
 */
export async function copyMapping(
  memory: MemoryFile,
  { parts }: PlacedMapping,
  core: SharedArrayBuffer,
  pageBytes: number,
  progress: (bytes: number) => void,
): Promise<Run[]> {
  const lost: Run[] = [];
  for (const { start: first, offset, runs } of parts)
    for (const run of runs)
      for (let start = run.start; start < run.end; start += PIECE_BYTES) {
        const end = Math.min(run.end, start + PIECE_BYTES);
        copyRun(
          memory,
          { start, end },
          new Uint8Array(core, offset + start - first, end - start),
          pageBytes,
          lost,
        );
        progress(end - start);
        if (end - start === PIECE_BYTES) await nextTurn();
      }
  return lost;
}

function copyRun(
  memory: MemoryFile,
  { start, end }: Run,
  into: Uint8Array,
  pageBytes: number,
  lost: Run[],
): void {
  for (let at = start; at < end; ) {
    at += memory.read(at, into.subarray(at - start));
    if (at >= end) return;
    // A page of which a part was read is lost as well.
    const page = at - (at % pageBytes);
    at = page + pageBytes;
    const last = lost.at(-1);
    if (last?.end === page) lost[lost.length - 1] = { start: last.start, end: at };
    else lost.push({ start: page, end: at });
  }
}
