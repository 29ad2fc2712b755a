import { printable } from "./printable.ts";

/** Longer names are compared by their first characters. */
const MOST_COMPARED = 80;

/**
 * Those of the names that someone may have meant, the likeliest first: alike but for case, then with few characters
 * wrong, left out, added, or changed places. O(characters of all names times those of the wanted one, 80 each at most).
 * @param most of them
 */
export function similarNames(wanted: string, names: Iterable<string>, most: number): string[] {
  const text = wanted.toLowerCase().slice(0, MOST_COMPARED);
  const limit = Math.max(1, Math.floor(text.length / 3));
  const near = new Map<string, number>();
  for (const name of names) {
    const other = name.toLowerCase().slice(0, MOST_COMPARED);
    if (Math.abs(other.length - text.length) > limit || near.has(name)) continue;
    const changes = changesBetween(text, other);
    // Of names that differ in case alone, the one that was written so.
    if (changes <= limit)
      near.set(
        name,
        changes + changesBetween(wanted.slice(0, MOST_COMPARED), name.slice(0, MOST_COMPARED)) / 1000,
      );
  }
  return [...near]
    .sort(([a, changes], [b, others]) => changes - others || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([name]) => name);
}

/** ` (did you mean --top or --all?)`; empty where nothing is offered. The names may be untrusted. */
export function didYouMean(offered: readonly string[]): string {
  return offered.length === 0 ? "" : ` (did you mean ${offered.map(printable).join(" or ")}?)`;
}

// Optimal string alignment: Levenshtein's distance, where two neighbours that changed places count once.
function changesBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; ++i) {
    const row = [i];
    for (let j = 1; j <= b.length; ++j) {
      const isSame = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
