import { defineColumns, type RecordOf } from "./columns.ts";

/** The file that a result is about. */
export const SUBJECT = defineColumns({
  path: { kind: "text", tells: "input", doc: "As it was given; - is standard input." },
  bytes: { kind: "bytes", doc: "Its bytes, after decompression." },
  compression: {
    kind: "text",
    tells: "ours",
    nullable: true,
    doc: "What it was compressed with, such as gzip; null where it was not.",
  },
});

/** The input's memory as a whole. */
export const MEMORY = defineColumns({
  savedBytes: { kind: "bytes", doc: "Memory that the file holds." },
  notSavedBytes: {
    kind: "bytes",
    nullable: true,
    doc: "Mapped, and not in the file: unknown, not zero. Null above 2^53, which no honest core says.",
  },
});

/** What read the objects. */
export const RUNTIME = defineColumns({
  runtime: { kind: "text", tells: "ours", doc: "The runtime and its version: CPython 3.11." },
});

/** Objects and their bytes. */
export const AMOUNTS = defineColumns({
  count: { kind: "count", doc: "Objects." },
  bytes: { kind: "bytes", doc: "Their bytes, as sys.getsizeof has them." },
});

export type SubjectInput = RecordOf<typeof SUBJECT>;
export type MemoryTotals = RecordOf<typeof MEMORY>;
export type Amounts = RecordOf<typeof AMOUNTS>;
