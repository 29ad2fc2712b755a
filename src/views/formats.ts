import { csv, tsv } from "./delimited.ts";
import type { Format, TextFormat } from "./format.ts";
import { json } from "./json.ts";
import { ndjson } from "./ndjson.ts";
import { parquet } from "./parquet.ts";
import { plain } from "./plain.ts";
import { table } from "./table.ts";

/** Those that are text, in the order in which `--help` names them. A new one is a file and a place here. */
export const TEXT_FORMATS: readonly TextFormat[] = [plain, table, csv, tsv, json, ndjson];

/** Every output format. */
export const FORMATS: readonly Format[] = [...TEXT_FORMATS, parquet];

/** The format of that name, or null. */
export function findFormat(name: string): Format | null {
  return FORMATS.find((format) => format.name === name) ?? null;
}
