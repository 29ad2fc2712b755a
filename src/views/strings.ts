import type { StringRow, StringsTotals, SubjectInput } from "../answers/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import type { Result } from "./result.ts";

const COUNT_WIDTH = 9;
const BYTES_WIDTH = 12;

/** Duplicate texts as a result, in the order of the rows. They are what stood in the process's memory. */
export function stringsResult(
  input: SubjectInput,
  totals: StringsTotals,
  rows: readonly StringRow[],
): Result<"coregram/strings@1"> {
  return {
    schema: "coregram/strings@1",
    input,
    totals,
    rows,
    entries: rows,
    plain: (row) =>
      `${String(row.count).padStart(COUNT_WIDTH)} ${String(row.wastedBytes).padStart(BYTES_WIDTH)}  ${textOf(row)}`,
    fields: [
      { key: "type", value: (row) => row.type },
      { key: "text", value: (row) => row.text },
      { key: "length", value: (row) => row.length },
      { key: "count", value: (row) => row.count },
      { key: "bytes", value: (row) => row.bytes },
      { key: "wastedBytes", value: (row) => row.wastedBytes },
      { key: "address", value: (row) => row.address },
    ],
    table: {
      columns: [
        { header: "Count", align: "right", cell: (row) => formatCount(row.count) },
        { header: "Wasted", align: "right", cell: (row) => formatBytes(row.wastedBytes) },
        { header: "Text", align: "left", cell: textOf },
      ],
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
