import { BALANCE } from "./balance.ts";
import { defineColumns, defineResult, type RecordOf, type RowOf, type TotalsOf } from "./columns.ts";
import { EVIDENCE, HELD_BY } from "./evidence.ts";
import { MEMORY, RUNTIME, SUBJECT } from "./subject.ts";

/** Rows, unless told. */
export const DEFAULT_FINDINGS = 5;

const COLLECTOR = defineColumns({
  isEnabled: { kind: "flag", doc: "Whether it runs by itself: gc.isenabled()." },
  threshold: { kind: "count", doc: "New objects from which on it runs; 0 for never." },
  isRunning: { kind: "flag", doc: "Whether it ran when the process was dumped." },
  isIncremental: { kind: "flag", doc: "Whether it is that of CPython 3.14.0 to 3.14.4." },
  fullCollections: { kind: "count", doc: "How often it looked at all objects." },
  longLivedCount: {
    kind: "count",
    nullable: true,
    doc: "Objects that were left when it last did; null where it does not go by them.",
  },
  pendingCount: { kind: "count", nullable: true, doc: "Objects that wait for the next time; null as above." },
  frozenCount: { kind: "count", doc: "Objects that gc.freeze() keeps from it." },
  frozenBytes: { kind: "bytes", doc: "Their bytes." },
  frozenGarbageCount: { kind: "count", doc: "Those of them that nothing holds." },
});

const SIZE_CLASS = defineColumns({
  blockBytes: { kind: "bytes", doc: "Bytes of a block." },
  pools: { kind: "count", doc: "pymalloc's pools of such blocks with one in use." },
  usedBlocks: { kind: "count", doc: "Blocks in use in these." },
  freeBlocks: { kind: "count", doc: "Blocks that are freed, or not handed out yet." },
});

const ARENA = defineColumns({
  allocator: { kind: "choice", values: ["malloc", "pymalloc", "mimalloc", "musl"], doc: "Whose it is." },
  arena: {
    kind: "choice",
    values: ["main", "thread", "mapped", "guessed", "pools", "segments", "groups"],
    doc: "As in arenas@1.",
  },
  usedCount: { kind: "count", doc: "Blocks in use." },
  usedBytes: { kind: "bytes", doc: "Their bytes." },
  freeBytes: { kind: "bytes", doc: "What was freed, between blocks." },
  topBytes: { kind: "bytes", doc: "What was not handed out yet." },
  trimBytes: { kind: "bytes", doc: "What malloc_trim(0) would give back at the least." },
});

const FREED = defineColumns({
  type: { kind: "text", tells: "type", doc: "The type." },
  count: { kind: "count", doc: "Blocks that were freed and still show an object of it." },
  bytes: { kind: "bytes", doc: "Their bytes." },
});

/** What fills a process's memory, and whether that is a leak. */
export const DIAGNOSE = defineResult({
  schema: "coregram/diagnose@1",
  doc: "Where a process's memory is, and what is to be said of the largest parts of it: a leak, or not.",
  input: {
    new: { kind: "object", doc: "The core.", columns: SUBJECT },
    old: {
      kind: "object",
      nullable: true,
      doc: "An earlier one of the same program, to tell growth by; null where none was given.",
      columns: SUBJECT,
    },
  },
  totals: {
    ...MEMORY,
    ...RUNTIME,
    command: {
      kind: "text",
      tells: "value",
      nullable: true,
      doc: "The process's command line, as far as the core has it.",
    },
    pid: { kind: "number", nullable: true, doc: "Its number." },
    memoryBytes: {
      kind: "bytes",
      doc: "Saved memory less what was only reserved and never touched: the sum of the six parts below.",
    },
    liveBytes: { kind: "bytes", doc: "Live objects: their blocks, tables and buffers." },
    nativeBytes: { kind: "bytes", doc: "Native memory that live objects and modules hold." },
    garbageBytes: {
      kind: "bytes",
      doc: "Objects that nothing reaches, and native memory that only they hold.",
    },
    freeBytes: { kind: "bytes", doc: "Free, and kept by the allocators." },
    otherBytes: {
      kind: "bytes",
      doc: "All else: stacks, modules, headers, native memory that nothing found refers to.",
    },
    unheldBytes: {
      kind: "bytes",
      doc: "Of otherBytes, native memory that nothing found refers to. With nativeBytes it is all native memory.",
    },
    unknownBytes: { kind: "bytes", doc: "What nothing claims." },
    returnableBytes: {
      kind: "bytes",
      doc: "Of what is free, what malloc_trim(0) would give back to the system at the least.",
    },
    grewBytes: {
      kind: "number",
      signed: true,
      nullable: true,
      doc: "By how much memoryBytes grew since the earlier core; null without one.",
    },
    collector: {
      kind: "object",
      nullable: true,
      doc: "The collector of cycles; null where its state was not found.",
      columns: COLLECTOR,
    },
    sizeClasses: {
      kind: "list",
      doc: "How full pymalloc's pools are, by the size of their blocks; empty where there are none.",
      of: { kind: "object", columns: SIZE_CLASS },
    },
    arenas: {
      kind: "list",
      doc: "How full malloc's arenas are, and all of pymalloc's or mimalloc's as one.",
      of: { kind: "object", columns: ARENA },
    },
    freedTypes: {
      kind: "list",
      doc: "What was there at the peak: types of freed blocks, at most ten.",
      of: { kind: "object", columns: FREED },
    },
    balance: { kind: "object", doc: "Where all saved bytes are, as in types@1.", columns: BALANCE },
  },
  row: {
    verdict: {
      kind: "choice",
      values: ["leak", "looks like a leak", "not a leak", "biggest"],
      title: "Verdict",
      doc: "leak: it grew between two cores, or nothing refers to it any more; looks like a leak: long-lived, many items, code that adds to it and none found that removes; not a leak: free memory that the allocators keep; biggest: large, and no more is known.",
    },
    kind: {
      kind: "choice",
      values: [
        "owner",
        "garbage",
        "lost",
        "interned",
        "free",
        "native",
        "stacks",
        "cache",
        "exceptions",
        "classes",
        "contexts",
        "callbacks",
        "duplicates",
        "empty",
        "stuck",
      ],
      title: "Kind",
      doc: "What it is: objects by who holds them, garbage, references that C code lost, interned strings, free memory, native memory that nothing found refers to, stacks; caches of functions without a bound, exceptions that keep frames, classes made again and again, what has copies of contexts, functions and handlers that pile up, equal texts, room in containers that nothing is in, free memory in arenas that few objects keep.",
    },
    path: {
      kind: "text",
      tells: "path",
      nullable: true,
      title: "Owner",
      doc: "As in owners@1; null for what no path leads to.",
    },
    ...HELD_BY,
    bytes: { kind: "bytes", title: "Bytes", doc: "What would go with it, native memory too." },
    length: {
      kind: "count",
      nullable: true,
      title: "Items",
      doc: "Its items, or objects that are held together.",
    },
    folded: { kind: "count", nullable: true, doc: "As in owners@1: so many that are alike." },
    grewBytes: {
      kind: "number",
      signed: true,
      nullable: true,
      doc: "By how much it grew since the earlier core; null without one.",
    },
    places: EVIDENCE.places,
    why: { kind: "text", tells: "prose", title: "Why", doc: "The evidence, in words." },
    next: { kind: "text", tells: "prose", nullable: true, doc: "The command that shows more." },
    itemBytes: EVIDENCE.itemBytes,
    fanOut: EVIDENCE.fanOut,
    grewItems: EVIDENCE.grewItems,
    allocatedAt: EVIDENCE.allocatedAt,
  },
  lines: {
    text: { kind: "text", tells: "ours", title: "Diagnosis", doc: "A line of the screen." },
  },
});

export type DiagnoseTotals = TotalsOf<typeof DIAGNOSE>;
export type Finding = RowOf<typeof DIAGNOSE>;
export type CollectorTotals = RecordOf<typeof COLLECTOR>;
export type DiagnoseLine = RecordOf<(typeof DIAGNOSE)["lines"]>;
