import { type Result, STACKS, type StackRow } from "../answers/results/index.ts";
import { formatCount } from "../terms/index.ts";
import { tableColumn } from "./column.ts";
import type { FoldedStack, Presentation } from "./view.ts";

const UNKNOWN = "?";

/** `coregram stacks`: a frame a line; in the table a stack's first line names its threads. */
export function presentStacks({ totals, rows }: Result<"coregram/stacks@1">): Presentation<StackRow> {
  let last = -1;
  const idle = totals.threads.filter(({ frames }) => frames === 0).length;
  const others = totals.processThreads - totals.threads.filter(({ thread }) => thread !== null).length;
  return {
    lines: rows,
    stacks: foldedStacks(rows),
    plain: (row) =>
      `${row.thread ?? UNKNOWN} ${row.threads} ${row.depth}  ${row.function ?? UNKNOWN}  ${placeOf(row)}${row.state === null ? "" : `  ${row.state}`}`,
    table: {
      columns: [
        {
          header: "Thread",
          align: "left",
          cell: (row) => {
            const isFirst = row.stack !== last;
            last = row.stack;
            return isFirst ? threadOf(row) : "";
          },
        },
        tableColumn(STACKS.row, "function"),
        { header: "File and line", align: "left", cell: placeOf },
        tableColumn(STACKS.row, "state"),
      ],
      foot: [
        [
          `threads with Python: ${formatCount(totals.threads.length)}, ${formatCount(idle)} of them running none`,
        ],
        [`other threads: ${formatCount(Math.max(0, others))}`],
      ],
    },
  };
}

/** How many threads have each stack. */
function* foldedStacks(rows: Iterable<StackRow>): Generator<FoldedStack> {
  const stacks = new Map<number, StackRow[]>();
  for (const row of rows) {
    const stack = stacks.get(row.stack);
    if (stack === undefined) stacks.set(row.stack, [row]);
    else stack.push(row);
  }
  for (const stack of stacks.values()) {
    const frames = stack.sort((a, b) => b.depth - a.depth);
    yield {
      frames: frames.map((row) => `${row.function ?? UNKNOWN} (${placeOf(row)})`),
      weight: frames[0]?.threads ?? 0,
    };
  }
}

function threadOf({ thread, name, threads }: StackRow): string {
  const number = (thread === null ? UNKNOWN : String(thread)) + (name === null ? "" : ` ${name}`);
  return threads === 1 ? number : `${formatCount(threads)} threads: ${number} …`;
}

function placeOf({ file, line }: StackRow): string {
  return `${file ?? UNKNOWN}:${line ?? UNKNOWN}`;
}
