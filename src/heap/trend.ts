import { type Amount, addedUp, compareNames } from "./growth.ts";

/** One name over several heaps, oldest first. */
export interface Trend {
  readonly name: string;
  readonly counts: readonly number[];
  readonly bytes: readonly number[];
  /** From the first heap to the last. */
  readonly countDiff: number;
  readonly bytesDiff: number;
  /** Steps between heaps in which the bytes went the way that they went in all. */
  readonly steps: number;
}

/**
 * Ranks by steady growth: growth in bytes times the share of steps in which there was any, so that of ten steps a
 * jump in one counts a tenth of the same growth over all. Then by bytes and by count that were gained, then by name;
 * what shrank comes last.
 */
export function trends(heaps: readonly Iterable<Amount>[]): Trend[] {
  const sums = heaps.map(addedUp);
  const names = new Set(sums.flatMap((sum) => [...sum.keys()]));
  return [...names]
    .map((name) =>
      trendOf(
        name,
        sums.map((sum) => sum.get(name)),
      ),
    )
    .sort(
      (a, b) =>
        b.bytesDiff * b.steps - a.bytesDiff * a.steps ||
        b.bytesDiff - a.bytesDiff ||
        b.countDiff - a.countDiff ||
        compareNames(a.name, b.name),
    );
}

function trendOf(name: string, amounts: readonly (Amount | undefined)[]): Trend {
  const counts = amounts.map((amount) => amount?.count ?? 0);
  const bytes = amounts.map((amount) => amount?.bytes ?? 0);
  const bytesDiff = (bytes.at(-1) ?? 0) - (bytes[0] ?? 0);
  const way = Math.sign(bytesDiff);
  let steps = 0;
  for (let i = 1; i < bytes.length; ++i)
    if (Math.sign((bytes[i] ?? 0) - (bytes[i - 1] ?? 0)) === way) ++steps;
  return { name, counts, bytes, countDiff: (counts.at(-1) ?? 0) - (counts[0] ?? 0), bytesDiff, steps };
}
