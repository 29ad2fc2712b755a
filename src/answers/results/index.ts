/**
 * The public contract of `--format json` and `--format ndjson`: a descriptor a result, a file each.
 *
 * `json` is one {@link Frame}: an object with the keys `schema`, `input`, `totals`, `rows` in this order. `ndjson` is the
 * frame's rows alone, one a line. csv and tsv have the row's keys as their header (of info and whatis, whose rows are no
 * lines, those of the lines). Within a version (`@1`) keys are only ever added; one that changes its meaning or goes
 * makes it `@2`.
 *
 * Numbers are plain integers, sizes are bytes; all are safe integers (below 2^53, and well above 2^32).
 * What is not known is null, never a missing key. Names stand as the core or the map has them; control characters and
 * lone surrogates in them are JSON escapes.
 */
export { ARENAS, type ArenaRow, type ArenasTotals } from "./arenas.ts";
export type { TypesBalance } from "./balance.ts";
export type * from "./columns.ts";
export { CONTAINERS, type ContainerRow, type ContainersTotals } from "./containers.ts";
export {
  type CollectorTotals,
  DEFAULT_FINDINGS,
  DIAGNOSE,
  type DiagnoseLine,
  type DiagnoseTotals,
  type Finding,
} from "./diagnose.ts";
export { DIFF, type DiffInput, type DiffRow, type DiffTotals, type KeptSnapshot } from "./diff.ts";
export type {
  AllocatedLine,
  AllocatedPlace,
  DiagnosePlace,
  NamedSuspect,
  SuspectFields,
} from "./evidence.ts";
export { GENERATORS, type GeneratorRow, type GeneratorsTotals } from "./generators.ts";
export { HOLDERS, type HolderRow, type HoldersTotals } from "./holders.ts";
export { AS_DATA, INFO, type InfoRecord, type InfoRow, NO_ELF, NOT_LOOKED_FOR } from "./info.ts";
export { frameSchema, rowSchema, schemaText } from "./json-schema.ts";
export { type Coverage, type HeldType, OWNERS, type OwnerRow, type OwnersTotals } from "./owners.ts";
export type { Referrer, ReferrerColumns } from "./referrers.ts";
export type { Frame, JsonObject, JsonValue, Redacted, Result, SchemaName, Schemas } from "./result.ts";
export { findResult, RESULTS } from "./results.ts";
export { STACKS, type StackLocal, type StackRow, type StacksTotals, type StackThread } from "./stacks.ts";
export { STRINGS, type StringRow, type StringsTotals } from "./strings.ts";
export type { Amounts, MemoryTotals, SubjectInput } from "./subject.ts";
export { SUMMARY, type SummaryAmount, type SummaryRow } from "./summary.ts";
export { FILES, findTable, TABLES, type TableColumns, type TableName } from "./tables.ts";
export { TASKS, type TaskRow, type TasksTotals } from "./tasks.ts";
export { TRACES, type TraceRow, type TracesTotals } from "./traces.ts";
export { TREND, type TrendInput, type TrendRow, type TrendTotals } from "./trend.ts";
export { TYPES, type TypeRow, type TypesBridge, type TypesTotals } from "./types.ts";
export {
  WATCH,
  type WatchedCgroup,
  type WatchedOwner,
  type WatchInput,
  type WatchRow,
  type WatchTotals,
} from "./watch.ts";
export { WHATIS, type WhatisBlock, type WhatisLine, type WhatisObject, type WhatisRow } from "./whatis.ts";
export { WORDS, type WordRow, type WordsInput, type WordsTotals } from "./words.ts";
export { WORDS_PART } from "./words-part.ts";
