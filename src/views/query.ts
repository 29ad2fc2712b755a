import type { Columns, JsonObject, JsonValue, Redacted } from "../answers/results/index.ts";
import { tableColumn } from "./column.ts";
import type { Format, FormatOptions } from "./format.ts";

/** What a query answered: the columns are those that it asked for. */
export interface QueryAnswer {
  /** Null where it is not to be told. */
  readonly sql: string | null;
  /** As they were given. */
  readonly cores: readonly string[];
  /** What is not in it; null where all is. */
  readonly redacted: Redacted | null;
  readonly columns: Columns;
  readonly rows: readonly JsonObject[];
}

/** What a query answered, in a format. Its frame is that of results, with columns of its own. */
export function renderQuery(
  format: Format,
  { sql, cores, redacted, columns, rows }: QueryAnswer,
  options: FormatOptions,
): ReturnType<Format["render"]> {
  const keys = Object.keys(columns);
  return format.render(
    {
      columns: {
        schema: "coregram/query@1",
        doc: "What a query answered.",
        input: {
          sql: {
            kind: "text",
            nullable: true,
            tells: "input",
            doc: "The query; null where it was redacted.",
          },
          cores: { kind: "list", of: { kind: "text", tells: "input" }, doc: "What it was asked of." },
        },
        totals: { rows: { kind: "count", doc: "Rows." } },
        row: columns,
      },
      redacted: redacted && { ...redacted },
      input: { sql, cores },
      totals: { rows: rows.length },
      rows,
      plainChunks: null,
      lines: rows,
      plain: (line: JsonObject) => keys.map((key) => plainCell(line[key] ?? null)).join("  "),
      table: { columns: keys.map((key) => tableColumn<string, JsonObject>(columns, key)), foot: [] },
    },
    options,
  );
}

function plainCell(value: JsonValue): string {
  return value === null ? "-" : String(value);
}
