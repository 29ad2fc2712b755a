// Rows as text.

/**
 * Writes `rows` rows at `to`: the prefix (`prefixBytes` bytes, at most 32), the word as 16 (`wide`) or 8 lower-case hex
 * digits, a line feed. Writes up to 32 bytes past the end. Returns the address after the last row.
 */
export function formatRows(
  words: usize,
  rows: usize,
  prefix: usize,
  prefixBytes: usize,
  wide: bool,
  to: usize,
): usize {
  const digits = i8x16(48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102);
  const nibble = i8x16.splat(0x0f);
  const front = v128.load(prefix);
  const back = v128.load(prefix, 16);
  const end = words + (rows << 3);
  for (; words < end; words += 8) {
    v128.store(to, front);
    v128.store(to, back, 16);
    to += prefixBytes;
    const bytes = i64x2.splat(<i64>bswap<u64>(load<u64>(words)));
    const high = v128.and(i16x8.shr_u(bytes, 4), nibble);
    const low = v128.and(bytes, nibble);
    // High and low digit of each byte in turn.
    const order = v128.shuffle<u8>(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const text = v128.swizzle(digits, order);
    if (wide) {
      v128.store(to, text);
      to += 16;
    } else {
      store<u64>(to, i64x2.extract_lane(text, 1));
      to += 8;
    }
    store<u8>(to, 10);
    ++to;
  }
  return to;
}
