import { KernelMemory } from "../kernel/index.ts";

/** 32-bit counters in the kernel are emptied before they can wrap: 2^32 less more words than any chunk has. */
export const FOLD_AFTER = 2 ** 32 - 2 ** 20;

/**
 * Adds up the threads' totals, per slot of the key table: the words that are not its key, and those that are.
 * Sums stay below 2^53 as long as files do.
 */
export function addTotals(
  memory: KernelMemory,
  totals: readonly number[],
  bits: number,
): { others: Float64Array; equals: Float64Array } {
  const slots = 2 ** bits;
  const others = new Float64Array(slots);
  const equals = new Float64Array(slots);
  for (const at of totals) {
    const halves = new Uint32Array(memory.buffer, at, 4 * slots);
    for (let slot = 0; slot < slots; ++slot) {
      others[slot] = (others[slot] ?? 0) + KernelMemory.count(halves, 2 * slot);
      equals[slot] = (equals[slot] ?? 0) + KernelMemory.count(halves, 2 * slot + 1);
    }
  }
  return { others, equals };
}
