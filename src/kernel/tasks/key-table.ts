import { GOLDEN_HIGH, GOLDEN_LOW } from "../abi/hash.ts";
import { SLOT_BYTES } from "../abi/key-slot.ts";

const GOLDEN = (BigInt(GOLDEN_HIGH) << 32n) | BigInt(GOLDEN_LOW);

/**
 * A table with one key in each of its 2^bits slots, in the kernel's memory, a copy a thread.
 * A word's slot is the top `bits` bits of word × multiplier.
 */
export interface KeyTable {
  readonly bits: number;
  readonly multiplier: bigint;
}

export const TABLE = {
  slotBytes: SLOT_BYTES,

  bytes: (bits: number): number => SLOT_BYTES * 2 ** bits,

  shift: (table: KeyTable): bigint => BigInt(64 - table.bits),

  slot: (word: bigint, { bits, multiplier }: KeyTable): number =>
    Number(BigInt.asUintN(64, word * multiplier) >> BigInt(64 - bits)),

  /**
   * Finds a multiplier under which as few of `words` as possible share a slot, the first ones above all.
   * Returns the table and its keys, slot → word: of words that share one, the first.
   */
  choose(words: readonly bigint[], bits: number): { table: KeyTable; keys: Map<number, bigint> } {
    let best: { table: KeyTable; keys: Map<number, bigint>; clash: number } | undefined;
    for (let attempt = 0n; attempt < 16n; ++attempt) {
      const table = { bits, multiplier: BigInt.asUintN(64, GOLDEN * (2n * attempt + 1n)) };
      const keys = new Map<number, bigint>();
      let clash = words.length;
      words.forEach((word, i) => {
        const slot = TABLE.slot(word, table);
        if (!keys.has(slot)) keys.set(slot, word);
        else if (clash > i) clash = i;
      });
      if (!best || clash > best.clash) best = { table, keys, clash };
      if (best.clash === words.length) break;
    }
    if (!best) throw new RangeError("no attempt");
    return best;
  },

  /**
   * Writes the keys at `at`, counters zero. A slot without a key gets a word that never falls there: 0 falls
   * into slot 0, and 1 into another, the multiplier's top bits.
   */
  write(memory: WebAssembly.Memory, at: number, table: KeyTable, keys: ReadonlyMap<number, bigint>): void {
    const view = new BigUint64Array(memory.buffer, at, 2 * 2 ** table.bits);
    view.fill(0n);
    if (!keys.has(0)) view[0] = TABLE.slot(1n, table) === 0 ? unlikely(table) : 1n;
    for (const [slot, word] of keys) view[2 * slot] = word;
  },
};

// A word outside slot 0, for a multiplier so small that 1 falls there.
function unlikely(table: KeyTable): bigint {
  let word = 2n;
  while (TABLE.slot(word, table) === 0) word *= 2n;
  return word;
}
