import type { LiveMapping } from "./mappings.ts";
import { ownRuns, type Run, touchedRuns } from "./pages.ts";

/** A part of a mapping that is to be saved: [start, end), of which only `runs` have to be read: the rest is zeros. */
export interface PlannedPart extends Run {
  readonly runs: readonly Run[];
}

/** A mapping, and what of it is to be saved; no parts for none of it. */
export interface PlannedMapping {
  readonly mapping: LiveMapping;
  /** Sorted and disjoint. */
  readonly parts: readonly PlannedPart[];
}

/** Address space of this size that nothing was ever written to is a reserve, and not saved. */
const RESERVE_BYTES = 2 ** 30;
/** Of such a mapping that was written to, untouched pages between touched ones are saved, as zeros, unless these are so many bytes. */
const GAP_BYTES = 2 ** 20;
/**
 * Of a file's private mapping that was written to, a core has all. So many bytes of the file's own pages are read with it,
 * a program's data; more of them are the file's to have: the kernel maps each that is read into the process, whose memory grows.
 */
const MOST_OF_FILE = 2 ** 20;
/** Pages of one mapping are not looked for beyond this: pagemap has 2 MiB for each GiB. */
const MOST_SPARSE_BYTES = 2 ** 38;

/**
 * What of a mapping is saved: what a core has by the kernel's default filter, 0x33 (core(5), Linux fs/coredump.c,
 * vma_dump_size). Private memory that is the process's own, files' private mappings that it has written to (of large ones
 * the pages that it wrote), of shared memory that is in no file the pages that it has touched, and the first pages of ELF files.
 * @param pagemap the descriptor of /proc/PID/pagemap
 * @param isElf whether the memory at an address begins as an ELF file does
 */
export function planMapping(
  mapping: LiveMapping,
  pagemap: number,
  pageBytes: number,
  isElf: (at: number) => boolean,
): PlannedMapping {
  const { start, end, isShared, isFile, fileOffset, path, touchedBytes, ownBytes } = mapping;
  const none = { mapping, parts: [] };
  const size = end - start;
  const isSparse = touchedBytes < size;
  if (mapping.isExcluded) return none;
  if (isShared) {
    if (!path.endsWith(" (deleted)") || touchedBytes === 0 || size > MOST_SPARSE_BYTES) return none;
    const runs = touchedRuns(pagemap, start, end, pageBytes);
    return { mapping, parts: runs.map((run) => ({ ...run, runs: [run] })) };
  }
  if (!isFile) {
    if (touchedBytes === 0 && size >= RESERVE_BYTES) return none;
    if (isSparse && touchedBytes > 0 && size > MOST_SPARSE_BYTES) return none;
    // The vdso has no pages of its own.
    const isWhole = !isSparse || path === "[vdso]";
    if (isWhole) return { mapping, parts: [{ start, end, runs: [{ start, end }] }] };
    const runs = touchedBytes === 0 ? [] : touchedRuns(pagemap, start, end, pageBytes);
    return { mapping, parts: size < RESERVE_BYTES ? [{ start, end, runs }] : partsAround(runs) };
  }
  if (ownBytes > 0) {
    if (size - ownBytes <= MOST_OF_FILE) return { mapping, parts: [{ start, end, runs: [{ start, end }] }] };
    if (size > MOST_SPARSE_BYTES) return none;
    const runs = ownRuns(pagemap, start, end, pageBytes);
    return { mapping, parts: runs.map((run) => ({ ...run, runs: [run] })) };
  }
  if (fileOffset !== 0 || !isElf(start)) return none;
  const page = { start, end: start + pageBytes };
  return { mapping, parts: [{ ...page, runs: [page] }] };
}

/** Runs with what lies between them, where that is little. */
function partsAround(runs: readonly Run[]): PlannedPart[] {
  const parts: { start: number; end: number; runs: Run[] }[] = [];
  for (const run of runs) {
    const last = parts.at(-1);
    if (last !== undefined && run.start - last.end < GAP_BYTES) {
      last.runs.push(run);
      last.end = run.end;
    } else parts.push({ ...run, runs: [run] });
  }
  return parts;
}
