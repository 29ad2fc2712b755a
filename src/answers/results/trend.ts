import { defineResult, type InputOf, type RowOf, type TotalsOf } from "./columns.ts";
import { COMPARED, NAMED_WORD } from "./diff.ts";
import { NAMED_SUSPECT } from "./evidence.ts";
import { SUBJECT } from "./subject.ts";

/** What became of each name over several cores, oldest first. */
export const TREND = defineResult({
  schema: "coregram/trend@1",
  doc: "What grows over several cores: a row is a name in all of them, oldest first.",
  input: {
    cores: { kind: "list", of: { kind: "object", columns: SUBJECT }, doc: "The cores, oldest first." },
  },
  totals: {
    ...COMPARED,
    bytes: { kind: "list", of: { kind: "bytes" }, doc: "Bytes of all names in each core." },
    restRows: { kind: "count", doc: "Names that changed and are in no row." },
    suspects: {
      kind: "list",
      nullable: true,
      doc: "What looks like a leak in the newest core, also told in notes; null where that was not looked for.",
      of: { kind: "object", columns: NAMED_SUSPECT },
    },
  },
  row: {
    ...COMPARED,
    name: { kind: "text", tells: "compared", title: "Name", doc: "The type, the owner's path, or the word." },
    counts: { kind: "list", of: { kind: "count" }, doc: "Its objects in each core." },
    bytes: { kind: "list", of: { kind: "bytes" }, doc: "Its bytes in each core." },
    countDiff: {
      kind: "count",
      signed: true,
      doc: "By which its objects became more, from the first to the last.",
    },
    bytesDiff: { kind: "bytes", signed: true, title: "Change", doc: "By which its bytes did." },
    steps: { kind: "count", doc: "Steps in which it went the way that it went in all." },
    ...NAMED_WORD,
  },
});

export type TrendInput = InputOf<typeof TREND>;
export type TrendTotals = TotalsOf<typeof TREND>;
export type TrendRow = RowOf<typeof TREND>;
