import type { Column, Columns, JsonObject, JsonValue } from "../../answers/results/index.ts";
import { formatAddress } from "../../terms/index.ts";
import type { Answer } from "./duckdb.ts";

const INTEGER = /^(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UHUGEINT)$/;
const REAL = /^(?:FLOAT|DOUBLE|DECIMAL)\b/;

/** The rows of an answer, each column of the kind that its values have. */
export function rowsOf(answer: Answer): { columns: Columns; rows: JsonObject[] } {
  const names = answer.deduplicatedColumnNames();
  const types = answer.columnTypes();
  const found = answer.getColumnsJson().map((values, index) => columnOf(String(types[index]), values));
  const length = found[0]?.values.length ?? 0;
  return {
    columns: Object.fromEntries(
      names.map((name, index) => [
        name,
        { ...found[index]?.column, nullable: true, doc: String(types[index]) } as Column,
      ]),
    ),
    rows: Array.from({ length }, (_, row) =>
      Object.fromEntries(names.map((name, index) => [name, found[index]?.values[row] ?? null])),
    ),
  };
}

function columnOf(type: string, values: readonly unknown[]) {
  const each = (make: (value: unknown) => JsonValue) =>
    values.map((value) => (value === null || value === undefined ? null : make(value)));
  if (type === "BOOLEAN") return { column: { kind: "flag" }, values: each(Boolean) };
  // Addresses and words: nothing else has no sign and 64 bits.
  if (type === "UBIGINT")
    return { column: { kind: "address" }, values: each((value) => formatAddress(BigInt(String(value)))) };
  if (INTEGER.test(type) && values.every((value) => value === null || Number.isSafeInteger(Number(value))))
    return { column: { kind: "number" }, values: each(Number) };
  if (REAL.test(type))
    return {
      column: { kind: "real" },
      values: each((value) => (Number.isFinite(Number(value)) ? Number(value) : null)),
    };
  return {
    column: { kind: "text" },
    values: each((value) => (typeof value === "string" ? value : JSON.stringify(value))),
  };
}
