import { type Result, WATCH, type WatchRow } from "../answers/results/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import { plainBytes, plainCount, tableColumn } from "./column.ts";
import type { Presentation } from "./view.ts";

/** A frame of `coregram watch`: its types. */
export function presentWatch({ totals, rows }: Result<"coregram/watch@1">): Presentation<WatchRow> {
  return {
    lines: rows,
    plain: (row) =>
      `${plainBytes(row.bytes)} ${plainBytes(row.bytesDiff ?? "-")} ${plainBytes(row.bytesSinceFirst ?? "-")} ${plainCount(row.count)}  ${row.type}`,
    table: {
      columns: [
        tableColumn(WATCH.row, "bytes"),
        tableColumn(WATCH.row, "bytesDiff"),
        tableColumn(WATCH.row, "bytesSinceFirst"),
        tableColumn(WATCH.row, "count"),
        tableColumn(WATCH.row, "type"),
      ],
      foot: [
        [formatBytes(totals.restBytes), "", "", formatCount(totals.restCount), "… of more types, in no row"],
      ],
    },
  };
}
