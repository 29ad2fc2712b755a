/** Mulberry32: the same numbers for the same seed, everywhere. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const EXTREMES = [0x00, 0x01, 0x7f, 0x80, 0xff];

/** What a mutation made, and how to undo it: cores are too large to copy ten thousand times. */
export interface Mutated {
  readonly bytes: Uint8Array;
  undo(): void;
}

/**
 * Changes up to 8 places of 1 to 8 bytes, to extremes or to anything, and cuts one file in eight short.
 * @param reaches where the places lie: below one of these offsets, each as often
 */
export function mutate(
  bytes: Uint8Array,
  next: (below: number) => number,
  reaches: readonly number[],
): Mutated {
  const changed: [at: number, old: Uint8Array][] = [];
  for (let left = 1 + next(8); left > 0; left -= 1) {
    const at = next(Math.max(1, Math.min(reaches[next(reaches.length)] ?? 1, bytes.length)));
    const width = [1, 2, 4, 8][next(4)] ?? 1;
    changed.push([at, bytes.slice(at, at + width)]);
    const value = next(2) === 0 ? (EXTREMES[next(EXTREMES.length)] ?? 0) : null;
    for (let index = at; index < Math.min(at + width, bytes.length); index += 1)
      bytes[index] = value ?? next(256);
  }
  return {
    bytes: next(8) === 0 ? bytes.subarray(0, next(bytes.length)) : bytes,
    undo: () => {
      for (const [at, old] of changed.reverse()) bytes.set(old, at);
    },
  };
}
