import { NO_ROOT, ROOT_KINDS } from "../../runtimes/root-kinds.ts";
import { byKey } from "../../terms/index.ts";
import { BALANCE } from "./balance.ts";
import { defineColumns, defineResult, type RecordOf, type RowOf, type TotalsOf } from "./columns.ts";
import { ALLOCATED_LINE, SUSPECT } from "./evidence.ts";
import { REFERRERS } from "./referrers.ts";
import { AMOUNTS, MEMORY, RUNTIME, SUBJECT } from "./subject.ts";

/** All objects, by what leads to them: disjoint, each part is what no earlier one reaches. Adds up to all. */
const REACHED = byKey([...ROOT_KINDS, NO_ROOT], ({ title, doc }) => ({
  kind: "object" as const,
  columns: AMOUNTS,
  title,
  doc,
}));

/** Objects of one type that an owner keeps. */
const HELD = defineColumns({
  type: { kind: "text", tells: "type", doc: "The type's name." },
  ...AMOUNTS,
});

/** Objects that keep others alive. */
export const OWNERS = defineResult({
  schema: "coregram/owners@1",
  doc: "Objects that keep others alive, by the bytes that go with each.",
  input: SUBJECT,
  totals: {
    ...MEMORY,
    ...RUNTIME,
    count: { kind: "count", doc: "All live objects, as types@1 counts them." },
    bytes: { kind: "bytes", doc: "Their bytes." },
    nativeBytes: {
      kind: "bytes",
      doc: "Blocks in use that are neither objects nor counted with one: memory of C code.",
    },
    restCount: { kind: "count", doc: "Objects that are in no row." },
    restBytes: { kind: "bytes", doc: "Their bytes." },
    restNativeBytes: { kind: "bytes", doc: "Native memory that is in no row." },
    balance: {
      kind: "object",
      doc: "Where the saved bytes went, as in types@1: of what is unknown nothing is in a row.",
      columns: BALANCE,
    },
    reached: {
      kind: "object",
      doc: "All objects, by what leads to them: disjoint, each part is what no earlier one reaches.",
      columns: REACHED,
    },
  },
  row: {
    path: {
      kind: "text",
      tells: "path",
      nullable: true,
      title: "Owner",
      doc: "As Python reaches it: downstream.profiler.Profiler.results; <garbage> for what nothing holds, <native memory that nothing found refers to>, <held by nothing found> and <interned> for all of a type that is so; null for objects that several containers hold together.",
    },
    type: {
      kind: "text",
      tells: "type",
      nullable: true,
      title: "Type",
      doc: "Its type; null for garbage, and for objects of several types.",
    },
    address: { kind: "address", nullable: true, doc: "Where it begins; null for what is no single object." },
    length: {
      kind: "count",
      nullable: true,
      title: "Items",
      doc: "Its items, where it has any; of objects that are held together, how many they are.",
    },
    retainedBytes: { kind: "bytes", doc: "What would go with it, itself included." },
    retainedCount: { kind: "count", doc: "Objects that would." },
    bytes: {
      kind: "bytes",
      title: "Holds",
      doc: "The same less what owners among it keep for their own: adds up over all owners.",
    },
    count: { kind: "count", title: "Objects", doc: "Objects that these bytes are of." },
    depth: { kind: "count", doc: "How many rows it is in, with --tree; else 0." },
    holds: {
      kind: "list",
      doc: "What it keeps for itself, by type, as many as --holds says; native memory has its name for a type.",
      of: { kind: "object", columns: HELD },
    },
    suspect: { kind: "text", tells: "prose", nullable: true, doc: "Why it may be a leak, with --suspects." },
    holders: {
      kind: "list",
      nullable: true,
      doc: "The containers that hold it together, by path, items folded: it goes when all of them let go; null where there are none, or more than 16.",
      of: { kind: "text", tells: "path" },
    },
    folded: {
      kind: "count",
      nullable: true,
      doc: "How many owners the row stands for that are alike, but for which item ([*]), thread or task it is; null for one. What they retain is of all of them, each byte once.",
    },
    retainedNativeBytes: {
      kind: "bytes",
      doc: "Native memory that would, as far as words in it and in objects tell; not in retainedBytes.",
    },
    nativeBytes: {
      kind: "bytes",
      title: "Native",
      doc: "Native memory that it keeps for itself: adds up over all owners; not in bytes.",
    },
    ...REFERRERS,
    evidence: {
      kind: "object",
      nullable: true,
      doc: "What the suspect is told by, with --suspects; null else.",
      columns: SUSPECT,
    },
    lines: {
      kind: "list",
      nullable: true,
      doc: "The lines that allocated what it keeps for itself, with --lines, as many as --holds says; null else.",
      of: { kind: "object", columns: ALLOCATED_LINE },
    },
  },
});

export type Coverage = RecordOf<typeof REACHED>;
export type HeldType = RecordOf<typeof HELD>;
export type OwnersTotals = TotalsOf<typeof OWNERS>;
export type OwnerRow = RowOf<typeof OWNERS>;
