// Results become text or bytes: plain, table, csv, tsv, json, ndjson, parquet; their JSON Schema.
// in: a Result, plain data of a schema, rows streamed
// out: chunks of about 64 KiB
export { noLeak } from "./diagnose.ts";
export { dot } from "./dot.ts";
export { flamegraph } from "./flamegraph.ts";
export type { Format, FormatOptions } from "./format.ts";
export { FORMATS, findFormat, TEXT_FORMATS } from "./formats.ts";
export { frameLine } from "./frame-line.ts";
export { heapSnapshotText } from "./heap-snapshot.ts";
export { json } from "./json.ts";
export { parquetPart, parquetTable } from "./parquet-table.ts";
export { pprofProfile } from "./pprof.ts";
export { pyspy } from "./pyspy.ts";
export { type QueryAnswer, renderQuery } from "./query.ts";
export { type RenderOptions, render } from "./render.ts";
export { textWidth } from "./text-width.ts";
export { tracemalloc } from "./tracemalloc.ts";
