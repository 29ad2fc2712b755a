import { defineResult, type RowOf, type TotalsOf } from "./columns.ts";
import { RUNTIME, SUBJECT } from "./subject.ts";

/** Generators, coroutines and async generators that have not ended. */
export const GENERATORS = defineResult({
  schema: "coregram/generators@1",
  doc: "Generators, coroutines and async generators that have not ended: those of one kind, in one state, at one place are a row.",
  input: SUBJECT,
  totals: {
    ...RUNTIME,
    count: { kind: "count", doc: "Those that have not ended: the sum of all rows." },
    created: { kind: "count", doc: "Of these, those of which nothing has run." },
    suspended: { kind: "count", doc: "Those that wait to be gone on with." },
    running: { kind: "count", doc: "Those that a thread is in." },
    finished: { kind: "count", doc: "Those that have ended, and are still held." },
    isCut: { kind: "flag", doc: "Whether there are more than were read." },
  },
  row: {
    count: { kind: "count", title: "Count", doc: "How many there are." },
    kind: {
      kind: "choice",
      values: ["coroutine", "generator", "async_generator"],
      title: "Kind",
      doc: "Of which type.",
    },
    state: {
      kind: "choice",
      values: ["created", "suspended", "running"],
      title: "State",
      doc: "created: none of it has run, as of a coroutine that nobody awaited; suspended: at a yield or await; running: a thread is in it.",
    },
    function: {
      kind: "text",
      tells: "function",
      nullable: true,
      title: "Function",
      doc: "Its qualified name, up to 3.10 its name.",
    },
    file: { kind: "text", tells: "file", nullable: true, title: "File", doc: "As the code has it." },
    line: { kind: "number", nullable: true, title: "Line", doc: "The line where it goes on from." },
    awaits: {
      kind: "text",
      tells: "type",
      nullable: true,
      title: "Awaits",
      doc: "The type of what it awaits, or yields from; null where it does neither.",
    },
  },
});

export type GeneratorsTotals = TotalsOf<typeof GENERATORS>;
export type GeneratorRow = RowOf<typeof GENERATORS>;
