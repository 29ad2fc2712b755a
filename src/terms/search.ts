/**
 * The first index of [start, end) that `isBefore` does not hold for; `end` where it holds for all. It must hold for
 * the first ones and then no more, as it does for sorted things. A binary search: loops that run for every word have
 * their own, for the call that each step makes.
 */
export function partitionPoint(start: number, end: number, isBefore: (index: number) => boolean): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
