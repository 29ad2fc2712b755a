import { CoregramError, formatAddress, parseAddress, printable, shellWord } from "../terms/index.ts";
import { AskedPaths } from "./asked-path.ts";
import type { OwnerDescription, OwnerGroup } from "./owner-groups.ts";
import type { Heap } from "./read-heap.ts";
import { coreWord } from "./subject.ts";

/** Commands that show more of what an answer tells. */
export class NextCommands {
  readonly #heap: Heap;
  readonly #core: string;
  readonly #asked: AskedPaths;

  /** @param core the core, as the command takes it */
  constructor(heap: Heap, core: string) {
    this.#heap = heap;
    this.#core = coreWord(core);
    this.#asked = new AskedPaths(heap);
  }

  suspects(): string {
    return `coregram owners ${this.#core} --suspects`;
  }

  /** What leads to an owner: by its path, or where that leads elsewhere as well, by its address; to the first of several that hold it together. */
  owner({ members }: OwnerGroup, { path, folded, holders }: OwnerDescription): string | null {
    const alone = members.find(({ isSet }) => !isSet);
    const [holder] = holders ?? [];
    if (path === null && holder !== undefined) {
      const asked = holder.replace(/\[\*\]$/, "");
      return this.#isFound(asked) ? `coregram owners ${this.#core} --of ${shellWord(asked)}` : null;
    }
    if (path === null || alone === undefined) return null;
    const asked = this.#leadsTo(path, alone.node, folded !== null)
      ? shellWord(path)
      : formatAddress(BigInt(this.#heap.addressOf(alone.node)));
    return `coregram owners ${this.#core} --of ${asked}`;
  }

  #leadsTo(path: string, node: number, isFolded: boolean): boolean {
    const nodes = this.#find(path);
    return nodes.includes(node) && (isFolded || nodes.length === 1);
  }

  #isFound(path: string): boolean {
    return this.#find(path).length > 0;
  }

  #find(path: string): readonly number[] {
    // A module `cafe` is an address as well, and what is not printed as it is cannot be typed.
    if (parseAddress(path) !== null || printable(path) !== path) return [];
    try {
      return this.#asked.require(path).nodes;
    } catch (error) {
      if (error instanceof CoregramError && error.code === "absent") return [];
      throw error;
    }
  }
}
