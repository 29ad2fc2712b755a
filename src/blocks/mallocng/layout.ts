/** musl's malloc since 1.2.1, on 64-bit machines (src/malloc/mallocng/meta.h). All in bytes. */

/** What blocks' places and sizes are multiples of; and what of a slot stands in front of the next one's block. */
export const UNIT = 16;
export const IN_BAND = 4;

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
export const STORAGE = 16;

/** In front of a block: u8 the slot's number, and above its five bits what of the slot was not asked for; u16 its place. */
export const BLOCK = { farPlace: -8, isFar: -4, slot: -3, place: -2 } as const;
/** Those three bits: up to 4 bytes, `tail` more, which then stand at the slot's end; the slot is a group; a block further on. */
export const RESERVED = { tail: 5, group: 6, moved: 7 } as const;

/** Strides of slots by size class, in units (src/malloc/mallocng/malloc.c). */
export const SIZE_CLASSES: readonly number[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 18, 20, 25, 31, 36, 42, 50, 63, 72, 84, 102, 127],
  ...[146, 170, 204, 255, 292, 340, 409, 511, 584, 682, 818, 1023, 1169, 1364, 1637, 2047],
  ...[2340, 2730, 3276, 4095, 4680, 5460, 6552, 8191],
];
