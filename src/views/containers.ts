import type { ContainerRow, ContainersTotals, SubjectInput } from "../answers/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import type { Result } from "./result.ts";

const BYTES_WIDTH = 12;
const LENGTH_WIDTH = 9;
const FILL_WIDTH = 3;

/** Containers as a result, in the order of the rows. */
export function containersResult(
  input: SubjectInput,
  totals: ContainersTotals,
  rows: readonly ContainerRow[],
): Result<"coregram/containers@1"> {
  return {
    schema: "coregram/containers@1",
    input,
    totals,
    rows,
    entries: rows,
    plain: plainContainer,
    fields: [
      { key: "type", value: (row) => row.type },
      { key: "address", value: (row) => row.address },
      { key: "length", value: (row) => row.length },
      { key: "capacity", value: (row) => row.capacity },
      { key: "bytes", value: (row) => row.bytes },
    ],
    table: {
      columns: [
        { header: "Size", align: "right", cell: (row) => formatBytes(row.bytes) },
        { header: "Length", align: "right", cell: (row) => formatCount(row.length) },
        { header: "Fill", align: "right", cell: (row) => `${fillOf(row)} %` },
        { header: "Address", align: "left", cell: (row) => row.address },
        { header: "Type", align: "left", cell: (row) => row.type },
      ],
      foot: tableFoot(totals),
    },
  };
}

/** Bytes, length, fill in percent, address, type: columns for awk and sort. */
function plainContainer(row: ContainerRow): string {
  const bytes = String(row.bytes).padStart(BYTES_WIDTH);
  const length = String(row.length).padStart(LENGTH_WIDTH);
  return `${bytes} ${length} ${String(fillOf(row)).padStart(FILL_WIDTH)}  ${row.address}  ${row.type}`;
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
