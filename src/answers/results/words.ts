import { defineResult, type InputOf, type RowOf, type TotalsOf } from "./columns.ts";
import { SUBJECT } from "./subject.ts";

/** The words that fill a file. The rows' counts and `restCount` add up to `words`. */
export const WORDS = defineResult({
  schema: "coregram/words@1",
  doc: "The words that fill a file, by count, then by word, descending.",
  input: {
    ...SUBJECT,
    wordBytes: { kind: "choice", values: [4, 8], doc: "Bytes of a word." },
    endian: { kind: "choice", values: ["little", "big"], doc: "Byte order of a word." },
  },
  totals: {
    bytes: { kind: "bytes", doc: "Bytes that were counted." },
    words: {
      kind: "count",
      doc: "Words that were counted; a last partial word, padded with zero bytes, is one of them.",
    },
    distinct: {
      kind: "count",
      nullable: true,
      doc: "Different words among them; null where they were not all counted (without --all).",
    },
    restCount: { kind: "count", doc: "Words that stand in no row." },
  },
  row: {
    count: { kind: "count", title: "Count", doc: "How often the word occurs; at least 1." },
    word: { kind: "word", tells: "word", title: "Word", doc: "00007f01104e0c70; 8 digits with --word 4." },
    symbol: {
      kind: "text",
      tells: "symbol",
      nullable: true,
      doc: "NAME or NAME+0xOFF as the first map that knows the address has it.",
    },
    type: {
      kind: "text",
      tells: "type",
      nullable: true,
      doc: "The CPython type whose address the word is, where it has no symbol. Not looked for past 10,000 rows, or with --all.",
    },
  },
});

export type WordsInput = InputOf<typeof WORDS>;
export type WordsTotals = TotalsOf<typeof WORDS>;
export type WordRow = RowOf<typeof WORDS>;
