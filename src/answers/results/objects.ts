import { type Columns, defineColumns } from "./columns.ts";

const ADDRESS = { kind: "address", doc: "The object's." } as const;
const TYPE = { kind: "text", tells: "type", doc: "Its type." } as const;
const DESCRIPTOR = {
  kind: "number",
  nullable: true,
  doc: "Its descriptor; null where it is closed.",
} as const;

const FILE = defineColumns({
  fd: DESCRIPTOR,
  path: {
    kind: "text",
    tells: "value",
    nullable: true,
    doc: "What it was opened by; null where that was a descriptor, or is not saved.",
  },
  mode: { kind: "text", tells: "ours", doc: "As FileIO.mode has it: rb, wb, ab+, …" },
  type: { kind: "text", tells: "type", doc: "Of the outermost object around the descriptor." },
  address: { kind: "address", doc: "That object's." },
});

const SOCKET = defineColumns({
  fd: DESCRIPTOR,
  family: { kind: "text", tells: "ours", doc: "AF_INET, …; a number where it has another." },
  kind: { kind: "text", tells: "ours", doc: "SOCK_STREAM, …; as above." },
  timeoutMillis: {
    kind: "number",
    nullable: true,
    doc: "What a call waits at the most, rounded up; 0 where it does not wait, null where it waits as long as it takes.",
  },
  type: TYPE,
  address: ADDRESS,
});

const LOOP = defineColumns({
  state: {
    kind: "choice",
    values: ["running", "stopped", "closed"],
    nullable: true,
    doc: "Null where it does not say, as one of native code.",
  },
  ready: { kind: "count", nullable: true, doc: "Callbacks that it is to run next; null as above." },
  scheduled: {
    kind: "count",
    nullable: true,
    doc: "Timers, those cancelled among them that it still has; null as above.",
  },
  thread: {
    kind: "number",
    nullable: true,
    doc: "The number of the thread that it runs in; null where it runs in none, or that is not known.",
  },
  type: TYPE,
  address: ADDRESS,
});

/** How many there are of a kind, and the first of them. */
function listOf<const Item extends Columns>(item: Item, order: string) {
  return defineColumns({
    open: { kind: "count", doc: "How many are open." },
    closed: { kind: "count", doc: "How many were closed, and are still there." },
    isCut: { kind: "flag", doc: "Whether there are more than were counted." },
    list: { kind: "list", doc: `The first 10,000: ${order}.`, of: { kind: "object", columns: item } },
  });
}

/** What only the heap tells of a process. */
export const OBJECTS = defineColumns({
  files: { kind: "object", doc: "Files.", columns: listOf(FILE, "open ones first, by descriptor") },
  sockets: { kind: "object", doc: "Sockets.", columns: listOf(SOCKET, "open ones first, by descriptor") },
  loops: {
    kind: "object",
    doc: "Event loops of asyncio, and what derives from them.",
    columns: listOf(LOOP, "those that run first, closed ones last"),
  },
  uncollectable: {
    kind: "object",
    nullable: true,
    doc: "gc.garbage: what the collector found and could not free, or was told to keep; null where its state is not found.",
    columns: {
      count: { kind: "count", doc: "How many objects." },
      types: {
        kind: "list",
        doc: "Of the first 1,048,576 of them, by type, the most first.",
        of: { kind: "object", columns: { type: TYPE, count: { kind: "count", doc: "How many." } } },
      },
    },
  },
});
