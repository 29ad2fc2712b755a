import { type Result, STRINGS, type StringRow, type StringsTotals } from "../answers/results/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import { plainBytes, plainCount, tableColumn } from "./column.ts";
import type { Presentation } from "./view.ts";

/** Duplicate texts. They are what stood in the process's memory. */
export function presentStrings({ totals, rows }: Result<"coregram/strings@1">): Presentation<StringRow> {
  const { row } = STRINGS;
  return {
    lines: rows,
    plain: (line) => `${plainCount(line.count)} ${plainBytes(line.wastedBytes)}  ${textOf(line)}`,
    table: {
      columns: [tableColumn(row, "count"), tableColumn(row, "wastedBytes"), tableColumn(row, "text", textOf)],
      foot: tableFoot(totals),
    },
  };
}

/** The text, and its type where that is a class of the program's own. */
function textOf({ type, text }: StringRow): string {
  const shown = text ?? "(not saved)";
  return type === "builtins.str" || type === "builtins.bytes" ? shown : `${type} ${shown}`;
}

function tableFoot(totals: StringsTotals): string[][] {
  const { count, bytes, distinct, duplicates, wastedBytes, restWastedBytes, notCompared } = totals;
  const foot: string[][] = [];
  if (restWastedBytes > 0) foot.push(["", formatBytes(restWastedBytes), "… by more, in no row"]);
  foot.push(["", formatBytes(wastedBytes), `wasted by ${formatCount(duplicates)} texts in all`]);
  foot.push([formatCount(count), formatBytes(bytes), `str and bytes, ${formatCount(distinct)} different`]);
  if (notCompared > 0) foot.push([formatCount(notCompared), "", "not saved, not compared"]);
  return foot;
}
