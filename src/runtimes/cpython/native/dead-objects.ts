import { readRefs } from "../layout/refs.ts";
import { ownSize } from "../objects/size-at.ts";
import type { Python } from "../python.ts";
import type { TypePlan } from "../types/kinds.ts";
import type { Blocks } from "./block-index.ts";

/** What may stand in front of an object in its block, in steps of 16. */
const MOST_HEAD = 48;
const [UNKNOWN, OTHER, DEAD] = [0, 1, 2] as const;

/**
 * Blocks in use of objects that are gone, and that the interpreter keeps for the next of their kind: in free lists, and up
 * to 3.10 a frame for each code object (co_zombieframe). They hold nothing any more, though words of theirs still look so.
 */
export class DeadObjects {
  readonly #python: Python;
  readonly #blocks: Blocks;
  readonly #plans: ReadonlyMap<number, TypePlan>;
  readonly #known: Uint8Array;

  constructor(python: Python, blocks: Blocks) {
    this.#python = python;
    this.#blocks = blocks;
    this.#plans = new Map(python.types.map((plan) => [plan.type.address, plan]));
    this.#known = new Uint8Array(blocks.count);
  }

  /** Whether the block's number is that of such a one. */
  has(block: number): boolean {
    if (this.#known[block] === UNKNOWN) this.#known[block] = this.#isDead(block) ? DEAD : OTHER;
    return this.#known[block] === DEAD;
  }

  #isDead(block: number): boolean {
    const { reader, layout } = this.#python;
    const start = this.#blocks.starts[block] ?? 0;
    const room = this.#blocks.bytes[block] ?? 0;
    for (let head = 0; head <= MOST_HEAD && head + layout.structs.PyObject.sizeof <= room; head += 16) {
      const at = start + head;
      const plan = this.#plans.get(reader.u64(at + layout.structs.PyObject.ob_type));
      if (plan?.head !== head || readRefs(reader, layout, at)?.count !== 0) continue;
      const own = ownSize(reader, layout, plan, at);
      return own !== null && own >= 0 && own <= room - head;
    }
    return false;
  }
}
