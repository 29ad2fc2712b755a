import { MALLOCNG_SLOT } from "../../kernel/index.ts";

/** musl's malloc since 1.2.1, on 64-bit machines (src/malloc/mallocng/meta.h). All in bytes. */

export const { UNIT, IN_BAND } = MALLOCNG_SLOT;

/** struct malloc_context: where the list of areas begins and ends, in that order; on machines with pages of one size, and others. */
export const CONTEXT_HEADS = [56, 64] as const;

/** struct meta_area: a page of metas, which has the process's secret first. */
export const AREA = { bytes: 4096, check: 0, next: 8, count: 16, slots: 24 } as const;

/** struct meta: what malloc knows of a group. The masks are u32, a bit a slot. */
export const META = { sizeof: 40, mem: 16, available: 24, freed: 28, packed: 32 } as const;
export const MOST_METAS = Math.floor((AREA.bytes - AREA.slots) / META.sizeof);

/** Size classes of what is mapped on its own, which have no number below 48. */
export const MAPPED_CLASS = 63;

/** Where `storage` begins in struct group, whose first word is its meta's address. */
export const { STORAGE } = MALLOCNG_SLOT;

/** In front of a block: u8 the slot's number, and above its five bits what of the slot was not asked for; u16 its place. */
export const BLOCK = {
  farPlace: -MALLOCNG_SLOT.FAR_PLACE,
  isFar: -MALLOCNG_SLOT.IS_FAR,
  slot: -MALLOCNG_SLOT.SLOT,
  place: -MALLOCNG_SLOT.PLACE,
} as const;
/** Those three bits: up to 4 bytes, `tail` more, which then stand at the slot's end; the slot is a group; a block further on. */
export const RESERVED = {
  tail: MALLOCNG_SLOT.TAIL,
  group: MALLOCNG_SLOT.GROUP,
  moved: MALLOCNG_SLOT.MOVED,
} as const;

/** Strides of slots by size class, in units (src/malloc/mallocng/malloc.c). */
export const SIZE_CLASSES: readonly number[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 18, 20, 25, 31, 36, 42, 50, 63, 72, 84, 102, 127],
  ...[146, 170, 204, 255, 292, 340, 409, 511, 584, 682, 818, 1023, 1169, 1364, 1637, 2047],
  ...[2340, 2730, 3276, 4095, 4680, 5460, 6552, 8191],
];
