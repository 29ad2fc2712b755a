import { BALANCE } from "./balance.ts";
import { defineColumns, defineResult, type RecordOf, type RowOf, type TotalsOf } from "./columns.ts";
import { ALLOCATED_PLACE } from "./evidence.ts";
import { AMOUNTS, MEMORY, RUNTIME, SUBJECT } from "./subject.ts";

/** From the rows' bytes to the balance: `bytes` - `tables` - `staticObjects` + `rounding` is `objectBlocks`. */
const BRIDGE = defineColumns({
  tables: {
    kind: "bytes",
    doc: "What sys.getsizeof counts of tables and buffers that are in blocks of their own.",
  },
  staticObjects: { kind: "bytes", doc: "What it says of objects in modules' data." },
  rounding: {
    kind: "bytes",
    signed: true,
    doc: "By which blocks are larger than what they hold; less than 0 where objects say more than is theirs.",
  },
});

/** CPython's types; two types of one name are two rows. The totals are of all rows, and what they are a part of. */
export const TYPES = defineResult({
  schema: "coregram/types@1",
  doc: "CPython's types and their instances, live and freed. Two types of one name are two rows.",
  input: SUBJECT,
  totals: {
    ...MEMORY,
    types: { kind: "count", doc: "Types that have instances: so many rows there are with --all." },
    ...AMOUNTS,
    freedCount: {
      kind: "count",
      nullable: true,
      doc: "Freed objects. A lower bound: of a freed object its type may be overwritten. Null where the allocator is not known.",
    },
    freedBytes: {
      kind: "bytes",
      nullable: true,
      doc: "Of the blocks that they left. A lower bound as well.",
    },
    restCount: { kind: "count", doc: "Objects of types in no row." },
    restBytes: { kind: "bytes", doc: "Their bytes." },
    ...RUNTIME,
    balance: {
      kind: "object",
      doc: "Where the saved bytes went: disjoint parts that add up to savedBytes.",
      columns: BALANCE,
    },
    bridge: {
      kind: "object",
      doc: "From bytes to the balance: bytes - tables - staticObjects + rounding is objectBlocks.",
      columns: BRIDGE,
    },
  },
  row: {
    type: {
      kind: "text",
      tells: "type",
      title: "Type",
      doc: "builtins.tuple, or type@0x… where the core does not say.",
    },
    address: { kind: "address", doc: "The type's." },
    count: {
      kind: "count",
      title: "Live",
      doc: "Live objects: the allocator has them in use, uncollected cycles included.",
    },
    bytes: { kind: "bytes", title: "Size", doc: "What sys.getsizeof says of them." },
    freedCount: {
      kind: "count",
      nullable: true,
      title: "Freed",
      doc: "Freed objects, at least; null where the allocator is not known.",
    },
    freedBytes: { kind: "bytes", nullable: true, doc: "Of the blocks that they left." },
    inferred: {
      kind: "flag",
      doc: "Whether the name is what a dict of the core calls it, and not what it says of itself.",
    },
    lines: {
      kind: "list",
      nullable: true,
      doc: "The five lines that allocated most of its objects, with --lines; null else.",
      of: { kind: "object", columns: ALLOCATED_PLACE },
    },
  },
});

export type TypesBridge = RecordOf<typeof BRIDGE>;
export type TypesTotals = TotalsOf<typeof TYPES>;
export type TypeRow = RowOf<typeof TYPES>;
