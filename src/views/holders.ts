import { HOLDERS, type HolderRow, type HoldersTotals, type Result } from "../answers/results/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import { plainBytes, plainCount, tableColumn } from "./column.ts";
import type { Presentation } from "./view.ts";

/** Who holds the objects of a type. */
export function presentHolders({ totals, rows }: Result<"coregram/holds@1">): Presentation<HolderRow> {
  const { row } = HOLDERS;
  return {
    lines: rows,
    plain: ({ count, bytes, path }) => `${plainCount(count)} ${plainBytes(bytes)}  ${path}`,
    table: {
      columns: [tableColumn(row, "count"), tableColumn(row, "bytes"), tableColumn(row, "path")],
      foot: tableFoot(totals),
    },
  };
}

function tableFoot({ type, count, bytes, restCount, restBytes }: HoldersTotals): string[][] {
  const all = [formatCount(count), formatBytes(bytes), `${type} in all`];
  if (restCount === 0) return [all];
  return [[formatCount(restCount), formatBytes(restBytes), "… more, in no row"], all];
}
