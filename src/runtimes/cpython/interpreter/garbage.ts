import type { Uncollectable } from "../../resources.ts";
import type { CollectorState } from "../objects/collector-state.ts";
import { itemsOf } from "../values/items.ts";
import type { NamedObjects } from "./named-objects.ts";

/** Objects of gc.garbage that are looked at; read in steps of so many. */
const MOST_OBJECTS = 2 ** 20;
const STEP = 2 ** 14;
/** Types that are told. */
const MOST_TYPES = 1000;

/** gc.garbage, which is made when it is first needed. */
export function readUncollectable(
  { memory, layout, typeNameAt }: NamedObjects,
  collector: CollectorState | null,
): Uncollectable | null {
  if (collector === null) return null;
  const { garbage } = collector.structs._gc_runtime_state;
  const list = memory.reader.u64(collector.at + garbage);
  if (list === 0) return { count: 0, types: [], told: 0 };
  const items = itemsOf(memory, layout, list);
  if (items === null) return null;
  const counts = new Map<string, number>();
  const told = Math.min(items.count, MOST_OBJECTS);
  for (let index = 0; index < told; index += STEP) {
    const bytes = memory.reader.bytes(items.first + 8 * index, 8 * Math.min(STEP, told - index));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      const name = typeNameAt(Number(view.getBigUint64(at, true))) ?? "?";
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  const types = [...counts]
    .sort(([a, count], [b, other]) => other - count || (a < b ? -1 : 1))
    .slice(0, MOST_TYPES)
    .map(([type, count]) => ({ type, count }));
  return { count: items.count, types, told };
}
