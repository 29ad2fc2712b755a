import { readSync } from "node:fs";

/** Addresses [start, end). */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/**
 * /proc/PID/pagemap has 8 bytes a page; of the upper four, bit 31 says present, bit 30 in swap, bit 29 of a file or shared
 * (Linux Documentation/admin-guide/mm/pagemap.rst).
 */
const TOUCHED = 0xc0000000;
const OF_FILE = 0x20000000;
const ENTRY_BYTES = 8;
const PIECE_BYTES = 1 << 20;

/** The pages of [start, end) that the process has touched, neighbours as one. What ends while it is read has none there. */
export function touchedRuns(pagemap: number, start: number, end: number, pageBytes: number): Run[] {
  return runsOf(pagemap, { start, end }, pageBytes, (flags) => (flags & TOUCHED) !== 0);
}

/** The same of the pages that are its own: those of a file's private mapping that it has written to. */
export function ownRuns(pagemap: number, start: number, end: number, pageBytes: number): Run[] {
  const isOwn = (flags: number) => (flags & TOUCHED) !== 0 && (flags & OF_FILE) === 0;
  return runsOf(pagemap, { start, end }, pageBytes, isOwn);
}

function runsOf(
  pagemap: number,
  { start, end }: Run,
  pageBytes: number,
  isWanted: (flags: number) => boolean,
): Run[] {
  const runs: Run[] = [];
  const entries = new Uint32Array(Math.min(PIECE_BYTES, ((end - start) / pageBytes) * ENTRY_BYTES) / 4);
  const piece = new Uint8Array(entries.buffer);
  let open: number | null = null;
  let at = start;
  while (at < end) {
    const wanted = Math.min(piece.length, ((end - at) / pageBytes) * ENTRY_BYTES);
    const got = readSync(pagemap, piece, 0, wanted, (at / pageBytes) * ENTRY_BYTES);
    if (got < ENTRY_BYTES) break;
    // The machines whose processes are read are little-endian.
    for (let flags = 1; flags < got / 4; flags += 2, at += pageBytes) {
      if (isWanted(entries[flags] ?? 0)) open ??= at;
      else if (open !== null) {
        runs.push({ start: open, end: at });
        open = null;
      }
    }
  }
  if (open !== null) runs.push({ start: open, end: at });
  return runs;
}
