// Results become text: plain, table, csv, tsv, json, ndjson; their JSON Schema; where the text goes.
// in: a Result, plain data of a schema, rows streamed
// out: chunks of about 64 KiB; an Output that takes them, to standard output or beside a file
export type { Format } from "./format.ts";
export { FORMATS, findFormat } from "./formats.ts";
export { isBrokenPipe, type Output, type OutputTarget, openOutput, writeChunks } from "./output.ts";
export { type RenderOptions, render } from "./render.ts";
