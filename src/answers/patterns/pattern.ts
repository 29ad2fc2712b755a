import type { Owners } from "../../heap/index.ts";
import type { Heap } from "../read-heap.ts";
import type { Finding } from "../results/index.ts";

/** What patterns are looked for in. */
export interface PatternInput {
  readonly heap: Heap;
  readonly owners: Owners;
  readonly parts: {
    /** Bytes of the process's memory. */
    readonly memory: number;
  };
  /** The core, as the next command takes it. */
  readonly core: string;
}

/** One thing that goes wrong in programs, told by its form in memory: a finding for each time that it is large. */
export type Pattern = (input: PatternInput) => Iterable<Finding>;

/** The fields of a finding that it does not tell. */
export const NOT_TOLD = {
  path: null,
  holders: null,
  type: null,
  length: null,
  folded: null,
  grewBytes: null,
  places: [],
} as const satisfies Partial<Finding>;
