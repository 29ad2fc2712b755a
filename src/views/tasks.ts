import { type Result, TASKS, type TaskRow } from "../answers/results/index.ts";
import { formatCount } from "../terms/index.ts";
import { tableColumn } from "./column.ts";
import type { FoldedStack, Presentation } from "./view.ts";

const UNKNOWN = "?";
const INDENT = "    ";

/** `coregram stacks --tasks`: a task a line; the table is a tree, as that of `python -m asyncio pstree`. */
export function presentTasks({ totals, rows }: Result<"coregram/tasks@1">): Presentation<TaskRow> {
  const { finished, cancelled, pending } = totals;
  return {
    lines: rows,
    stacks: foldedTasks(rows),
    plain: plainTask,
    table: {
      columns: [
        {
          header: "Task",
          align: "left",
          cell: (row) => `${INDENT.repeat(row.depth)}(T) ${row.name ?? row.address}`,
        },
        tableColumn(TASKS.row, "state"),
        { header: "Waits for", align: "left", cell: ({ waitsFor }) => waitsFor?.type ?? "" },
        { header: "Where it is", align: "left", cell: framesText },
      ],
      foot: [
        [
          `tasks: ${formatCount(pending)} not ended; ${formatCount(finished)} ended and ${formatCount(cancelled)} cancelled are still held`,
        ],
      ],
    },
  };
}

/** Address, depth, state, name, the innermost function and its place, what is waited for. */
function plainTask(row: TaskRow): string {
  const frame = row.frames.at(-1);
  const where = frame === undefined ? UNKNOWN : `${frame.function ?? UNKNOWN}  ${placeOf(frame)}`;
  const text = `${row.address} ${row.depth} ${row.state}  ${row.name ?? UNKNOWN}  ${where}`;
  return row.waitsFor === null ? text : `${text}  ${row.waitsFor.type}`;
}

/** `main app.py:12 -> fetch app.py:40`. */
function framesText({ frames }: TaskRow): string {
  return frames.map((frame) => `${frame.function ?? UNKNOWN} ${placeOf(frame)}`).join(" -> ");
}

function placeOf({ file, line }: TaskRow["frames"][number]): string {
  return `${file ?? UNKNOWN}:${line ?? UNKNOWN}`;
}

/** How many tasks are in the same functions. */
function* foldedTasks(rows: Iterable<TaskRow>): Generator<FoldedStack> {
  const counts = new Map<string, { readonly frames: readonly string[]; weight: number }>();
  for (const row of rows) {
    const frames = row.frames.map((frame) => `${frame.function ?? UNKNOWN} (${placeOf(frame)})`);
    const key = frames.join("\n");
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { frames, weight: 1 });
    else known.weight += 1;
  }
  yield* counts.values();
}
