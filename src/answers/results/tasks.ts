import { defineColumns, defineResult, type RowOf, type TotalsOf } from "./columns.ts";
import { RUNTIME, SUBJECT } from "./subject.ts";

/** The tasks of event loops that have not ended, and which waits for which. */
export const TASKS = defineResult({
  schema: "coregram/tasks@1",
  doc: "asyncio's tasks that have not ended, each below the first that waits for it, with the functions that it is in.",
  input: SUBJECT,
  totals: {
    ...RUNTIME,
    pending: { kind: "count", doc: "Tasks that have not ended: as many as there are rows." },
    finished: { kind: "count", doc: "Tasks that have ended, and are still held." },
    cancelled: { kind: "count", doc: "Tasks that were cancelled, and are still held." },
    isInferred: {
      kind: "flag",
      doc: "Whether who waits for whom is told by callbacks and closures, as tasks do not say it (before 3.14): gather, wait, wait_for, shield and TaskGroup are seen through.",
    },
    isCut: { kind: "flag", doc: "Whether there are more tasks than were read." },
  },
  row: {
    depth: {
      kind: "count",
      doc: "How many tasks wait for it, one for the other, on the way to it from the first.",
    },
    address: { kind: "address", title: "Address", doc: "Of the task." },
    name: {
      kind: "text",
      tells: "label",
      nullable: true,
      title: "Task",
      doc: "Its name; null before 3.8, and where it is not saved.",
    },
    state: {
      kind: "choice",
      values: ["created", "running", "waiting", "ready"],
      title: "State",
      doc: "created: none of it has run; running: a thread is in it; waiting: for something; ready: its loop is to run it.",
    },
    waitsFor: {
      kind: "object",
      nullable: true,
      doc: "The future or task that it waits for; null where it waits for none.",
      columns: defineColumns({
        address: { kind: "address", doc: "Its address." },
        type: { kind: "text", tells: "type", doc: "Its type." },
      }),
    },
    awaitedBy: { kind: "list", of: { kind: "address" }, doc: "Tasks that wait for it." },
    frames: {
      kind: "list",
      doc: "Its coroutine and what that awaits, the outermost first, as far as they are functions.",
      of: {
        kind: "object",
        columns: defineColumns({
          function: {
            kind: "text",
            tells: "function",
            nullable: true,
            doc: "Its qualified name, up to 3.10 its name.",
          },
          file: { kind: "text", tells: "file", nullable: true, doc: "As the code has it." },
          line: { kind: "number", nullable: true, doc: "The line that runs, or waits." },
        }),
      },
    },
  },
});

export type TasksTotals = TotalsOf<typeof TASKS>;
export type TaskRow = RowOf<typeof TASKS>;
