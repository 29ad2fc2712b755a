import type { Collector } from "../collector.ts";
import { readLink } from "./objects/collector-state.ts";
import type { ObjectTable } from "./objects/object-table.ts";
import type { Python } from "./python.ts";

const OLDEST = 2;

/** What the collector of a core's main interpreter is about to do; null where it was not found. */
export function readCollector({ reader, collector }: Python, table: ObjectTable): Collector | null {
  if (collector === null) return null;
  const { at, structs, heads, isIncremental } = collector;
  const { _gc_runtime_state: state, gc_generation, gc_generation_stats, PyGC_Head } = structs;
  const [youngest = 0, , , frozenHead = 0] = heads;
  return {
    isEnabled: reader.u32(at + state.enabled) === 1,
    threshold: reader.u32(youngest + gc_generation.threshold),
    isRunning: reader.u32(at + state.collecting) === 1,
    isIncremental,
    fullCollections: reader.u64(
      at + state.generation_stats + OLDEST * gc_generation_stats.sizeof + gc_generation_stats.collections,
    ),
    longLived: isIncremental
      ? null
      : {
          total: reader.u64(at + state.long_lived_total),
          pending: reader.u64(at + state.long_lived_pending),
        },
    *frozen() {
      let head = readLink(reader, frozenHead + PyGC_Head._gc_next);
      // A list that is damaged may run in a circle.
      for (let left = table.count; left > 0 && head !== frozenHead && head > 0; left -= 1) {
        const object = table.find(head + PyGC_Head.sizeof);
        if (object >= 0) yield object;
        head = readLink(reader, head + PyGC_Head._gc_next);
      }
    },
  };
}
