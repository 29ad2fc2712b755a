import { defineColumns, defineResult, type RowOf, type TotalsOf } from "./columns.ts";
import { MEMORY, SUBJECT } from "./subject.ts";

/** What an arena has of memory, and what that is. */
const USE = defineColumns({
  bytes: {
    kind: "bytes",
    title: "Size",
    doc: "All that it has of saved memory, as malloc counts it: the sum of the bytes below, but for reservedBytes.",
  },
  usedCount: { kind: "count", title: "Blocks", doc: "Blocks in use." },
  usedBytes: { kind: "bytes", title: "In use", doc: "What they have room for, their headers aside." },
  tcacheCount: {
    kind: "count",
    doc: "Freed chunks that threads' tcaches keep; malloc_info counts them as in use.",
  },
  tcacheBytes: { kind: "bytes", doc: "Theirs." },
  fastbinCount: { kind: "count", doc: "Freed chunks in fastbins." },
  fastbinBytes: { kind: "bytes", doc: "Theirs." },
  freeCount: {
    kind: "count",
    nullable: true,
    doc: "malloc's free chunks, the top aside; null for pymalloc, whose free pools are cut into nothing.",
  },
  freeBytes: {
    kind: "bytes",
    title: "Free inside",
    doc: "Theirs; of pymalloc the freed blocks of pools with others in use, and free pools.",
  },
  topBytes: {
    kind: "bytes",
    title: "Free top",
    doc: "Of malloc free at the heap's end, whole pages of zeros aside; of pymalloc what was never handed out.",
  },
  untouchedBytes: {
    kind: "bytes",
    title: "Untouched",
    doc: "Whole pages of zeros at the heap's end: no memory stands behind most of them.",
  },
  trimBytes: {
    kind: "bytes",
    doc: "Of what is free in malloc's arenas, what malloc_trim(0) would give back to the system at the least; in bytes above.",
  },
  headerBytes: {
    kind: "bytes",
    doc: "Headers of all blocks, free ones too, and what the allocator keeps for itself.",
  },
  foreignBytes: { kind: "bytes", doc: "What others have of the heap, as they moved brk in between." },
  damagedBytes: { kind: "bytes", doc: "What made no sense as chunks." },
  reservedBytes: {
    kind: "bytes",
    title: "Reserved",
    doc: "Not of bytes: what is saved of the address space that heaps may grow into, which is no memory yet.",
  },
});

/** What the allocators have, an arena a row. */
export const ARENAS = defineResult({
  schema: "coregram/arenas@1",
  doc: "What malloc and pymalloc have of memory, an arena a row, and what of it is in use, cached, free and reserved.",
  input: SUBJECT,
  totals: {
    ...MEMORY,
    runtime: {
      kind: "text",
      tells: "ours",
      nullable: true,
      doc: "The runtime and its version: CPython 3.11; null where none was found: then malloc's arenas are all.",
    },
    arenas: { kind: "count", doc: "So many rows there are with --all." },
    ...USE,
    restBytes: { kind: "bytes", doc: "Of bytes, those in no row." },
  },
  row: {
    allocator: { kind: "choice", values: ["malloc", "pymalloc", "mimalloc", "musl"], doc: "Whose." },
    arena: {
      kind: "choice",
      values: ["main", "thread", "mapped", "guessed", "pools", "segments", "groups"],
      title: "Arena",
      doc: "main or thread; mapped: all chunks that malloc mapped each on its own; guessed: chunks whose arenas were not found; pools: all of pymalloc's; segments: all of mimalloc's, which builds without the GIL have; groups: all of musl's malloc.",
    },
    address: { kind: "address", nullable: true, doc: "Of its malloc_state; null of what has none." },
    ...USE,
  },
});

export type ArenasTotals = TotalsOf<typeof ARENAS>;
export type ArenaRow = RowOf<typeof ARENAS>;
