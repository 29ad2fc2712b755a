import { csv, tsv } from "./delimited.ts";
import type { Format } from "./format.ts";
import { json } from "./json.ts";
import { ndjson } from "./ndjson.ts";
import { plain } from "./plain.ts";
import { table } from "./table.ts";

/** Every output format, in the order in which `--help` names them. A new one is a file and a place here. */
export const FORMATS: readonly Format[] = [plain, table, csv, tsv, json, ndjson];

/** The format of that name, or null. */
export function findFormat(name: string): Format | null {
  return FORMATS.find((format) => format.name === name) ?? null;
}
