import type { DiffInput, DiffRow, DiffTotals, TrendInput, TrendRow, TrendTotals } from "../answers/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import type { Result } from "./result.ts";

const BYTES_WIDTH = 12;
const COUNT_WIDTH = 9;

/** What grew between two cores, in the order of the rows. */
export function diffResult(
  input: DiffInput,
  totals: DiffTotals,
  rows: readonly DiffRow[],
): Result<"coregram/diff@1"> {
  const isOwner = totals.by === "owner";
  const hasFresh = rows.some(({ freshCount }) => freshCount !== null);
  return {
    schema: "coregram/diff@1",
    input,
    totals,
    rows,
    entries: rows,
    plain: (row) => plainDiff(row, isOwner),
    fields: [
      { key: "by", value: (row) => row.by },
      { key: "name", value: (row) => row.name },
      { key: "oldCount", value: (row) => row.oldCount },
      { key: "newCount", value: (row) => row.newCount },
      { key: "countDiff", value: (row) => row.countDiff },
      { key: "oldBytes", value: (row) => row.oldBytes },
      { key: "newBytes", value: (row) => row.newBytes },
      { key: "bytesDiff", value: (row) => row.bytesDiff },
      { key: "oldLength", value: (row) => row.oldLength },
      { key: "newLength", value: (row) => row.newLength },
      { key: "freshCount", value: (row) => row.freshCount },
      { key: "freshBytes", value: (row) => row.freshBytes },
    ],
    table: {
      columns: [
        { header: "Size", align: "right", cell: (row) => formatBytes(row.newBytes) },
        { header: "Change", align: "right", cell: (row) => signed(row.bytesDiff, formatBytes) },
        { header: "Count", align: "right", cell: (row) => formatCount(row.newCount) },
        { header: "Change", align: "right", cell: (row) => signed(row.countDiff, formatCount) },
        ...(isOwner
          ? [{ header: "Items", align: "right" as const, cell: (row: DiffRow) => lengths(row) }]
          : []),
        ...(hasFresh
          ? [
              {
                header: "New",
                align: "right" as const,
                cell: (row: DiffRow) => formatCount(row.freshCount ?? 0),
              },
            ]
          : []),
        { header: "Average", align: "right", cell: (row) => average(row) },
        { header: "Name", align: "left", cell: (row) => row.name },
      ],
      foot: diffFoot(totals),
    },
  };
}

/** Bytes and change, count and change, of owners items and change, with --new how many are new, name: columns for awk and sort. */
function plainDiff(row: DiffRow, isOwner: boolean): string {
  const columns = [
    String(row.newBytes).padStart(BYTES_WIDTH),
    signed(row.bytesDiff, String).padStart(BYTES_WIDTH),
    String(row.newCount).padStart(COUNT_WIDTH),
    signed(row.countDiff, String).padStart(COUNT_WIDTH),
  ];
  if (isOwner) {
    const { oldLength, newLength } = row;
    const diff = lengthDiff(row);
    columns.push(String(newLength ?? oldLength ?? "-").padStart(COUNT_WIDTH));
    columns.push((diff === null ? "-" : signed(diff, String)).padStart(COUNT_WIDTH));
  }
  if (row.freshCount !== null) columns.push(String(row.freshCount).padStart(COUNT_WIDTH));
  return `${columns.join(" ")}  ${row.name}`;
}

function lengthDiff({ oldLength, newLength }: DiffRow): number | null {
  return oldLength === null && newLength === null ? null : (newLength ?? 0) - (oldLength ?? 0);
}

function lengths(row: DiffRow): string {
  const diff = lengthDiff(row);
  return diff === null ? "" : `${formatCount(row.newLength ?? 0)} (${signed(diff, formatCount)})`;
}

function average({ newBytes, newCount }: DiffRow): string {
  return newCount === 0 ? "" : formatBytes(Math.round(newBytes / newCount));
}

function signed(value: number, format: (value: number) => string): string {
  return `${value < 0 ? "-" : "+"}${format(Math.abs(value))}`;
}

function diffFoot(totals: DiffTotals): string[][] {
  const all = [
    formatBytes(totals.newBytes),
    signed(totals.newBytes - totals.oldBytes, formatBytes),
    formatCount(totals.newCount),
    signed(totals.newCount - totals.oldCount, formatCount),
    "in all",
  ];
  return totals.restRows === 0
    ? [all]
    : [["", "", "", "", `… ${formatCount(totals.restRows)} more that changed`], all];
}

/** Several cores, oldest first: bytes of each name in every one. */
export function trendResult(
  input: TrendInput,
  totals: TrendTotals,
  rows: readonly TrendRow[],
): Result<"coregram/trend@1"> {
  const cores = input.cores.map((_, index) => index);
  return {
    schema: "coregram/trend@1",
    input,
    totals,
    rows,
    entries: rows,
    plain: (row) =>
      `${row.bytes.map((bytes) => String(bytes).padStart(BYTES_WIDTH)).join(" ")} ${signed(row.bytesDiff, String).padStart(BYTES_WIDTH)}  ${row.name}`,
    fields: [
      { key: "by", value: (row) => row.by },
      { key: "name", value: (row) => row.name },
      { key: "counts", value: (row) => row.counts },
      { key: "bytes", value: (row) => row.bytes },
      { key: "countDiff", value: (row) => row.countDiff },
      { key: "bytesDiff", value: (row) => row.bytesDiff },
      { key: "steps", value: (row) => row.steps },
    ],
    table: {
      columns: [
        ...cores.map((index) => ({
          header: `Core ${index + 1}`,
          align: "right" as const,
          cell: (row: TrendRow) => formatBytes(row.bytes[index] ?? 0),
        })),
        { header: "Change", align: "right", cell: (row) => signed(row.bytesDiff, formatBytes) },
        { header: "Name", align: "left", cell: (row) => row.name },
      ],
      foot: [[...totals.bytes.map(formatBytes), "", "in all"]],
    },
  };
}
