import { type Columns, defineColumns, type RecordOf } from "./columns.ts";
import { DIAGNOSE } from "./diagnose.ts";
import { INFO } from "./info.ts";
import { OWNERS } from "./owners.ts";
import { STACKS } from "./stacks.ts";
import { SUBJECT } from "./subject.ts";
import { TRACES } from "./traces.ts";
import { TYPES } from "./types.ts";
import { WORDS } from "./words.ts";

/** Columns without some of them. */
function without<const Of extends Columns, const Key extends string>(
  columns: Of,
  keys: readonly Key[],
): Omit<Of, Key> {
  const left = Object.entries(columns).filter(([key]) => !keys.some((dropped) => dropped === key));
  return Object.fromEntries(left) as Omit<Of, Key>;
}

/** What is kept of a result: its totals, and its first rows with what else a row has here. */
function answerOf<const Totals extends Columns, const Row extends Columns>(
  doc: string,
  totals: Totals,
  row: Row,
) {
  return {
    kind: "object",
    doc,
    columns: {
      totals: { kind: "object", doc: "As its totals are.", columns: totals },
      rows: { kind: "list", doc: "Its first rows.", of: { kind: "object", columns: row } },
    },
  } as const;
}

/** Columns that nothing is kept of, as they are null without an option; and what stands in types@1 as well. */
const UNASKED = {
  info: ["objects"],
  types: ["lines"],
  owners: ["suspect", "evidence", "lines", "referrers", "referrerCount"],
  stacks: ["locals"],
  traces: ["type", "path", "frames", "totalFrames"],
} as const;

/** What is alike has the same in every core. */
const KEY = {
  kind: "text",
  tells: "path",
  doc: "What it goes by in every core: its path without which thread or item it is, or how many they are.",
} as const;

const MOST_ITEMS = {
  kind: "count",
  nullable: true,
  doc: "How many items it can have (maxlen), from which on it drops one for each that comes; null where there is no bound.",
} as const;

/** What there is by a name, for later cores to be compared with. */
const AMOUNT = defineColumns({
  name: { kind: "text", tells: "path", doc: "As in diff@1, by owner." },
  key: { ...KEY, nullable: true },
  count: { kind: "count", doc: "Objects." },
  bytes: { kind: "bytes", doc: "Their bytes." },
  nativeBytes: { kind: "bytes", nullable: true, doc: "Native memory that goes with them." },
  length: { kind: "count", nullable: true, doc: "Items; null where it has none." },
});

/** The same as diagnose compares it. */
const BASELINE = defineColumns({
  key: KEY,
  bytes: { kind: "bytes", doc: "Bytes that go with all that are alike, native memory too." },
  items: { kind: "count", nullable: true, doc: "Items of all of them; null where they have none." },
});

const REMARK = defineColumns({
  kind: { kind: "choice", values: ["note", "warning"], doc: "Whether something is wrong or missing." },
  text: { kind: "text", tells: "prose", doc: "What was said." },
});

const TAG = defineColumns({
  key: { kind: "text", tells: "ours", doc: "service, host, date, or as --tag has it." },
  value: { kind: "text", tells: "value", nullable: true, doc: "What it is." },
});

/** All that is kept of a core, a row each: what its commands answer, cut at some thousand rows. */
export const SUMMARY = {
  schema: "coregram/summary@1",
  doc: "A core's answers, one row: what fills it, who holds it, what it was doing.",
  row: defineColumns({
    subject: { kind: "object", doc: "What it was made of.", columns: SUBJECT },
    time: {
      kind: "text",
      tells: "ours",
      nullable: true,
      doc: "When the core was written last, or the process was read, in ISO 8601; null where that is not known.",
    },
    tags: {
      kind: "list",
      doc: "What its folders are called: service=web.",
      of: { kind: "object", columns: TAG },
    },
    randomDigest: {
      kind: "text",
      tells: "ours",
      nullable: true,
      doc: "SHA-256 of what the kernel made up when the program started: cores of one process have the same, and no others.",
    },
    info: answerOf(INFO.doc, INFO.totals, without(INFO.row, UNASKED.info)),
    words: answerOf(WORDS.doc, WORDS.totals, WORDS.row),
    unread: {
      kind: "text",
      tells: "prose",
      nullable: true,
      doc: "Why there are no objects; null where there are.",
    },
    diagnose: {
      ...answerOf(DIAGNOSE.doc, without(DIAGNOSE.totals, ["balance"]), DIAGNOSE.row),
      nullable: true,
    },
    types: { ...answerOf(TYPES.doc, TYPES.totals, without(TYPES.row, UNASKED.types)), nullable: true },
    owners: {
      ...answerOf(OWNERS.doc, without(OWNERS.totals, ["balance"]), {
        ...without(OWNERS.row, UNASKED.owners),
        ...{ key: KEY, mostItems: MOST_ITEMS },
      }),
      nullable: true,
    },
    stacks: { ...answerOf(STACKS.doc, STACKS.totals, without(STACKS.row, UNASKED.stacks)), nullable: true },
    traces: { ...answerOf(TRACES.doc, TRACES.totals, without(TRACES.row, UNASKED.traces)), nullable: true },
    amounts: {
      kind: "list",
      nullable: true,
      doc: "Owners as diff compares them, those with most bytes.",
      of: { kind: "object", columns: AMOUNT },
    },
    restAmounts: { kind: "count", nullable: true, doc: "Owners that are not among them." },
    leastAmount: {
      kind: "bytes",
      nullable: true,
      doc: "Bytes that each of these has at the most; 0 where there are none.",
    },
    baseline: {
      kind: "list",
      nullable: true,
      doc: "Owners as diagnose compares them, those with most bytes.",
      of: { kind: "object", columns: BASELINE },
    },
    remarks: {
      kind: "list",
      doc: "What was noted and warned of when it was made.",
      of: { kind: "object", columns: REMARK },
    },
  }),
} as const;

export type SummaryRow = RecordOf<typeof SUMMARY.row>;
export type SummaryAmount = RecordOf<typeof AMOUNT>;
