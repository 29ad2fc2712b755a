import { GENERATORS, type GeneratorRow, type Result } from "../answers/results/index.ts";
import { formatCount } from "../terms/index.ts";
import { plainCount, tableColumn } from "./column.ts";
import type { FoldedStack, Presentation } from "./view.ts";

const UNKNOWN = "?";
/** Stands for nothing that is awaited. */
const NONE = "-";

/** `coregram stacks --generators`: those at one place a line. */
export function presentGenerators({
  totals,
  rows,
}: Result<"coregram/generators@1">): Presentation<GeneratorRow> {
  const { row } = GENERATORS;
  const { count, finished } = totals;
  return {
    lines: rows,
    stacks: stacksOf(rows),
    plain: (line) =>
      `${plainCount(line.count)} ${line.kind} ${line.state}  ${line.function ?? UNKNOWN}  ${placeOf(line)}  ${line.awaits ?? NONE}`,
    table: {
      columns: [
        tableColumn(row, "count"),
        { header: row.kind.title, align: "left", cell: ({ kind }) => kind.replace("_", " ") },
        tableColumn(row, "state"),
        tableColumn(row, "function", (line: GeneratorRow) => line.function ?? UNKNOWN),
        { header: "Where it is", align: "left", cell: placeOf },
        tableColumn(row, "awaits", ({ awaits }: GeneratorRow) => awaits ?? ""),
      ],
      foot: [[formatCount(count), `not ended; ${formatCount(finished)} ended and are still held`]],
    },
  };
}

function placeOf({ file, line }: GeneratorRow): string {
  return `${file ?? UNKNOWN}:${line ?? UNKNOWN}`;
}

function* stacksOf(rows: Iterable<GeneratorRow>): Generator<FoldedStack> {
  for (const row of rows)
    yield {
      frames: [`${row.kind} ${row.state}`, `${row.function ?? UNKNOWN} (${placeOf(row)})`],
      weight: row.count,
    };
}
