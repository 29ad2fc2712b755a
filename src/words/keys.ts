import { type KernelMemory, type KeyTable, TABLE } from "../kernel/index.ts";
import { CoregramError } from "../terms/index.ts";
import type { Sample } from "./sample.ts";
import type { Splitters } from "./splitters.ts";

/** 2,048 keys in 2^14 slots of 16 bytes fit the L2 cache, and take most of a core's repetition out of it. */
const MOST_KEYS = 2048;
export const KEY_BITS = 14;

/** A word seen less often in the sample may not be there twice. */
const LEAST_SEEN = 3;

/** The sample's frequent words: counted as they come by, they take no further part in the sort. */
export class Keys {
  readonly table: KeyTable;
  readonly slots: ReadonlyMap<number, bigint>;
  /** Greatest first. */
  readonly words: readonly bigint[];

  constructor(sample: Sample) {
    const { table, keys } = TABLE.choose(sample.likely(LEAST_SEEN, MOST_KEYS), KEY_BITS);
    this.table = table;
    this.slots = keys;
    this.words = [...keys.values()].sort((a, b) => (a < b ? 1 : -1));
  }

  /** Puts the words alone, u64 each, into the kernel's memory. */
  place(memory: KernelMemory): number {
    const at = memory.place(this.words.length * 8);
    new BigUint64Array(memory.buffer, at, this.words.length).set(this.words);
    return at;
  }

  /** Where the keys of each part start among all; one more entry holds their number. Shared. */
  firsts(split: Splitters): Uint32Array {
    const firsts = new Uint32Array(new SharedArrayBuffer(4 * (2 ** split.levels + 1)));
    for (const word of this.words) {
      const part = split.partOf(word);
      firsts[part + 1] = (firsts[part + 1] ?? 0) + 1;
    }
    for (let part = 1; part < firsts.length; ++part)
      firsts[part] = (firsts[part] ?? 0) + (firsts[part - 1] ?? 0);
    return firsts;
  }

  /**
   * Writes (word u64, count u64) pairs to `at`, from the counts by slot.
   * @throws CoregramError `changed` where a word that the sample had is nowhere any more
   */
  writeCounts(memory: KernelMemory, at: number, equals: Float64Array, name: string): void {
    const pairs = new BigUint64Array(memory.buffer, at, 2 * this.words.length);
    this.words.forEach((word, i) => {
      const count = equals[TABLE.slot(word, this.table)] ?? 0;
      if (count === 0) throw new CoregramError("changed", `${name}: changed while it was read`);
      pairs[2 * i] = word;
      pairs[2 * i + 1] = BigInt(count);
    });
  }
}
