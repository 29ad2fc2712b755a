import {
  CONTAINERS,
  type ContainerRow,
  type ContainersTotals,
  type Result,
} from "../answers/results/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import { plainBytes, plainCount, tableColumn } from "./column.ts";
import type { Presentation } from "./view.ts";

/** Columns of the plain format that hold percents. */
const FILL_WIDTH = 3;

/** Containers: the plain line, the table and its foot. */
export function presentContainers({
  totals,
  rows,
}: Result<"coregram/containers@1">): Presentation<ContainerRow> {
  const { row } = CONTAINERS;
  return {
    lines: rows,
    plain: plainContainer,
    table: {
      columns: [
        tableColumn(row, "bytes"),
        tableColumn(row, "length"),
        { header: "Fill", align: "right", cell: (container) => `${fillOf(container)} %` },
        tableColumn(row, "address"),
        tableColumn(row, "type"),
        tableColumn(row, "path"),
      ],
      foot: tableFoot(totals),
    },
  };
}

/** Bytes, length, fill in percent, address, type, path: columns for awk and sort. */
function plainContainer(row: ContainerRow): string {
  const fill = String(fillOf(row)).padStart(FILL_WIDTH);
  return `${plainBytes(row.bytes)} ${plainCount(row.length)} ${fill}  ${row.address}  ${row.type}  ${row.path ?? "?"}`;
}

/** Percent of its room that is used, rounded down: 100 is full. */
function fillOf({ length, capacity }: ContainerRow): number {
  return capacity === 0 ? 100 : Math.min(100, Math.floor((100 * length) / capacity));
}

function tableFoot(totals: ContainersTotals): string[][] {
  const { count, length, bytes, emptyCount, emptyBytes, restCount, restBytes } = totals;
  const foot: string[][] = [];
  if (restCount > 0)
    foot.push([formatBytes(restBytes), "", "", `… ${formatCount(restCount)} more, in no row`]);
  foot.push([
    formatBytes(bytes),
    formatCount(length),
    "",
    `items of ${formatCount(count)} containers in all`,
  ]);
  if (emptyCount > 0)
    foot.push([formatBytes(emptyBytes), "0", "", `of ${formatCount(emptyCount)} without an item`]);
  return foot;
}
