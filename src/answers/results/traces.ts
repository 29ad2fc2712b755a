import { defineColumns, defineResult, type RowOf, type TotalsOf } from "./columns.ts";
import { AMOUNTS, RUNTIME, SUBJECT } from "./subject.ts";

/** A place in a program. */
export const TRACE_FRAME = defineColumns({
  file: {
    kind: "text",
    tells: "file",
    nullable: true,
    title: "File",
    doc: "As the code has it; null where it cannot be read.",
  },
  line: { kind: "number", nullable: true, title: "Line", doc: "The line; null of a whole file." },
});

/** Blocks of memory that tracemalloc knew. */
const BLOCKS = defineColumns({
  traces: { kind: "count", doc: "Blocks that it had." },
  bytes: { kind: "bytes", doc: "Their bytes, as they were asked for." },
});

/** Where memory was allocated, by tracemalloc's own tables, a place a row. */
export const TRACES = defineResult({
  schema: "coregram/traces@1",
  doc: "Where memory was allocated, by tracemalloc's own tables in the core: a place a row.",
  input: SUBJECT,
  totals: {
    ...RUNTIME,
    by: { kind: "choice", values: ["line", "file", "traceback", "type", "owner"], doc: "What a row is." },
    isCumulative: {
      kind: "flag",
      doc: "Whether a block counts at each frame of its traceback, and not at the most recent alone: then rows add up to more than there is.",
    },
    isTracing: {
      kind: "flag",
      doc: "Whether tracemalloc was tracing: always so, as else nothing is left to read.",
    },
    ...BLOCKS,
    missing: { kind: "count", doc: "Blocks that its tables say they have, and that could not be read." },
    tracedBytes: {
      kind: "bytes",
      nullable: true,
      doc: "What tracemalloc itself counted: get_traced_memory()[0], equal to bytes unless it was dumped in the middle of an allocation. Null where that is not found.",
    },
    peakBytes: {
      kind: "bytes",
      nullable: true,
      doc: "The most that it counted: get_traced_memory()[1]; null as above.",
    },
    limit: {
      kind: "count",
      nullable: true,
      doc: "Frames that it keeps of a traceback: get_traceback_limit(); null as above.",
    },
    tracebacks: { kind: "count", doc: "Different tracebacks." },
    tablesBytes: { kind: "bytes", doc: "What its tables take: get_tracemalloc_memory()." },
    overheadBytes: {
      kind: "bytes",
      doc: "What it takes with the traces and tracebacks, before malloc's rounding.",
    },
    domains: {
      kind: "list",
      doc: "The same by domain: 0 is Python's own, others are those of extensions (numpy).",
      of: {
        kind: "object",
        columns: { domain: { kind: "number", doc: "Its number." }, ...BLOCKS },
      },
    },
    untraced: {
      kind: "object",
      nullable: true,
      doc: "By type and owner, live objects that were not traced: allocated before tracing began, or static. Null otherwise.",
      columns: AMOUNTS,
    },
    restRows: { kind: "count", doc: "Places in no row." },
    restCount: { kind: "count", doc: "Their blocks." },
    restBytes: { kind: "bytes", doc: "Their bytes." },
  },
  row: {
    bytes: { kind: "bytes", title: "Size", doc: "Bytes of its blocks." },
    count: { kind: "count", title: "Blocks", doc: "Its blocks." },
    averageBytes: { kind: "bytes", title: "Average", doc: "Bytes of a block, rounded." },
    ...TRACE_FRAME,
    type: {
      kind: "text",
      tells: "type",
      nullable: true,
      title: "Type",
      doc: "By type and owner, that of the objects in the blocks; native memory where other code has them for itself; null of blocks that are a part of objects (tables, buffers) or that nothing found holds, and otherwise.",
    },
    path: {
      kind: "text",
      tells: "path",
      nullable: true,
      title: "Owner",
      doc: "By owner, who holds the objects; null of what small owners have, or several together, and otherwise.",
    },
    frames: {
      kind: "list",
      nullable: true,
      doc: "By traceback its frames, the most recent first; null otherwise.",
      of: { kind: "object", columns: TRACE_FRAME },
    },
    totalFrames: {
      kind: "count",
      nullable: true,
      doc: "How many there were before they were cut; null as above.",
    },
  },
});

export type TracesTotals = TotalsOf<typeof TRACES>;
export type TraceRow = RowOf<typeof TRACES>;
