import { sortOrder } from "./order.ts";
import { HIGH, LOW } from "./wide.ts";

/** Of so many digits that may be any, none is a letter in one of three million maps in hex. */
const LEAST_FREE_DIGITS = 32;

/**
 * The base of numbers that were read as hex: 10 or 8 where no digit of any is beyond it and so many could be that this is no
 * chance; else 16. Digits are counted from the first that tells a number from the one before it in size, less the last one,
 * which alignment may decide.
 * @param addresses as halves, two a number
 * @param sizes of the same base, likewise; null where there are none
 */
export function radixOf(addresses: Uint32Array, sizes: Uint32Array | null): 8 | 10 | 16 {
  const all = digitsIn(addresses) | (sizes ? digitsIn(sizes) : 0);
  if (all === LETTERS) return 16;
  const order = sortOrder(addresses);
  let free = 0;
  for (let i = 1; i < addresses.length / 2 && free < LEAST_FREE_DIGITS; i += 1) {
    const [a, b] = order ? [2 * (order[i - 1] ?? 0), 2 * (order[i] ?? 0)] : [2 * i - 2, 2 * i];
    const high = (addresses[a + HIGH] ?? 0) ^ (addresses[b + HIGH] ?? 0);
    const low = (addresses[a + LOW] ?? 0) ^ (addresses[b + LOW] ?? 0);
    const bits = high !== 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(low);
    free += Math.max(0, Math.ceil(bits / 4) - 1);
  }
  if (free < LEAST_FREE_DIGITS) return 16;
  return all === 0 ? 8 : 10;
}

/** What digits beyond 7 there are. */
const [NINES, LETTERS] = [1, 2];

function digitsIn(halves: Uint32Array): number {
  let high = 0;
  for (const half of halves) {
    // Digits of 8 and more have bit 3, letters bit 2 or bit 1 as well.
    const letters = (half >>> 3) & ((half >>> 2) | (half >>> 1)) & 0x11111111;
    if (letters !== 0) return LETTERS;
    high |= half & 0x88888888;
  }
  return high === 0 ? 0 : NINES;
}

/** Reads the digits of numbers that were read as hex as those of another base, in place. */
export function readInRadix(halves: Uint32Array, radix: 8 | 10): void {
  for (let at = 0; at < halves.length; at += 2) {
    const high = BigInt(digitsOf(halves[at + HIGH] ?? 0, radix));
    const value = high * BigInt(radix) ** 8n + BigInt(digitsOf(halves[at + LOW] ?? 0, radix));
    halves[at + HIGH] = Number(value >> 32n);
    halves[at + LOW] = Number(value & 0xffffffffn);
  }
}

function digitsOf(half: number, radix: number): number {
  let value = 0;
  for (let shift = 28; shift >= 0; shift -= 4) value = value * radix + ((half >>> shift) & 15);
  return value;
}
