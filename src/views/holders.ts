import type { HolderRow, HoldersTotals, SubjectInput } from "../answers/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import type { Result } from "./result.ts";

const BYTES_WIDTH = 12;
const COUNT_WIDTH = 9;

/** Who holds the objects of a type, as a result. */
export function holdersResult(
  input: SubjectInput,
  totals: HoldersTotals,
  rows: Iterable<HolderRow>,
): Result<"coregram/holds@1"> {
  const foot: string[][] = [];
  if (totals.restCount > 0)
    foot.push([formatCount(totals.restCount), formatBytes(totals.restBytes), "… more, in no row"]);
  foot.push([formatCount(totals.count), formatBytes(totals.bytes), `${totals.type} in all`]);
  return {
    schema: "coregram/holds@1",
    input,
    totals,
    rows,
    entries: rows,
    plain: ({ count, bytes, path }) =>
      `${String(count).padStart(COUNT_WIDTH)} ${String(bytes).padStart(BYTES_WIDTH)}  ${path}`,
    fields: [
      { key: "path", value: (row) => row.path },
      { key: "count", value: (row) => row.count },
      { key: "bytes", value: (row) => row.bytes },
      { key: "example", value: (row) => row.example },
    ],
    table: {
      columns: [
        { header: "Objects", align: "right", cell: (row) => formatCount(row.count) },
        { header: "Size", align: "right", cell: (row) => formatBytes(row.bytes) },
        { header: "Held as", align: "left", cell: (row) => row.path },
      ],
      foot,
    },
  };
}
