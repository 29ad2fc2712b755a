// The fields of a line, read from bytes in place: a string a line would be most of the time a map takes.

const NOT_HEX = 16;
const HEX = new Uint8Array(256).fill(NOT_HEX);
for (let digit = 0; digit < 16; digit++) {
  HEX[digit.toString(16).charCodeAt(0)] = digit;
  HEX[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

/** The first place from `at` that is not a blank, or `end`. */
export function skipBlanks(bytes: Uint8Array, at: number, end: number): number {
  let here = at;
  while (here < end && isBlank(bytes[here])) here++;
  return here;
}

/** The first place from `at` that is a blank, or `end`. */
export function skipField(bytes: Uint8Array, at: number, end: number): number {
  let here = at;
  while (here < end && !isBlank(bytes[here])) here++;
  return here;
}

/** Where the field that ends before `end` starts. */
export function fieldStart(bytes: Uint8Array, start: number, end: number): number {
  let here = end;
  while (here > start && !isBlank(bytes[here - 1])) here--;
  return here;
}

/** `end` less the blanks before it. */
export function trimEnd(bytes: Uint8Array, start: number, end: number): number {
  let here = end;
  while (here > start && isBlank(bytes[here - 1])) here--;
  return here;
}

/** A field of 1 to 16 hex digits, with or without `0x`. */
export class HexField {
  /** The halves as signed 32-bit numbers, which the engine keeps as they are; typed arrays take both kinds. */
  high = 0;
  low = 0;
  /** Without the prefix. */
  digits = 0;
  hasPrefix = false;
  end = 0;

  /** Reads the field at `at`; it must end at a blank or at `end`. False, and nothing to use, otherwise. */
  read(bytes: Uint8Array, at: number, end: number): boolean {
    let here = at;
    const hasPrefix = bytes[here] === 0x30 && here + 1 < end && ((bytes[here + 1] ?? 0) | 0x20) === 0x78;
    if (hasPrefix) here += 2;
    const first = here;
    // Two runs of up to 8 digits, so that a digit shifts one number and not two.
    let leading = 0;
    for (const middle = Math.min(end, first + 8); here < middle; here++) {
      const digit = HEX[bytes[here] ?? 0] ?? NOT_HEX;
      if (digit === NOT_HEX) break;
      leading = (leading << 4) | digit;
    }
    let trailing = 0;
    for (; here < end; here++) {
      const digit = HEX[bytes[here] ?? 0] ?? NOT_HEX;
      if (digit === NOT_HEX) break;
      trailing = (trailing << 4) | digit;
    }
    const digits = here - first;
    const trailingBits = 4 * (digits - 8);
    const isLong = trailingBits > 0 && trailingBits < 32;
    this.high = digits > 8 ? (isLong ? leading >>> (32 - trailingBits) : leading) : 0;
    this.low = digits > 8 ? (isLong ? (leading << trailingBits) | trailing : trailing) : leading;
    this.digits = digits;
    this.hasPrefix = hasPrefix;
    this.end = here;
    return digits > 0 && digits <= 16 && (here === end || isBlank(bytes[here]));
  }
}

/** All that a number holds exactly. */
const MOST_DECIMAL_DIGITS = 15;

/** Reads bytes [start, end) as 1 to 15 decimal digits into the halves of `into`; false where they are anything else. */
export function readDecimal(into: HexField, bytes: Uint8Array, start: number, end: number): boolean {
  if (!isDecimal(bytes, start, end) || end - start > MOST_DECIMAL_DIGITS) return false;
  let value = 0;
  for (let i = start; i < end; i++) value = 10 * value + ((bytes[i] ?? 0) - 0x30);
  into.high = Math.floor(value / 2 ** 32);
  into.low = value | 0;
  return true;
}

/** Whether bytes [start, end) are decimal digits, one at least. */
export function isDecimal(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if ((bytes[i] ?? 0) < 0x30 || (bytes[i] ?? 0) > 0x39) return false;
  return end > start;
}

/** Whether a digit in bytes [start, end) is one of 0 to 9: what tells `7f3c` from the word `add`. */
export function hasDecimal(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if ((bytes[i] ?? 0) >= 0x30 && (bytes[i] ?? 0) <= 0x39) return true;
  return false;
}
