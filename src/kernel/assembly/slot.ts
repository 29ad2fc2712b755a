import { SLOT_BITS } from "../abi/key-slot";

/**
 * Multiplicative hashing (Knuth, TAOCP 6.4): the top bits of the product depend on all bits of the word.
 * The slot's address in the key table.
 */
// @ts-ignore: a decorator on a function
@inline
export function slotOf(word: u64, table: usize, multiplier: u64, shift: u64): usize {
  return table + (<usize>((word * multiplier) >> shift) << SLOT_BITS);
}
