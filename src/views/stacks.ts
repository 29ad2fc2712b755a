import { type Result, STACKS, type StackLocal, type StackRow } from "../answers/results/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import { tableColumn } from "./column.ts";
import { dumpLines } from "./pyspy.ts";
import type { FoldedStack, Presentation } from "./view.ts";

const UNKNOWN = "?";

/** A line: a frame, or a variable of the frame above it. */
interface Line {
  readonly row: StackRow;
  readonly local: StackLocal | null;
}

/** `coregram stacks`: a frame a line; in the table a stack's first line names its threads. */
export function presentStacks(result: Result<"coregram/stacks@1">): Presentation<Line> {
  const { totals, rows } = result;
  let last = -1;
  const idle = totals.threads.filter(({ frames }) => frames === 0).length;
  const others = totals.processThreads - totals.threads.filter(({ thread }) => thread !== null).length;
  return {
    lines: linesOf(rows),
    stacks: foldedStacks(rows),
    dump: dumpLines(result),
    plain: plainLine,
    table: {
      columns: [
        {
          header: "Thread",
          align: "left",
          cell: ({ row }) => {
            const isFirst = row.stack !== last;
            last = row.stack;
            return isFirst ? threadOf(row) : "";
          },
        },
        {
          ...tableColumn(STACKS.row, "function"),
          cell: ({ row, local }) =>
            local === null ? (row.function ?? UNKNOWN) : `  ${local.name ?? UNKNOWN}`,
        },
        {
          header: "File and line",
          align: "left",
          cell: ({ row, local }) => (local === null ? placeOf(row) : localText(local)),
        },
        {
          ...tableColumn(STACKS.row, "state"),
          cell: ({ row, local }) => (local === null ? (row.state ?? "") : ""),
        },
      ],
      foot: [
        [
          `threads with Python: ${formatCount(totals.threads.length)}, ${formatCount(idle)} of them running none`,
        ],
        [`other threads: ${formatCount(Math.max(0, others))}`],
        ...(totals.greenlets === null ? [] : [[`greenlets that wait: ${formatCount(totals.greenlets)}`]]),
      ],
    },
  };
}

function* linesOf(rows: Iterable<StackRow>): Generator<Line> {
  for (const row of rows) {
    yield { row, local: null };
    for (const local of row.locals ?? []) yield { row, local };
  }
}

function plainLine({ row, local }: Line): string {
  const whose = row.greenlets > 0 ? `greenlet ${row.greenlets}` : `${row.thread ?? UNKNOWN} ${row.threads}`;
  const where = `${whose} ${row.depth}`;
  if (local !== null) {
    const { name, type, bytes, value } = local;
    const text = `${where}    ${name ?? UNKNOWN}  ${type ?? UNKNOWN}  ${bytes ?? UNKNOWN}`;
    return value === null ? text : `${text}  ${value}`;
  }
  const frame = `${where}  ${row.function ?? UNKNOWN}  ${placeOf(row)}`;
  return row.state === null ? frame : `${frame}  ${row.state}`;
}

function localText({ type, bytes, value }: StackLocal): string {
  const what = `${type ?? UNKNOWN}${bytes === null ? "" : `, ${formatBytes(bytes)}`}`;
  return value === null ? what : `${what}: ${value}`;
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
      weight: frames[0] === undefined ? 0 : frames[0].threads + frames[0].greenlets,
    };
  }
}

function threadOf({ thread, name, threads, greenlets }: StackRow): string {
  if (greenlets > 0) return greenlets === 1 ? "a greenlet" : `${formatCount(greenlets)} greenlets`;
  const number = (thread === null ? UNKNOWN : String(thread)) + (name === null ? "" : ` ${name}`);
  return threads === 1 ? number : `${formatCount(threads)} threads: ${number} …`;
}

function placeOf({ file, line }: StackRow): string {
  return `${file ?? UNKNOWN}:${line ?? UNKNOWN}`;
}
