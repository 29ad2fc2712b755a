import { defineColumns, type RecordOf } from "./columns.ts";
import { AMOUNTS } from "./subject.ts";
import { TRACE_FRAME } from "./traces.ts";

/** A function whose code names what a finding is about. */
const PLACE = defineColumns({
  file: { kind: "text", tells: "file", doc: "The file, and the folder that it is in." },
  line: { kind: "number", doc: "The line." },
  function: { kind: "text", tells: "function", doc: "Profiler.end" },
  adds: { kind: "flag", doc: "Whether an instruction on the line adds to it." },
  removes: { kind: "flag", doc: "Whether one takes from it, empties it or puts another in its place." },
  replaces: { kind: "flag", doc: "Whether all of these put another in its place." },
  mayAdd: {
    kind: "flag",
    doc: "Whether the function names what adds to a container, where its instructions do not tell.",
  },
  mayRemove: {
    kind: "flag",
    doc: "Whether one gives it to other code, which may take from it, or compares how long it is.",
  },
});

const FAN_OUT = defineColumns({
  path: { kind: "text", tells: "path", doc: "Where they are, items folded: app.server.rooms[*]." },
  containers: { kind: "count", doc: "How many they are." },
  items: { kind: "count", doc: "The items of all of them." },
});

/** A line and what it allocated, by tracemalloc's tables. */
export const ALLOCATED_PLACE = defineColumns({ ...TRACE_FRAME, ...AMOUNTS });

/** The same of one type. */
export const ALLOCATED_LINE = defineColumns({
  type: {
    kind: "text",
    tells: "type",
    nullable: true,
    doc: "The type's name; native memory has its name for a type.",
  },
  ...ALLOCATED_PLACE,
});

/** What a large part of a process's memory is told by. */
export const EVIDENCE = defineColumns({
  places: {
    kind: "list",
    doc: "Functions whose code names it, those that add to it first.",
    of: { kind: "object", columns: PLACE },
  },
  itemBytes: { kind: "bytes", nullable: true, doc: "What there is to each item; null where it has none." },
  fanOut: {
    kind: "object",
    nullable: true,
    doc: "Of a container of few items, those among what it holds that have many; null where there are none.",
    columns: FAN_OUT,
  },
  grewItems: {
    kind: "number",
    signed: true,
    nullable: true,
    doc: "By how many items it grew since the earlier core; null without one.",
  },
  allocatedAt: {
    kind: "list",
    nullable: true,
    doc: "The few lines that allocated most of what it keeps for itself; null where tracemalloc was not tracing, and of what belongs to no owner.",
    of: { kind: "object", columns: ALLOCATED_PLACE },
  },
});

/** What looks like a leak. */
export const SUSPECT = defineColumns({
  verdict: {
    kind: "choice",
    values: ["leak", "looks like a leak", "biggest"],
    doc: "As in diagnose@1.",
  },
  bytes: {
    kind: "bytes",
    doc: "What would go with it, native memory too, less what other suspects among it hold.",
  },
  memoryBytes: { kind: "bytes", doc: "The process's memory: saved, less what was only reserved." },
  items: { kind: "count", nullable: true, doc: "Its items, or objects that are held together." },
  ...EVIDENCE,
  grewBytes: {
    kind: "number",
    signed: true,
    nullable: true,
    doc: "By how much it grew since the earlier core; null without one.",
  },
});

/** What several owners hold together has these in place of a path, and its type. */
export const HELD_BY = defineColumns({
  holders: {
    kind: "list",
    nullable: true,
    doc: "As in owners@1: containers that hold it together.",
    of: { kind: "text", tells: "path" },
  },
  type: { kind: "text", tells: "type", nullable: true, doc: "Its type, as in owners@1." },
});

/** A suspect where no row says what it is. */
export const NAMED_SUSPECT = defineColumns({
  path: { kind: "text", tells: "path", nullable: true, doc: "As in owners@1." },
  ...HELD_BY,
  ...SUSPECT,
});

export type AllocatedPlace = RecordOf<typeof ALLOCATED_PLACE>;
export type AllocatedLine = RecordOf<typeof ALLOCATED_LINE>;
export type DiagnosePlace = RecordOf<typeof PLACE>;
export type SuspectFields = RecordOf<typeof SUSPECT>;
export type NamedSuspect = RecordOf<typeof NAMED_SUSPECT>;
