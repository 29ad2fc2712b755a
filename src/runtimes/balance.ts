import { byKey } from "../terms/index.ts";

/** Something that saved bytes are, as results and people call it. */
export interface BalancePart {
  readonly key: string;
  readonly title: string;
  readonly doc: string;
}

/** What saved bytes are: disjoint parts, of all allocators and runtimes. */
export const BALANCE_PARTS = [
  {
    key: "objectBlocks",
    title: "blocks of live objects",
    doc: "The allocators' blocks that hold live objects.",
  },
  {
    key: "tables",
    title: "tables and buffers that they own",
    doc: "Tables and buffers in blocks of their own, as far as sys.getsizeof counts them for the objects that own them.",
  },
  {
    key: "internTable",
    title: "the interpreter's table of interned strings",
    doc: "The interpreter's dict of interned strings, which no program can reach and no row counts.",
  },
  {
    key: "otherBlocks",
    title: "other blocks in use, of C code and libraries",
    doc: "Other blocks in use: what C code and libraries hold, and what tables are rounded up by.",
  },
  {
    key: "mapped",
    title: "mapped by objects: mmap, shared memory",
    doc: "What mmap objects have mapped, and shared memory that is written to.",
  },
  {
    key: "freedBlocks",
    title: "freed blocks, which pymalloc keeps for later",
    doc: "pymalloc's blocks that were freed, in pools that have others in use.",
  },
  {
    key: "uncarved",
    title: "never used in pymalloc's pools",
    doc: "In such pools, what was never handed out or is too little for a block.",
  },
  {
    key: "freePools",
    title: "free pools, which pymalloc keeps",
    doc: "pymalloc's pools that have no block in use.",
  },
  {
    key: "unusedArenas",
    title: "unused in pymalloc's arenas",
    doc: "Pages of pymalloc's arenas that are in no pool.",
  },
  {
    key: "mimallocFreed",
    title: "freed blocks, which mimalloc keeps for later",
    doc: "Of a build without the GIL: mimalloc's blocks that were freed, in pages that have others in use.",
  },
  {
    key: "mimallocFree",
    title: "free or never used in mimalloc's segments",
    doc: "Of a build without the GIL: what mimalloc's segments have in no block.",
  },
  {
    key: "mallocCached",
    title: "freed, in malloc's caches",
    doc: "Chunks that were freed and that malloc's tcaches and fastbins keep for the next of their size.",
  },
  {
    key: "mallocFree",
    title: "free, which malloc keeps",
    doc: "malloc's free chunks, its heaps' tops aside; musl's free slots.",
  },
  {
    key: "mallocTop",
    title: "free at the top of malloc's heaps",
    doc: "What malloc's arenas have not handed out yet, or have back at their ends.",
  },
  {
    key: "mallocReserved",
    title: "reserved by malloc, untouched",
    doc: "What is saved of address space that threads' arenas reserved and never used, and pages of zeros at the tops of heaps and in musl's free slots.",
  },
  {
    key: "otherAllocator",
    title: "of an allocator whose blocks are not known, objects aside",
    doc: "Memory of an allocator whose blocks are not known (jemalloc, tcmalloc, mimalloc, any other), live objects aside: tables, what C code holds, free blocks.",
  },
  {
    key: "headers",
    title: "headers of pools and chunks",
    doc: "Headers of pools and chunks, and what allocators keep for themselves.",
  },
  { key: "staticData", title: "modules' data", doc: "Writable data of modules, static objects included." },
  { key: "stacks", title: "stacks", doc: "Threads' stacks, their pages of zeros aside." },
  {
    key: "stacksUntouched",
    title: "stacks, untouched",
    doc: "Whole pages of zeros in threads' stacks: address space that no memory stands behind, mostly.",
  },
  {
    key: "dataStacks",
    title: "data stacks of frames",
    doc: "Stacks that the interpreter maps for frames' variables: of threads, and of greenlets that wait.",
  },
  {
    key: "modulePages",
    title: "modules' code and constants",
    doc: "What is saved of modules' memory that is not writable.",
  },
  {
    key: "readOnly",
    title: "other memory that is not writable",
    doc: "What is saved of other memory that is not writable.",
  },
  { key: "unknown", title: "unknown", doc: "What nothing else claims." },
  {
    key: "unknownUntouched",
    title: "unknown, untouched",
    doc: "Whole pages of zeros that nothing else claims, that mmap objects have mapped, or that lie in no page of mimalloc's segments: stacks of threads that ended, which glibc keeps, and what was mapped and never used.",
  },
] as const satisfies readonly BalancePart[];

/** Bytes of each part. */
export type BalanceParts = { readonly [Key in (typeof BALANCE_PARTS)[number]["key"]]: number };

/** Where the saved bytes of an image went, and what the runtime's own sizes have to do with it. All in bytes. */
export interface Balance {
  readonly saved: number;
  /** They add up to `saved`. */
  readonly parts: BalanceParts;
  readonly bridge: Bridge;
}

/** What a runtime says of all live objects, less `tables` and `staticObjects`, plus `rounding`: `objectBlocks`. */
export interface Bridge {
  /** Of tables and buffers in blocks of their own. */
  readonly tables: number;
  /** Of objects in modules' data, without their tables. */
  readonly staticObjects: number;
  /** By which blocks are larger than what they hold; less than 0 where objects say more than is theirs. */
  readonly rounding: number;
}

/** Bytes of all parts in the list's order: those given, and 0 of what is not there. */
export function balanceParts(known: Partial<BalanceParts>): BalanceParts {
  return byKey(BALANCE_PARTS, ({ key }) => known[key] ?? 0);
}
