// Rows become text: plain, table, csv, tsv, json, ndjson; the schemas of the latter; where the text goes.
// in: a Result (a frame of its schema, and how its lines look), rows streamed
// out: chunks of text of about 64 KiB; an Output that takes them, to standard output or beside a file

export type {
  Amounts,
  ContainerRow,
  ContainersTotals,
  Coverage,
  DiffInput,
  DiffRow,
  DiffTotals,
  Frame,
  HeldType,
  HolderRow,
  HoldersTotals,
  InfoRow,
  JsonObject,
  JsonValue,
  MemoryTotals,
  OwnerRow,
  OwnersTotals,
  SchemaName,
  Schemas,
  StringRow,
  StringsTotals,
  SubjectInput,
  TrendInput,
  TrendRow,
  TrendTotals,
  TypeRow,
  TypesTotals,
  WhatisObject,
  WhatisRow,
  WordRow,
  WordsInput,
  WordsTotals,
} from "../answers/index.ts";
export { containersResult } from "./containers.ts";
export { diffResult, trendResult } from "./diff.ts";
export type { Format, RenderOptions } from "./format.ts";
export { FORMATS, findFormat } from "./formats.ts";
export { holdersResult } from "./holders.ts";
export { infoResult, NO_ELF, NOT_LOOKED_FOR } from "./info.ts";
export { isBrokenPipe, type Output, type OutputTarget, openOutput, writeChunks } from "./output.ts";
export { ownersResult } from "./owners.ts";
export { type PlainOptions, plainHistogram } from "./plain-histogram.ts";
export type { Field, Result, Table, TableColumn } from "./result.ts";
export { stringsResult } from "./strings.ts";
export { typesResult } from "./types.ts";
export { whatisResult } from "./whatis.ts";
export { wordsResult } from "./words.ts";
