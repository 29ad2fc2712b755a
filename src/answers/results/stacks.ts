import { defineColumns, defineResult, type RowOf, type TotalsOf } from "./columns.ts";
import { RUNTIME, SUBJECT } from "./subject.ts";

const LOCAL = defineColumns({
  name: {
    kind: "text",
    tells: "variable",
    nullable: true,
    doc: "Its name; null where the code does not say.",
  },
  kind: {
    kind: "choice",
    values: ["argument", "local", "cell", "free"],
    doc: "cell: functions within share it; free: a function around has it.",
  },
  address: { kind: "address", doc: "Of what it has." },
  type: {
    kind: "text",
    tells: "type",
    nullable: true,
    doc: "Its type; null where no object is found there.",
  },
  bytes: { kind: "bytes", nullable: true, doc: "As sys.getsizeof has it; null as above." },
  value: {
    kind: "text",
    tells: "value",
    nullable: true,
    doc: "On one line, cut short; null where there is nothing to say but the type.",
  },
});

const EXCEPTION = defineColumns({
  address: { kind: "address", doc: "The exception's, or its type's where it was not made yet." },
  type: { kind: "text", tells: "type", doc: "Its type." },
  text: {
    kind: "text",
    tells: "value",
    nullable: true,
    doc: "With what it was made of, a value of the process: null without --locals.",
  },
});

/** A thread as the runtime knows it. */
const THREAD = defineColumns({
  thread: {
    kind: "number",
    nullable: true,
    doc: "The system's number; null where none of the process's threads is known to be it.",
  },
  name: {
    kind: "text",
    tells: "label",
    nullable: true,
    doc: "What threading calls it; null for the main thread and what C code started.",
  },
  ident: { kind: "address", doc: "pthread_self(), which threading calls ident." },
  interpreter: { kind: "count", doc: "Which interpreter it runs in; 0 is the first that there was." },
  frames: { kind: "count", doc: "Its frames; 0 where no Python runs in it." },
  stack: { kind: "count", doc: "Of the rows' stacks the one that it has." },
  gil: {
    kind: "choice",
    values: ["holds", "waits"],
    nullable: true,
    doc: "Whether it holds the GIL, or waits for it; null where it does neither, and where that is not known.",
  },
  call: {
    kind: "object",
    nullable: true,
    doc: "The system call that it was in; null where it was in none, or the machine does not tell.",
    columns: defineColumns({
      number: { kind: "number", doc: "Its number." },
      name: {
        kind: "text",
        tells: "ours",
        nullable: true,
        doc: "Its name; null where it is newer than those that are known.",
      },
      file: {
        kind: "number",
        nullable: true,
        doc: "The file descriptor that it is about; null where it is about none.",
      },
      arguments: {
        kind: "list",
        of: { kind: "address", tells: "word" },
        doc: "The registers of its arguments.",
      },
    }),
  },
  waits: {
    kind: "object",
    nullable: true,
    doc: "What it waits for; null where that is no lock.",
    columns: defineColumns({
      kind: {
        kind: "choice",
        values: ["gil", "lock", "rlock", "futex"],
        doc: "futex: of what, is not known.",
      },
      address: { kind: "address", doc: "Of the lock object; of what it waits at, where that is none." },
      path: {
        kind: "text",
        tells: "path",
        nullable: true,
        doc: "The lock's path from a root; null where it has none, it was not looked up, or it is no object.",
      },
      owner: {
        kind: "address",
        nullable: true,
        doc: "ident of the thread that has it; null where a lock does not say.",
      },
      depth: { kind: "count", nullable: true, doc: "How many times that thread took it; null as above." },
    }),
  },
  raises: {
    kind: "object",
    nullable: true,
    doc: "The exception that makes its way up right now.",
    columns: EXCEPTION,
  },
  handles: {
    kind: "list",
    of: { kind: "object", columns: EXCEPTION },
    doc: "The exceptions that it handles, the innermost first; one a frame, generator or coroutine that is in a handler.",
  },
  isStackSaved: {
    kind: "flag",
    nullable: true,
    doc: "Whether its C stack is in the core, and no zeros; null where it is not known where that is.",
  },
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
    deadlocks: {
      kind: "list",
      doc: "Threads that wait for each other, by ident: each for a lock that the next has, the last for one of the first's.",
      of: { kind: "list", of: { kind: "address" } },
    },
    greenlets: {
      kind: "count",
      nullable: true,
      doc: "Greenlets that wait to be switched to; null where none were looked for: there is no such module, or the heap was not read.",
    },
    threads: {
      kind: "list",
      doc: "Its Python threads, the oldest first.",
      of: { kind: "object", columns: THREAD },
    },
    command: {
      kind: "text",
      tells: "value",
      nullable: true,
      doc: "The process's command line, as far as the core has it.",
    },
    pid: { kind: "number", nullable: true, doc: "Its number." },
  },
  row: {
    stack: {
      kind: "count",
      doc: "Number of the stack, from 0 on, in the order of threads; those of greenlets follow.",
    },
    thread: {
      kind: "number",
      nullable: true,
      title: "Thread",
      doc: "The system's number of the first thread that has this stack; null as above.",
    },
    name: { kind: "text", tells: "label", nullable: true, title: "Name", doc: "Its name, as above." },
    threads: {
      kind: "count",
      title: "Threads",
      doc: "How many threads have this stack; 1 with --unfold, 0 of greenlets.",
    },
    greenlets: {
      kind: "count",
      title: "Greenlets",
      doc: "How many greenlets that wait have this stack; 0 of threads.",
    },
    depth: { kind: "count", title: "Depth", doc: "0 is the most recent call." },
    function: {
      kind: "text",
      tells: "function",
      nullable: true,
      title: "Function",
      doc: "Its qualified name, up to 3.10 its name; null where its code does not say.",
    },
    file: {
      kind: "text",
      tells: "file",
      nullable: true,
      title: "File",
      doc: "As the code has it; null as above.",
    },
    line: { kind: "number", nullable: true, title: "Line", doc: "The line that runs." },
    locals: {
      kind: "list",
      nullable: true,
      of: { kind: "object", columns: LOCAL },
      doc: "Its variables that have a value, arguments first, those of comprehensions that are part of it left out; none of modules and classes, whose names are in dicts. Null without --locals.",
    },
    state: {
      kind: "text",
      tells: "prose",
      nullable: true,
      title: "State",
      doc: "What the threads of this stack have and wait for, in a line; null but for depth 0.",
    },
  },
});

export type StacksTotals = TotalsOf<typeof STACKS>;
export type StackRow = RowOf<typeof STACKS>;
export type StackThread = StacksTotals["threads"][number];
export type StackLocal = NonNullable<StackRow["locals"]>[number];
