import { SymbolTableBuilder } from "../table/table-builder.ts";
import { type MapFormat, Verdict } from "./format.ts";
import { LineCursor } from "./lines.ts";

/** So many lines tell which format it will be; the others then need not read all to have lost. */
const FIRST_LINES = 32;

/**
 * The format that understands most lines in bytes [start, end), the first in the list where several do. Lines
 * that look more like another format's count for one only where it leaves none over and there is nothing else.
 * Null where no format understands any. The bytes stay as they are.
 */
export function sniffFormat(
  formats: readonly MapFormat[],
  bytes: Uint8Array,
  start: number,
  end: number,
): MapFormat | null {
  const lines: Line[] = [];
  const line = new LineCursor(bytes, start, end, 0);
  while (line.next()) lines.push({ start: line.start, end: line.end, number: line.number });
  const few = lines.slice(0, FIRST_LINES);
  const likely = formats.map((format, rank) => ({ format, rank, first: understand(format, bytes, few, 0) }));
  likely.sort((a, b) => b.first.understood - a.first.understood || a.rank - b.rank);
  let best: (typeof likely)[number] | null = null;
  let fallback: (typeof likely)[number] | null = null;
  let most = 0;
  for (const one of likely) {
    const isEarlier = best !== null && one.rank < best.rank;
    const { understood, weak } = understand(one.format, bytes, lines, isEarlier ? most : most + 1);
    if (understood > most || (isEarlier && understood === most)) {
      most = understood;
      best = one;
    }
    if (lines.length > 0 && weak === lines.length && one.rank < (fallback?.rank ?? formats.length))
      fallback = one;
  }
  return (best ?? fallback)?.format ?? null;
}

interface Line {
  readonly start: number;
  readonly end: number;
  readonly number: number;
}

/** How many lines a format understands, and how many weakly: fewer than it does once `needed` is out of its reach. */
function understand(
  format: MapFormat,
  bytes: Uint8Array,
  lines: readonly Line[],
  needed: number,
): { readonly understood: number; readonly weak: number } {
  const reader = format.open(new SymbolTableBuilder(), () => {});
  let [understood, weak, left] = [0, 0, lines.length];
  for (const { start, end, number } of lines) {
    const verdict = reader.read(bytes, start, end, number);
    if (verdict === Verdict.understood) understood++;
    if (verdict === Verdict.weak) weak++;
    if (understood + --left < needed) break;
  }
  return { understood, weak };
}
