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

/** A field of 1 to 16 hex digits, with or without `0x`, as two u32 halves. */
export class HexField {
  high = 0;
  low = 0;
  /** Without the prefix. */
  digits = 0;
  hasPrefix = false;
  /** Whether a digit is one of 0 to 9: what tells `7f3c` from the word `add`. */
  hasDecimal = false;
  end = 0;

  /** Reads the field at `at`; it must end at a blank or at `end`. False, and nothing to use, otherwise. */
  read(bytes: Uint8Array, at: number, end: number): boolean {
    let here = at;
    this.hasPrefix = bytes[here] === 0x30 && here + 1 < end && ((bytes[here + 1] ?? 0) | 0x20) === 0x78;
    if (this.hasPrefix) here += 2;
    const first = here;
    let high = 0;
    let low = 0;
    let hasDecimal = false;
    for (; here < end; here++) {
      const byte = bytes[here] ?? 0;
      const digit = HEX[byte] ?? NOT_HEX;
      if (digit === NOT_HEX) break;
      if (byte <= 0x39) hasDecimal = true;
      high = (high << 4) | (low >>> 28);
      low = (low << 4) | digit;
    }
    this.digits = here - first;
    this.high = high >>> 0;
    this.low = low >>> 0;
    this.hasDecimal = hasDecimal;
    this.end = here;
    return this.digits > 0 && this.digits <= 16 && (here === end || isBlank(bytes[here]));
  }

  get isZero(): boolean {
    return this.high === 0 && this.low === 0;
  }
}
