import { defineResult, type RowOf, type TotalsOf } from "./columns.ts";
import { MEMORY, RUNTIME, SUBJECT } from "./subject.ts";

/** Live dicts, lists, sets and deques. */
export const CONTAINERS = defineResult({
  schema: "coregram/containers@1",
  doc: "Live dicts, lists, sets and deques, the biggest first, and how full they are.",
  input: SUBJECT,
  totals: {
    ...MEMORY,
    ...RUNTIME,
    count: { kind: "count", doc: "Containers in all." },
    length: { kind: "count", doc: "Items in all of them." },
    capacity: { kind: "count", doc: "Items that they have room for." },
    bytes: { kind: "bytes", doc: "What sys.getsizeof says of them." },
    emptyCount: { kind: "count", doc: "Containers without an item." },
    emptyBytes: { kind: "bytes", doc: "Their bytes." },
    restCount: { kind: "count", doc: "Containers in no row." },
    restBytes: { kind: "bytes", doc: "Their bytes." },
  },
  row: {
    type: { kind: "text", tells: "type", title: "Type", doc: "builtins.dict, or a class made of one." },
    address: { kind: "address", title: "Address", doc: "Where it begins." },
    length: { kind: "count", title: "Length", doc: "Its items." },
    capacity: { kind: "count", doc: "Items that it has room for." },
    bytes: { kind: "bytes", title: "Size", doc: "What sys.getsizeof says: its items are not in it." },
    path: {
      kind: "text",
      tells: "path",
      nullable: true,
      title: "Path",
      doc: "The path that reaches it; null where none was found.",
    },
  },
});

export type ContainersTotals = TotalsOf<typeof CONTAINERS>;
export type ContainerRow = RowOf<typeof CONTAINERS>;
