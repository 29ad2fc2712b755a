import { BALANCE } from "./balance.ts";
import { defineColumns, defineResult, type InputOf, type RowOf, type TotalsOf } from "./columns.ts";
import { NAMED_SUSPECT } from "./evidence.ts";
import { SUBJECT } from "./subject.ts";
import { TRACE_FRAME } from "./traces.ts";

/** What is compared. */
export const COMPARED = defineColumns({
  by: {
    kind: "choice",
    values: ["type", "owner", "word", "balance", "line", "file", "traceback"],
    doc: "What is compared.",
  },
});

/** Of rows about words. */
export const NAMED_WORD = defineColumns({
  symbol: {
    kind: "text",
    tells: "symbol",
    nullable: true,
    doc: "A word's symbol in the newest core, or the type that it is the address of; null where it has none, and of all else.",
  },
});

/** Of rows about places in a program. */
const PLACE = defineColumns({
  frames: {
    kind: "list",
    nullable: true,
    doc: "By line, file and traceback its frames, the most recent first; null of all else.",
    of: { kind: "object", columns: TRACE_FRAME },
  },
});

/** What became of each name between two cores. The totals are sums over all names, also those in no row. */
export const DIFF = defineResult({
  schema: "coregram/diff@1",
  doc: "What grew between two cores: a row is what became of a name.",
  input: {
    old: { kind: "object", columns: SUBJECT, doc: "The older core." },
    new: { kind: "object", columns: SUBJECT, doc: "The newer one." },
  },
  totals: {
    ...COMPARED,
    oldCount: { kind: "count", doc: "Objects of all names in the older core." },
    newCount: { kind: "count", doc: "And in the newer one." },
    oldBytes: { kind: "bytes", doc: "Bytes of all names in the older core." },
    newBytes: { kind: "bytes", doc: "And in the newer one." },
    sameProcess: {
      kind: "flag",
      doc: "Whether both are of one process: same number, same AT_RANDOM bytes.",
    },
    oldBalance: {
      kind: "object",
      nullable: true,
      doc: "Where the older core's saved bytes are, as in types@1; null of words.",
      columns: BALANCE,
    },
    newBalance: { kind: "object", nullable: true, doc: "And the newer one's.", columns: BALANCE },
    restRows: { kind: "count", doc: "Names that changed and are in no row." },
    suspects: {
      kind: "list",
      nullable: true,
      doc: "What looks like a leak in the newest core, also told in notes; null where that was not looked for.",
      of: { kind: "object", columns: NAMED_SUSPECT },
    },
    snapshots: {
      kind: "list",
      nullable: true,
      doc: "Of traces --since, the Snapshots that the process kept, that which differs least from what is traced now first; null of cores.",
      of: {
        kind: "object",
        columns: {
          address: { kind: "address", doc: "Where it is." },
          path: {
            kind: "text",
            tells: "path",
            nullable: true,
            doc: "Who holds it; null where that has no path.",
          },
          traces: { kind: "count", doc: "Blocks that it has." },
          bytes: { kind: "bytes", doc: "Their bytes." },
          limit: {
            kind: "count",
            nullable: true,
            doc: "Frames that a traceback had at the most; null where it does not say.",
          },
          isCompared: { kind: "flag", doc: "Whether it stands for the older core." },
        },
      },
    },
  },
  row: {
    ...COMPARED,
    name: {
      kind: "text",
      tells: "compared",
      title: "Name",
      doc: "The type, the owner's path, the word, the part of the balance, or the place: FILE:LINE.",
    },
    oldCount: { kind: "count", doc: "Its objects in the older core." },
    newCount: { kind: "count", title: "Count", doc: "And in the newer one." },
    countDiff: { kind: "count", signed: true, title: "Change", doc: "By which they became more." },
    oldBytes: { kind: "bytes", doc: "Its bytes in the older core." },
    newBytes: { kind: "bytes", title: "Size", doc: "And in the newer one." },
    bytesDiff: { kind: "bytes", signed: true, title: "Change", doc: "By which they became more." },
    oldLength: {
      kind: "count",
      nullable: true,
      doc: "Items of an owner in the older core; null where there are none, or it was not there.",
    },
    newLength: { kind: "count", nullable: true, title: "Items", doc: "And in the newer one." },
    freshCount: {
      kind: "count",
      nullable: true,
      title: "New",
      doc: "With --new, objects at whose address the older core has none of the same type: at least so many are new.",
    },
    freshBytes: { kind: "bytes", nullable: true, doc: "Their bytes." },
    oldNativeBytes: {
      kind: "bytes",
      nullable: true,
      doc: "An owner's native memory in the older core, which is in none of the bytes above; null where it was not there.",
    },
    newNativeBytes: { kind: "bytes", nullable: true, title: "Native", doc: "And in the newer one." },
    ...NAMED_WORD,
    ...PLACE,
  },
});

export type DiffInput = InputOf<typeof DIFF>;
export type DiffTotals = TotalsOf<typeof DIFF>;
export type KeptSnapshot = NonNullable<DiffTotals["snapshots"]>[number];
export type DiffRow = RowOf<typeof DIFF>;
