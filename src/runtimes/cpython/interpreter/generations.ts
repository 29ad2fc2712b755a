import type { MemoryReader } from "../../../blocks/index.ts";
import type { CollectorFacts, CollectorGeneration } from "../../runtime-facts.ts";
import type { CollectorState } from "../objects/collector-state.ts";

/** The last of the heads is that of what was frozen. */
const GENERATIONS = 3;

/** What the collector's state says of itself: no list of it is walked. */
export function generationsOf(reader: MemoryReader, { at, structs, heads }: CollectorState): CollectorFacts {
  const { _gc_runtime_state: state, gc_generation, gc_generation_stats: stats } = structs;
  return {
    isEnabled: reader.u32(at + state.enabled) === 1,
    isRunning: reader.u32(at + state.collecting) === 1,
    generations: heads.slice(0, GENERATIONS).map((head, index): CollectorGeneration => {
      // From 3.15 on the last few collections are kept, in rings.
      const own = "gc_stats" in structs ? Number.NaN : at + state.generation_stats + index * stats.sizeof;
      const numberAt = (place: number) => orNull(reader.u64(place));
      return {
        threshold: reader.i32(head + gc_generation.threshold),
        count: reader.i32(head + gc_generation.count),
        collections: numberAt(own + stats.collections),
        collected: numberAt("collected" in stats ? own + stats.collected : Number.NaN),
        uncollectable: numberAt("uncollectable" in stats ? own + stats.uncollectable : Number.NaN),
      };
    }),
  };
}

function orNull(value: number): number | null {
  return Number.isSafeInteger(value) ? value : null;
}
