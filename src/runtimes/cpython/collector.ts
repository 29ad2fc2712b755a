import type { MemoryReader } from "../../blocks/index.ts";
import type { Collector } from "../collector.ts";
import { type CollectorState, readLink } from "./objects/collector-state.ts";
import type { ObjectTable } from "./objects/object-table.ts";
import type { Python } from "./python.ts";

const OLDEST = 2;

/** Where what the full collections came to is kept: from 3.15 on in a ring of the last few, of which `index` is the newest. */
function oldestStats(reader: MemoryReader, { at, structs }: CollectorState): number {
  const { _gc_runtime_state: state, gc_generation_stats: each } = structs;
  const place = at + state.generation_stats;
  if (!("gc_stats" in structs)) return place + OLDEST * each.sizeof;
  const { gc_stats, gc_old_stats_buffer: ring } = structs;
  const oldest = reader.u64(place) + gc_stats.old + (OLDEST - 1) * ring.sizeof;
  return oldest + ring.items + reader.u8(oldest + ring.index) * each.sizeof;
}

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
    fullCollections: reader.u64(oldestStats(reader, collector) + gc_generation_stats.collections),
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
