// One function a question: what is asked about and options become a typed result; notes and progress leave as events.
// in: a target and options
// out: results in the shapes of results/, the public contract; plain data, but for words, whose rows are streamed
export type { By } from "./amounts.ts";
export { type ArenasOptions, answerArenas } from "./arenas.ts";
export type { Asked } from "./asked-path.ts";
export { answerChain, type ChainOptions } from "./chain.ts";
export { answerContainers, type ContainersOptions } from "./containers.ts";
export type { RowOptions } from "./counting.ts";
export { answerDiagnose, type DiagnoseOptions } from "./diagnose.ts";
export { answerDiff, type DiffOptions } from "./diff.ts";
export { answerGenerators, type GeneratorsOptions } from "./generators.ts";
export { answerHeapSnapshot, type HeapSnapshot, type SnapshotOptions } from "./heap-snapshot.ts";
export { answerHolders, type HoldersOptions } from "./holders.ts";
export { answerInfo, type InfoOptions } from "./info.ts";
export type { NamingOptions } from "./naming.ts";
export { nextQuestion } from "./next-question.ts";
export type { ModuleOptions, ResourceOptions, ThreadOptions } from "./options.ts";
export { answerOwners, type OwnersOptions } from "./owners.ts";
export type { Growth } from "./past.ts";
export { Redactor } from "./redact.ts";
export { redactReport } from "./redact-report.ts";
export { answerReport, type Report, type ReportHeap, type ReportOptions } from "./report.ts";
export type { SuspectChain, Suspects } from "./report-suspects.ts";
export * from "./results/index.ts";
export type { ScopeName, WordOptions } from "./scope.ts";
export { answerStacks, type StacksOptions } from "./stacks.ts";
export { answerStrings, type StringsOptions } from "./strings.ts";
export type { SymbolInput, SymbolText } from "./symbol-maps.ts";
export { answerGdbScript, answerSymbols, type GdbScriptOptions, type Lines } from "./symbols.ts";
export { type Table, type TablesOptions, tableNames, writeTables } from "./tables.ts";
export { answerTasks, type TasksOptions } from "./tasks.ts";
export { isTraceBy } from "./trace-amounts.ts";
export type { TraceBy } from "./trace-statistics.ts";
export { answerTraces, type TracesOptions } from "./traces.ts";
export { answerTracesSince, type TracesSinceOptions } from "./traces-since.ts";
export { answerTypes, type TypesOptions } from "./types.ts";
export { answerWhatis, type WhatisOptions } from "./whatis.ts";
export { answerWords, type WordsOptions, type WordsResult } from "./words.ts";
