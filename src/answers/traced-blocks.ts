import type { TracedBlocks } from "../runtimes/index.ts";
import { partitionPoint } from "../terms/index.ts";

/** Blocks of other domains may lie in those of Python's own: so many are looked back over. */
const MOST_NESTED = 8;

/** Finds the traced block that an address lies in. */
export class TracedBlockFinder {
  readonly #blocks: TracedBlocks;
  /** The last block that began at or below the address before. */
  #last = -1;

  constructor(blocks: TracedBlocks) {
    this.#blocks = blocks;
  }

  /** The index of the block that has the address; -1 where none has. Addresses that ascend are found in one walk. */
  find(address: number): number {
    const { starts } = this.#blocks;
    const startOf = (index: number) => starts[index] ?? Number.POSITIVE_INFINITY;
    if (this.#last >= 0 && startOf(this.#last) > address) this.#last = -1;
    for (let step = 0; step < FEW_STEPS && startOf(this.#last + 1) <= address; step += 1) this.#last += 1;
    if (startOf(this.#last + 1) <= address)
      this.#last = partitionPoint(this.#last + 1, starts.length, (index) => startOf(index) <= address) - 1;
    for (let index = this.#last; index >= 0 && index > this.#last - MOST_NESTED; index -= 1)
      if (address < startOf(index) + (this.#blocks.bytes[index] ?? 0)) return index;
    return -1;
  }
}

/** Steps after which a search is quicker. */
const FEW_STEPS = 16;
