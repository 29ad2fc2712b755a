import { type MapFormat, Verdict } from "./format.ts";
import { LineCursor } from "./lines.ts";
import { SymbolTableBuilder } from "./table-builder.ts";

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
  let best: MapFormat | null = null;
  let most = 0;
  let fallback: MapFormat | null = null;
  for (const format of formats) {
    const counts = [0, 0, 0, 0];
    const reader = format.open(new SymbolTableBuilder(), () => {});
    const line = new LineCursor(bytes, start, end, 0);
    let lines = 0;
    for (; line.next(); lines++) {
      const verdict = reader.read(bytes, line.start, line.end, line.number);
      counts[verdict] = (counts[verdict] ?? 0) + 1;
    }
    const understood = counts[Verdict.understood] ?? 0;
    if (understood > most) {
      most = understood;
      best = format;
    }
    if (lines > 0 && counts[Verdict.weak] === lines) fallback ??= format;
  }
  return best ?? fallback;
}
