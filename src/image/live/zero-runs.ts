import type { Run } from "./pages.ts";

const PAGE_BYTES = 4096;
const ZEROS = Buffer.alloc(PAGE_BYTES);

/** A piece cut where pages of zeros begin and end, counted from its start. */
export function* zeroRuns(piece: Uint8Array): Generator<Run & { readonly isZero: boolean }> {
  const isZeroAt = (at: number) => {
    const end = Math.min(piece.length, at + PAGE_BYTES);
    return piece[at] === 0 && ZEROS.compare(piece, at, end, 0, end - at) === 0;
  };
  for (let start = 0; start < piece.length; ) {
    const isZero = isZeroAt(start);
    let end = start + PAGE_BYTES;
    while (end < piece.length && isZeroAt(end) === isZero) end += PAGE_BYTES;
    yield { start, end: Math.min(end, piece.length), isZero };
    start = end;
  }
}
