import { defineResult, type RowOf, type TotalsOf } from "./columns.ts";
import { MEMORY, SUBJECT } from "./subject.ts";

/** Who holds the objects of one type; a row is those that are held in the same way. */
export const HOLDERS = defineResult({
  schema: "coregram/holds@1",
  doc: "Who holds the objects of one type. A row is those that are held in the same way.",
  input: SUBJECT,
  totals: {
    ...MEMORY,
    type: { kind: "text", tells: "type", doc: "The type's name." },
    count: { kind: "count", doc: "Its live objects." },
    bytes: { kind: "bytes", doc: "What sys.getsizeof says of them." },
    restCount: { kind: "count", doc: "Objects in no row." },
    restBytes: { kind: "bytes", doc: "Their bytes." },
  },
  row: {
    path: {
      kind: "text",
      tells: "path",
      title: "Held as",
      doc: "As Python reaches them, items folded: downstream.profiler.Profiler.results[*][0].",
    },
    count: { kind: "count", title: "Objects", doc: "Objects that are held so." },
    bytes: { kind: "bytes", title: "Size", doc: "Their bytes." },
    example: { kind: "address", doc: "One of them." },
  },
});

export type HoldersTotals = TotalsOf<typeof HOLDERS>;
export type HolderRow = RowOf<typeof HOLDERS>;
