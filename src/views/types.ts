import {
  type AllocatedPlace,
  type Columns,
  type Result,
  TYPES,
  type TypeRow,
  type TypesBridge,
  type TypesTotals,
} from "../answers/results/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import { plainBytes, plainCount, tableColumn } from "./column.ts";
import { placeText } from "./place.ts";
import type { Presentation } from "./view.ts";

/** Types: the plain line, the table, and below it where all saved bytes are. */
export function presentTypes({ totals, rows }: Result<"coregram/types@1">): Presentation<Line> {
  const { row } = TYPES;
  return {
    lines: linesOf(rows),
    plain: plainType,
    table: {
      columns: [
        { ...tableColumn(row, "count"), cell: ({ row, made }) => formatCount((made ?? row).count) },
        { ...tableColumn(row, "bytes"), cell: ({ row, made }) => formatBytes((made ?? row).bytes) },
        { ...tableColumn(row, "freedCount"), cell: freedOf },
        { ...tableColumn(row, "type"), cell: nameOf },
      ],
      foot: tableFoot(totals),
    },
  };
}

/** A line: a type, or where its objects were allocated. */
interface Line {
  readonly row: TypeRow;
  readonly made: AllocatedPlace | null;
}

function* linesOf(rows: Iterable<TypeRow>): Generator<Line> {
  for (const row of rows) {
    yield { row, made: null };
    for (const made of row.lines ?? []) yield { row, made };
  }
}

function freedOf({ row, made }: Line): string {
  return made !== null ? "" : row.freedCount === null ? "-" : formatCount(row.freedCount);
}

function nameOf({ row, made }: Line): string {
  return made === null ? `${row.type}${row.inferred ? " ?" : ""}` : `  ${placeText(made)}`;
}

/** Live count, live bytes, freed count, name: columns for awk and sort. */
function plainType({ row, made }: Line): string {
  const { count, bytes } = made ?? row;
  const freed = made === null ? (row.freedCount ?? "-") : "-";
  const name = made === null ? row.type : `  ${placeText(made)}`;
  return `${plainCount(count)} ${plainBytes(bytes)} ${plainCount(freed)}  ${name}`;
}

/** The rest, the total, and where all saved bytes are. */
function tableFoot({ balance, bridge, ...totals }: TypesTotals): string[][] {
  const foot: string[][] = [];
  if (totals.restCount > 0)
    foot.push([formatCount(totals.restCount), formatBytes(totals.restBytes), "", "… more, in no row"]);
  foot.push([
    formatCount(totals.count),
    formatBytes(totals.bytes),
    totals.freedCount === null ? "-" : formatCount(totals.freedCount),
    `objects of ${formatCount(totals.types)} types, by sys.getsizeof`,
  ]);
  const columns: Columns = TYPES.totals.balance.columns;
  for (const [part, bytes] of Object.entries(balance)) {
    const text = columns[part]?.title ?? part;
    if (bytes !== 0)
      foot.push([
        "",
        formatBytes(bytes),
        "",
        part === "objectBlocks" ? `${text}: ${describeBridge(bridge)}` : text,
      ]);
  }
  foot.push(["", formatBytes(totals.savedBytes), "", "saved memory in all"]);
  return foot;
}

/** `the above - 2 MB of tables - 1 MB in modules' data + 3 MB of rounding up`. */
function describeBridge({ tables, staticObjects, rounding }: TypesBridge): string {
  const rest = `${rounding < 0 ? "-" : "+"} ${formatBytes(Math.abs(rounding))} of rounding up`;
  return `the above - ${formatBytes(tables)} of tables - ${formatBytes(staticObjects)} in modules' data ${rest}`;
}
