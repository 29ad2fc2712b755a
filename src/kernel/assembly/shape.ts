// Bytes of other word sizes and byte orders, made into the 8-byte little-endian words that all loops take.

/** Reverses the bytes of `words` 8-byte words at `at`, in place. */
export function byteSwap8(at: usize, words: usize): void {
  const end = at + (words << 3);
  for (; at < end; at += 8) store<u64>(at, bswap<u64>(load<u64>(at)));
}

/** Reverses the bytes of `words` 4-byte words at `at`, in place. */
export function byteSwap4(at: usize, words: usize): void {
  const end = at + (words << 2);
  for (; at < end; at += 4) store<u32>(at, bswap<u32>(load<u32>(at)));
}

/** Zero-extends `words` 4-byte words at `from` to 8 bytes at `to`. `from` may be the upper half of `to`. */
export function widen(from: usize, words: usize, to: usize): void {
  const end = from + (words << 2);
  for (; from < end; from += 4, to += 8) store<u64>(to, <u64>load<u32>(from));
}
