import { defineResult, type RowOf, type TotalsOf } from "./columns.ts";
import { MEMORY, RUNTIME, SUBJECT } from "./subject.ts";

/** Contents of str and bytes that are there more than once. They are what stood in the process's memory. */
export const STRINGS = defineResult({
  schema: "coregram/strings@1",
  doc: "Contents of live str and bytes objects that are there more than once, and what one of each would save.",
  input: SUBJECT,
  totals: {
    ...MEMORY,
    ...RUNTIME,
    count: { kind: "count", doc: "Live str and bytes objects." },
    bytes: { kind: "bytes", doc: "What sys.getsizeof says of them." },
    distinct: { kind: "count", doc: "Different contents." },
    duplicates: {
      kind: "count",
      doc: "Contents that are there more than once: so many rows there are with --all.",
    },
    wastedBytes: { kind: "bytes", doc: "What one of each would save." },
    restWastedBytes: { kind: "bytes", doc: "Of contents in no row." },
    notCompared: { kind: "count", doc: "Objects whose content is not saved." },
  },
  row: {
    type: { kind: "text", tells: "type", doc: "builtins.str, builtins.bytes, or a class made of them." },
    text: {
      kind: "text",
      tells: "value",
      nullable: true,
      title: "Text",
      doc: "As repr has it, cut at 200 characters; null where it is not saved.",
    },
    length: { kind: "count", doc: "Characters, or bytes." },
    count: { kind: "count", title: "Count", doc: "Objects of this content." },
    bytes: { kind: "bytes", doc: "What sys.getsizeof says of them." },
    wastedBytes: { kind: "bytes", title: "Wasted", doc: "bytes less those of the largest of them." },
    address: { kind: "address", doc: "Of one of them." },
  },
});

export type StringsTotals = TotalsOf<typeof STRINGS>;
export type StringRow = RowOf<typeof STRINGS>;
