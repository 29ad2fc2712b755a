import { defineColumns, defineResult, type RowOf, type TotalsOf } from "./columns.ts";
import { RUNTIME, SUBJECT } from "./subject.ts";

/** A thread as the runtime knows it. */
const THREAD = defineColumns({
  thread: {
    kind: "number",
    nullable: true,
    doc: "The system's number; null where none of the process's threads is known to be it.",
  },
  name: {
    kind: "text",
    nullable: true,
    doc: "What threading calls it; null for the main thread and what C code started.",
  },
  ident: { kind: "address", doc: "pthread_self(), which threading calls ident." },
  interpreter: { kind: "count", doc: "Which interpreter it runs in; 0 is the first that there was." },
  frames: { kind: "count", doc: "Its frames; 0 where no Python runs in it." },
  stack: { kind: "count", doc: "Of the rows' stacks the one that it has." },
  isWhole: {
    kind: "flag",
    doc: "Whether each frame led to the next. Where one did not, as the thread's C stack is not saved, frames of generators can be missing.",
  },
  isCut: { kind: "flag", doc: "Whether there are more frames than were read." },
});

/** What each Python thread was doing, a frame a row. */
export const STACKS = defineResult({
  schema: "coregram/stacks@1",
  doc: "What each Python thread was doing: its frames, the most recent call first, a frame a row.",
  input: SUBJECT,
  totals: {
    ...RUNTIME,
    processThreads: { kind: "count", doc: "Threads of the process, those without Python too." },
    isCut: { kind: "flag", doc: "Whether the list of threads is damaged: then there may be more." },
    threads: {
      kind: "list",
      doc: "Its Python threads, the oldest first.",
      of: { kind: "object", columns: THREAD },
    },
  },
  row: {
    stack: { kind: "count", doc: "Number of the stack, from 0 on, in the order of threads." },
    thread: {
      kind: "number",
      nullable: true,
      title: "Thread",
      doc: "The system's number of the first thread that has this stack; null as above.",
    },
    name: { kind: "text", nullable: true, title: "Name", doc: "Its name, as above." },
    threads: { kind: "count", title: "Threads", doc: "How many threads have this stack; 1 with --unfold." },
    depth: { kind: "count", title: "Depth", doc: "0 is the most recent call." },
    function: {
      kind: "text",
      nullable: true,
      title: "Function",
      doc: "Its qualified name, up to 3.10 its name; null where its code does not say.",
    },
    file: { kind: "text", nullable: true, title: "File", doc: "As the code has it; null as above." },
    line: { kind: "number", nullable: true, title: "Line", doc: "The line that runs." },
  },
});

export type StacksTotals = TotalsOf<typeof STACKS>;
export type StackRow = RowOf<typeof STACKS>;
