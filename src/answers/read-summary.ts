import { openParquet } from "../bytes/index.ts";
import { CoregramError, formatAddress, formatWord, printable } from "../terms/index.ts";
import {
  type Columns,
  type JsonObject,
  type JsonValue,
  SUMMARY,
  type SummaryRow,
  type Value,
} from "./results/index.ts";

/**
 * Reads the one core that a file of `summary` tells of.
 * @throws CoregramError `format` where it is no such file, is broken, or tells of several; `io` where it cannot be read
 */
export async function readSummary(path: string): Promise<SummaryRow> {
  return (await readSummaryFile(path)).row;
}

/** The same, and what tells keys apart by which its names were taken out; null where they were not. */
export async function readSummaryFile(
  path: string,
): Promise<{ readonly row: SummaryRow; readonly redactedBy: string | null }> {
  const subject = printable(path);
  const file = await openParquet(path);
  try {
    const schema = file.metadata.get("coregram.schema");
    if (schema !== SUMMARY.schema)
      throw new CoregramError(
        "format",
        `${subject} is ${schema === undefined ? "a Parquet file of another program" : `a table, ${printable(schema)}`}, and no summary of a core: coregram query asks it in SQL`,
      );
    if (file.rows !== 1)
      throw new CoregramError("format", `${subject} is of ${file.rows} cores, and takes the place of one`);
    const redactedBy = keyOf(file.metadata.get("coregram.redacted"));
    for await (const row of file.objects())
      return { row: objectOf(row, SUMMARY.row, `${subject}: `) as unknown as SummaryRow, redactedBy };
    throw new CoregramError("format", `${subject} has no row`);
  } finally {
    file.close();
  }
}

function keyOf(redacted: string | undefined): string | null {
  return redacted === undefined ? null : (/"key":"(\w+)"/.exec(redacted)?.[1] ?? redacted);
}

/** What an end is that has no 64 bits: one past the last address. */
const END = "0x10000000000000000";
const WORD_BYTES = 8;

/** The value as JSON has it, of what the file has for it. @param place what is read, for errors: `FILE: owners.rows` */
function fieldOf(value: unknown, of: Value, isNullable: boolean, place: string): JsonValue {
  const wrong = () => new CoregramError("format", `${place} is not what a summary has there`);
  if (value === null || value === undefined) {
    if (of.kind === "end") return END;
    if (isNullable) return null;
    throw new CoregramError("format", `${place} is not there: the summary is of another version`);
  }
  switch (of.kind) {
    case "object":
      if (typeof value !== "object") throw wrong();
      return objectOf(value as Record<string, unknown>, of.columns, `${place}.`);
    case "list":
      if (!Array.isArray(value)) throw wrong();
      return value.map((item) => fieldOf(item, of.of, false, place));
    case "address":
    case "end":
    case "word": {
      if (typeof value !== "bigint" || value < 0n) throw wrong();
      return of.kind === "word" ? formatWord(value, WORD_BYTES) : formatAddress(value);
    }
    case "count":
    case "bytes":
    case "number": {
      const number = Number(value);
      if (typeof value !== "bigint" || !Number.isSafeInteger(number)) throw wrong();
      if (number < 0 && of.kind !== "number" && of.signed !== true) throw wrong();
      return number;
    }
    case "real":
      if (typeof value !== "number" || !Number.isFinite(value)) throw wrong();
      return value;
    case "choice": {
      const chosen = typeof value === "bigint" ? Number(value) : value;
      const known = of.values.find((choice) => choice === chosen);
      if (known === undefined) throw wrong();
      return known;
    }
    case "flag":
      if (typeof value !== "boolean") throw wrong();
      return value;
    default:
      if (typeof value !== "string") throw wrong();
      return value;
  }
}

function objectOf(row: Readonly<Record<string, unknown>>, columns: Columns, place: string): JsonObject {
  return Object.fromEntries(
    Object.entries(columns).map(([key, column]) => [
      key,
      fieldOf(row[key], column, column.nullable === true, `${place}${key}`),
    ]),
  );
}
