import { type Columns, DIFF, type DiffRow, type DiffTotals, type Result } from "../answers/results/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import { nameWithSymbol, plainBytes, plainCount, signed, tableColumn } from "./column.ts";
import type { Presentation } from "./view.ts";

/** What grew between two cores. Of owners a line has their items too, with --new how many objects are new. */
export function presentDiff({ totals, rows }: Result<"coregram/diff@1">): Presentation<DiffRow> {
  const { row } = DIFF;
  const isOwner = totals.by === "owner";
  // They are few, and there already: of all of them the table must know whether any says what is new.
  const lines = [...rows];
  const hasFresh = lines.some(({ freshCount }) => freshCount !== null);
  const hasNative = lines.some(
    ({ oldNativeBytes, newNativeBytes }) => (oldNativeBytes ?? 0) + (newNativeBytes ?? 0) > 0,
  );
  return {
    lines,
    plain: (line) => plainDiff(line, isOwner),
    table: {
      columns: [
        tableColumn(row, "newBytes"),
        tableColumn(row, "bytesDiff"),
        tableColumn(row, "newCount"),
        tableColumn(row, "countDiff"),
        ...(hasNative ? [tableColumn(row, "newNativeBytes", nativeBytes)] : []),
        ...(isOwner ? [tableColumn(row, "newLength", lengths)] : []),
        ...(hasFresh
          ? [tableColumn(row, "freshCount", (line: DiffRow) => formatCount(line.freshCount ?? 0))]
          : []),
        { header: "Average", align: "right", cell: average },
        tableColumn(row, "name", nameWithSymbol),
      ],
      foot: diffFoot(totals),
    },
  };
}

/** Bytes and change, count and change, of owners items and change, with --new how many are new, name: columns for awk and sort. */
function plainDiff(row: DiffRow, isOwner: boolean): string {
  const columns = [
    plainBytes(row.newBytes),
    plainBytes(signed(row.bytesDiff, String)),
    plainCount(row.newCount),
    plainCount(signed(row.countDiff, String)),
  ];
  if (isOwner) {
    const { oldLength, newLength } = row;
    const diff = lengthDiff(row);
    columns.push(plainCount(newLength ?? oldLength ?? "-"));
    columns.push(plainCount(diff === null ? "-" : signed(diff, String)));
  }
  if (row.freshCount !== null) columns.push(plainCount(row.freshCount));
  return `${columns.join(" ")}  ${nameWithSymbol(row)}`;
}

function lengthDiff({ oldLength, newLength }: DiffRow): number | null {
  return oldLength === null && newLength === null ? null : (newLength ?? 0) - (oldLength ?? 0);
}

function lengths(row: DiffRow): string {
  const diff = lengthDiff(row);
  return diff === null ? "" : `${formatCount(row.newLength ?? 0)} (${signed(diff, formatCount)})`;
}

function nativeBytes({ oldNativeBytes, newNativeBytes }: DiffRow): string {
  const [before, after] = [oldNativeBytes ?? 0, newNativeBytes ?? 0];
  return before + after === 0 ? "" : `${formatBytes(after)} (${signed(after - before, formatBytes)})`;
}

function average({ newBytes, newCount }: DiffRow): string {
  return newCount === 0 ? "" : formatBytes(Math.round(newBytes / newCount));
}

function diffFoot(totals: DiffTotals): string[][] {
  const all = [
    formatBytes(totals.newBytes),
    signed(totals.newBytes - totals.oldBytes, formatBytes),
    formatCount(totals.newCount),
    signed(totals.newCount - totals.oldCount, formatCount),
    "in all",
  ];
  const more = ["", "", "", "", `… ${formatCount(totals.restRows)} more that changed`];
  return [...(totals.restRows === 0 ? [] : [more]), all, ...balanceFoot(totals)];
}

/** The parts of memory that changed: what grew may be no object. */
function* balanceFoot({ by, oldBalance, newBalance }: DiffTotals): Generator<string[]> {
  if (by === "balance" || oldBalance === null || newBalance === null) return;
  const columns: Columns = DIFF.totals.newBalance.columns;
  const before = new Map(Object.entries(oldBalance));
  for (const [part, bytes] of Object.entries(newBalance)) {
    const diff = bytes - (before.get(part) ?? 0);
    if (diff !== 0)
      yield [formatBytes(bytes), signed(diff, formatBytes), "", "", columns[part]?.title ?? part];
  }
}
