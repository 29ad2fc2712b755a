import type { Memory } from "../../runtimes/heap/memory.ts";

/** What a slot holds: nothing; a block; or, as `group`, other slots. */
export type SlotPlan =
  | "freed"
  | "available"
  | { readonly bytes: number; readonly units?: number; readonly isGroup?: boolean };

export interface GroupPlan {
  readonly mem: number;
  readonly sizeClass: number;
  /** Of a slot, 16 × the class's number in musl's table, or what a mapping has room for. */
  readonly stride: number;
  /** 4 KiB pages, where it has a mapping of its own. */
  readonly pages?: number;
  readonly slots: readonly SlotPlan[];
}

const SECRET = [0x89ab_cdef, 0x0123_4567] as const;

/**
 * musl's malloc as src/malloc/mallocng has it, 64-bit: an area of metas at `area`, one a group, and the context at `context` with
 * the list's head 56 bytes on, or 64 where the machine has pages of several sizes.
 */
export function putMallocng(
  memory: Memory,
  context: number,
  area: number,
  plans: readonly GroupPlan[],
  headAt: 56 | 64 = 56,
): void {
  for (const at of [context, area]) {
    memory.u32(at, SECRET[0]);
    memory.u32(at + 4, SECRET[1]);
  }
  memory.u64(context + headAt, area);
  memory.u64(context + headAt + 8, area);
  // One meta that waits to be used again, in front.
  memory.u32(area + 16, plans.length + 1);
  for (const [index, plan] of plans.entries()) putGroup(memory, area + 24 + 40 * (index + 1), plan);
}

function putGroup(
  memory: Memory,
  meta: number,
  { mem, sizeClass, stride, pages = 0, slots }: GroupPlan,
): void {
  memory.u64(mem, meta);
  memory.u64(meta + 16, mem);
  const mask = (wanted: SlotPlan) =>
    slots.reduce((bits, slot, index) => (slot === wanted ? (bits | (1 << index)) >>> 0 : bits), 0);
  memory.u32(meta + 24, mask("available"));
  memory.u32(meta + 28, mask("freed"));
  memory.u32(meta + 32, ((slots.length - 1) | (1 << 5) | (sizeClass << 6) | (pages << 12)) >>> 0);
  memory.u32(meta + 36, Math.floor(pages / 2 ** 20));
  slots.forEach((slot, index) => {
    if (typeof slot !== "string") putBlock(memory, { storage: mem + 16, stride, index }, slot);
  });
}

/** As enframe, set_size and aligned_alloc leave it. */
function putBlock(
  memory: Memory,
  { storage, stride, index }: { storage: number; stride: number; index: number },
  { bytes, units = 0, isGroup = false }: Exclude<SlotPlan, string>,
): void {
  const start = storage + stride * index;
  const at = start + 16 * units;
  const end = start + stride - 4;
  const place = (at - storage) / 16;
  if (units > 0) {
    memory.u8(start - 3, 7 << 5);
    memory.u8(start - 2, units & 255);
    memory.u8(start - 1, (units >>> 8) & 255);
  }
  memory.u8(at - 4, place > 0xffff ? 1 : 0);
  if (place > 0xffff) memory.u32(at - 8, place);
  const near = place > 0xffff ? 0 : place;
  memory.u8(at - 2, near & 255);
  memory.u8(at - 1, near >>> 8);
  const spare = end - at - bytes;
  if (spare >= 5) memory.u32(end - 4, spare);
  memory.u8(at - 3, index | ((isGroup ? 6 : Math.min(spare, 5)) << 5));
}
