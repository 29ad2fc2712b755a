// Lines of symbol maps, where they have the shape that nearly all lines of a format have.
import { OTHER_LINE_BYTES, SIZE_ALWAYS, SIZE_NEVER, SYMBOL_BYTES } from "../abi/map-line";

const NEWLINE: u32 = 0x0a;
const RETURN: u32 = 0x0d;
const HASH: u32 = 0x23;

/** Longer lines are the caller's. */
const MOST_LINE_BYTES: usize = 4096;

// @ts-ignore: a decorator on a function
@inline
function isBlank(at: usize): bool {
  const byte = <u32>load<u8>(at);
  return byte == 0x20 || byte == 0x09;
}

// @ts-ignore: a decorator on a function
@inline
function skipBlanks(at: usize): usize {
  while (isBlank(at)) ++at;
  return at;
}

// @ts-ignore: a decorator on a function
@inline
function skipPrefix(at: usize): usize {
  return load<u8>(at) == 0x30 && (<u32>load<u8>(at, 1) | 0x20) == 0x78 ? at + 2 : at;
}

/** How many hex digits the field at `at` has; 0 where it has none, more than 16, or does not end at a blank. */
// @ts-ignore: a decorator on a function
@inline
function hexDigits(at: usize): usize {
  const bytes = v128.load(at);
  const isDecimal = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10));
  const lower = v128.or(bytes, i8x16.splat(0x20));
  const isLetter = i8x16.lt_u(i8x16.sub(lower, i8x16.splat(0x61)), i8x16.splat(6));
  const digits = <usize>ctz<u32>(~(<u32>i8x16.bitmask(v128.or(isDecimal, isLetter))));
  return isBlank(at + digits) ? digits : 0;
}

/** The value of `digits` hex digits at `at`, 1 to 16; the bytes after them are shifted out. */
// @ts-ignore: a decorator on a function
@inline
function hexValue(at: usize, digits: usize): u64 {
  const bytes = v128.load(at);
  const nine = v128.and(i8x16.gt_u(bytes, i8x16.splat(0x39)), i8x16.splat(9));
  const nibbles = v128.and(i8x16.add(bytes, nine), i8x16.splat(0x0f));
  // Two digits are a lane of 16 bits, the first in its low half.
  const pairs = v128.and(
    v128.or(i16x8.shl(nibbles, 4), i16x8.shr_u(nibbles, 8)),
    i16x8.splat(0xff),
  );
  const packed = i8x16.narrow_i16x8_u(pairs, pairs);
  return bswap<u64>(i64x2.extract_lane(packed, 0)) >> (64 - (<u64>digits << 2));
}

/** The first place from `at` on that is a newline or `stop`. */
// @ts-ignore: a decorator on a function
@inline
function findEnd(at: usize, stop: v128): usize {
  let ends = endsIn(v128.load(at), stop);
  while (ends == 0) {
    at += 16;
    ends = endsIn(v128.load(at), stop);
  }
  return at + <usize>ctz<u32>(ends);
}

// @ts-ignore: a decorator on a function
@inline
function endsIn(bytes: v128, stop: v128): u32 {
  return <u32>i8x16.bitmask(v128.or(i8x16.eq(bytes, i8x16.splat(<i8>NEWLINE)), i8x16.eq(bytes, stop)));
}

/**
 * Reads lines of the text at `text`, from offset `at` on to `end`, where a newline must stand; 32 bytes more may be
 * read. A line `ADDRESS [SIZE] [TYPE] NAME` is a symbol: address and size are up to 16 hex digits, with or without
 * `0x`, apart by blanks, and the name is the rest, without the blanks and the return at its end. There is a size if
 * `sizes` is 2, if it is 1 unless a field of one byte follows the address, and a type if `types`, 256 flags of bytes
 * that are one, is not 0; with a type, 0 is no address. The byte `stop` is not in the line.
 *
 * Writes to `found` (24 bytes each) address and size (u64) and the offsets where the name starts and ends (u32); of
 * other lines, unless they are blank or begin with `#`, to `others` (16 bytes each) how many were found before, the
 * offsets where the line starts and ends, and its number, 1 for the first line read (u32). Stops where `most` of either
 * are written. Stores how many of both and how many lines as u32 at `wrote`. Returns the offset of the next line.
 */
export function readMapLines(
  text: usize,
  at: usize,
  end: usize,
  sizes: u32,
  types: usize,
  stop: u32,
  found: usize,
  others: usize,
  most: usize,
  wrote: usize,
): usize {
  const stops = i8x16.splat(<i8>stop);
  const foundStart = found;
  const foundEnd = found + most * SYMBOL_BYTES;
  const othersStart = others;
  const othersEnd = others + most * OTHER_LINE_BYTES;
  let lines: u32 = 0;
  at += text;
  end += text;
  while (at < end && found < foundEnd && others < othersEnd) {
    const line = at;
    // Before the fields are read, so that the next line need not wait for them.
    let newline = findEnd(line, stops);
    const hasStop = <u32>load<u8>(newline) != NEWLINE;
    if (hasStop) newline = findEnd(newline, i8x16.splat(<i8>NEWLINE));
    at = newline + 1;
    let address: u64 = 0;
    let size: u64 = 0;
    /** 0 once the line turns out to be of another shape. */
    let name: usize = 0;
    let field = skipPrefix(line);
    let digits = hexDigits(field);
    if (digits != 0) {
      address = hexValue(field, digits);
      name = skipBlanks(field + digits);
      if (sizes == SIZE_ALWAYS || (sizes != SIZE_NEVER && !isBlank(name + 1))) {
        field = skipPrefix(name);
        digits = hexDigits(field);
        name = digits != 0 ? skipBlanks(field + digits) : 0;
        if (digits != 0) size = hexValue(field, digits);
      }
      if (types != 0 && name != 0) {
        const isTyped = address != 0 && load<u8>(types + <usize>load<u8>(name)) != 0 && isBlank(name + 1);
        name = isTyped ? skipBlanks(name + 2) : 0;
      }
    }
    if (hasStop) name = 0;
    ++lines;
    let last = newline;
    if (last > line && <u32>load<u8>(last - 1) == RETURN) --last;
    while (last > line && isBlank(last - 1)) --last;
    if (name != 0 && name < last && last - line <= MOST_LINE_BYTES) {
      store<u64>(found, address);
      store<u64>(found, size, 8);
      store<u32>(found, <u32>(name - text), 16);
      store<u32>(found, <u32>(last - text), 20);
      found += SYMBOL_BYTES;
      continue;
    }
    let first = line;
    while (first < last && isBlank(first)) ++first;
    if (first == last || <u32>load<u8>(first) == HASH) continue;
    store<u32>(others, <u32>((found - foundStart) / SYMBOL_BYTES));
    store<u32>(others, <u32>(line - text), 4);
    store<u32>(others, <u32>(last - text), 8);
    store<u32>(others, lines, 12);
    others += OTHER_LINE_BYTES;
  }
  store<u32>(wrote, <u32>((found - foundStart) / SYMBOL_BYTES));
  store<u32>(wrote, <u32>((others - othersStart) / OTHER_LINE_BYTES), 4);
  store<u32>(wrote, lines, 8);
  return at - text;
}
