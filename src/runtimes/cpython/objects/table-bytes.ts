import type { Layout } from "../layout/layout.ts";
import { KIND, type OtherKind, type TypePlan } from "../types/kinds.ts";
import { LIVE, LIVE_BYTES, RECORD_WORDS, recordBytes, recordType, TALLY_WORDS } from "./record-words.ts";
import type { Records } from "./records.ts";

const KINDS_WITH_TABLES: ReadonlySet<number> = new Set([
  KIND.list,
  KIND.dict,
  KIND.set,
  KIND.bytearray,
  KIND.deque,
]);
/** Generators' and frames' slots are in themselves. */
const OTHERS_WITH_TABLES: ReadonlySet<OtherKind> = new Set<OtherKind>([
  "ordered dict",
  "old code",
  "array",
  "decimal",
  "struct",
  "buffered",
  "bytes io",
  "ndarray",
]);

/** How many of the bytes that sys.getsizeof says of an object are in blocks of their own: tables and buffers. */
export function tableBytes(layout: Layout, plan: TypePlan, bytes: number): number {
  // The table of a class's shared keys; a static type has none, and is smaller than that.
  if (plan.other === "type") return Math.max(0, bytes - plan.head - layout.structs.PyHeapTypeObject.sizeof);
  const hasTable =
    plan.other === null ? KINDS_WITH_TABLES.has(plan.kind) : OTHERS_WITH_TABLES.has(plan.other);
  return hasTable ? Math.max(0, bytes - plan.basic) : 0;
}

/** The same of all objects of the kinds that the kernel sizes. The UTF-8 copies that str keep are left out. */
export function kernelTableBytes(plans: readonly TypePlan[], { tally }: Records): number {
  let sum = 0;
  plans.forEach(({ kind, basic }, index) => {
    if (!KINDS_WITH_TABLES.has(kind)) return;
    const own = index * TALLY_WORDS;
    sum += Math.max(0, (tally[own + LIVE_BYTES] ?? 0) - (tally[own + LIVE] ?? 0) * basic);
  });
  return sum;
}

/** What sys.getsizeof says of static objects, without their tables. */
export function staticObjectBytes(
  words: Uint32Array,
  layout: Layout,
  plans: readonly TypePlan[],
  { statics }: Records,
): number {
  let sum = 0;
  for (const { at, bytes } of statics)
    for (let word = at / 4; word < (at + bytes) / 4; word += RECORD_WORDS) {
      const plan = plans[recordType(words, word)];
      if (plan === undefined) continue;
      const size = recordBytes(words, word);
      sum += size - tableBytes(layout, plan, size);
    }
  return sum;
}
