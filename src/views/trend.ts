import { type Result, TREND, type TrendRow } from "../answers/results/index.ts";
import { formatBytes } from "../terms/index.ts";
import { nameWithSymbol, plainBytes, signed, tableColumn } from "./column.ts";
import type { Presentation } from "./view.ts";

/** Several cores, oldest first: bytes of each name in every one, and by how much they changed. */
export function presentTrend({ input, totals, rows }: Result<"coregram/trend@1">): Presentation<TrendRow> {
  const { row } = TREND;
  return {
    lines: rows,
    plain: plainTrend,
    table: {
      columns: [
        ...input.cores.map((_, index) => ({
          header: `Core ${index + 1}`,
          align: "right" as const,
          cell: ({ bytes }: TrendRow) => formatBytes(bytes[index] ?? 0),
        })),
        tableColumn(row, "bytesDiff"),
        tableColumn(row, "name", nameWithSymbol),
      ],
      foot: [[...totals.bytes.map(formatBytes), "", "in all"]],
    },
  };
}

function plainTrend(row: TrendRow): string {
  const { bytes, bytesDiff } = row;
  return `${bytes.map(plainBytes).join(" ")} ${plainBytes(signed(bytesDiff, String))}  ${nameWithSymbol(row)}`;
}
