import {
  defineColumns,
  defineResult,
  type InputOf,
  type RecordOf,
  type RowOf,
  type TotalsOf,
} from "./columns.ts";
import { DIAGNOSE } from "./diagnose.ts";
import { HELD_BY } from "./evidence.ts";
import { OWNERS } from "./owners.ts";

const CGROUP = defineColumns({
  path: { kind: "text", tells: "input", doc: "As /proc/PID/cgroup has it." },
  usedBytes: {
    kind: "bytes",
    doc: "What its processes use together, without file pages that were not used lately.",
  },
  limitBytes: {
    kind: "bytes",
    nullable: true,
    doc: "What they may: its own limit, or that of one around it that is nearer; null for none.",
  },
});

/** What an owner has, and what became of it. */
const OWNER = defineColumns({
  path: { kind: "text", tells: "path", nullable: true, doc: "As in owners@1." },
  ...HELD_BY,
  bytes: { kind: "bytes", doc: "What it keeps for itself, native memory too." },
  length: { kind: "count", nullable: true, doc: "Its items; null where it has none." },
  bytesDiff: {
    kind: "bytes",
    signed: true,
    nullable: true,
    doc: "By how much it grew since owners were last looked for; null the first time.",
  },
  bytesSinceFirst: {
    kind: "bytes",
    signed: true,
    nullable: true,
    doc: "By how much since the first time. Owners of less than 0.01 % of the heap count as none.",
  },
  holds: OWNERS.row.holds,
});

const MOMENT = defineColumns({
  condition: { kind: "text", tells: "prose", doc: "What --when said, and holds." },
  folder: {
    kind: "text",
    tells: "input",
    nullable: true,
    doc: "Where the answer is; null where it could not be taken.",
  },
});

/** One look at a living process: a frame a sample. */
export const WATCH = defineResult({
  schema: "coregram/watch@1",
  doc: "A living process at one moment, and what changed since the last look at it and since the first. The rows are its types, most live bytes first.",
  input: {
    path: { kind: "text", tells: "input", doc: "--pid and its number." },
    pid: { kind: "number", doc: "Its number." },
    name: { kind: "text", tells: "label", doc: "As ps calls it." },
  },
  totals: {
    sample: { kind: "count", doc: "Which look at this process it is, from 1 on." },
    time: { kind: "text", tells: "ours", doc: "When: 2026-11-27T03:12:17.000Z." },
    millisSinceFirst: { kind: "count", doc: "Since the first look at it." },
    state: {
      kind: "choice",
      values: ["first", "running", "stopped", "ended"],
      doc: "first: of this process it is the first frame; stopped: by a signal, and not by the watcher; ended: it is gone, and its last frame has nothing else to say.",
    },
    problem: {
      kind: "text",
      tells: "prose",
      nullable: true,
      doc: "Why this frame has no rows, although it is alive; null where it has.",
    },
    rssBytes: { kind: "bytes", nullable: true, doc: "Memory that it has; null where it is gone." },
    rssDiff: {
      kind: "bytes",
      signed: true,
      nullable: true,
      doc: "By how much it grew since the last frame; null in the first.",
    },
    rssSinceFirst: {
      kind: "bytes",
      signed: true,
      nullable: true,
      doc: "By how much it grew since the first frame.",
    },
    swapBytes: { kind: "bytes", nullable: true, doc: "What of it is on disk." },
    cgroup: {
      kind: "object",
      nullable: true,
      doc: "The cgroup that counts its memory; null where none is to be seen.",
      columns: CGROUP,
    },
    pressurePercent: {
      kind: "count",
      nullable: true,
      doc: "Of the last 10 s, those in which some task waited for memory, in its cgroup or on the machine; null where the kernel does not tell.",
    },
    runtime: { kind: "text", tells: "ours", nullable: true, doc: "CPython 3.11; null without rows." },
    types: { kind: "count", doc: "Types that have live objects." },
    count: { kind: "count", doc: "Live objects." },
    bytes: { kind: "bytes", doc: "Their bytes, as sys.getsizeof has them." },
    memoryBytes: {
      kind: "bytes",
      nullable: true,
      doc: "As in diagnose@1: its memory that is not in files; null without rows.",
    },
    freeBytes: {
      kind: "bytes",
      nullable: true,
      doc: "Of that, what is free and kept by the allocators; null without rows.",
    },
    freeDiff: {
      kind: "bytes",
      signed: true,
      nullable: true,
      doc: "By how much that grew since the last frame that has rows; null in the first.",
    },
    restCount: { kind: "count", doc: "Objects of types in no row." },
    restBytes: { kind: "bytes", doc: "Their bytes." },
    owners: {
      kind: "list",
      nullable: true,
      doc: "Those that grew most since the first frame that has any, then the largest; null in frames between, see --owners.",
      of: { kind: "object", columns: OWNER },
    },
    findings: {
      kind: "list",
      nullable: true,
      doc: "The verdict: the rows of diagnose@1, with growth since the first frame that has any, without equal texts, which would be values; null where owners is.",
      of: { kind: "object", columns: DIAGNOSE.row },
    },
    tookMillis: { kind: "count", doc: "How long the look took." },
    cpuMillis: { kind: "count", doc: "Processor time that the watcher took for it." },
    intervalMillis: {
      kind: "count",
      doc: "From the beginning of this round to that of the next: more than --interval where the watcher would take more than 4 % of a core.",
    },
    moment: {
      kind: "object",
      nullable: true,
      doc: "Where a condition of --when made this frame: what, and where the answer is; null else.",
      columns: MOMENT,
    },
  },
  row: {
    type: { kind: "text", tells: "type", title: "Type", doc: "As in types@1." },
    address: { kind: "address", doc: "The type's." },
    count: { kind: "count", title: "Live", doc: "Live objects." },
    countDiff: {
      kind: "count",
      signed: true,
      nullable: true,
      title: "Change",
      doc: "By how many more since the last frame that has rows; null in the first.",
    },
    countSinceFirst: {
      kind: "count",
      signed: true,
      nullable: true,
      title: "Since start",
      doc: "By how many more since the first frame that has rows.",
    },
    bytes: { kind: "bytes", title: "Size", doc: "Their bytes, as sys.getsizeof has them." },
    bytesDiff: {
      kind: "bytes",
      signed: true,
      nullable: true,
      title: "Change",
      doc: "By how many more bytes, as above.",
    },
    bytesSinceFirst: {
      kind: "bytes",
      signed: true,
      nullable: true,
      title: "Since start",
      doc: "By how many more bytes, as above.",
    },
  },
});

export type WatchInput = InputOf<typeof WATCH>;
export type WatchTotals = TotalsOf<typeof WATCH>;
export type WatchRow = RowOf<typeof WATCH>;
export type WatchedOwner = RecordOf<typeof OWNER>;
export type WatchedCgroup = RecordOf<typeof CGROUP>;
