import { defineColumns } from "./columns.ts";
import { WORDS } from "./words.ts";

/** The words of a part of a file: what `coregram merge` adds up. */
export const WORDS_PART = {
  schema: "coregram/words-part@1",
  doc: "Every different word of a part of a file, the least first, as --part writes them for coregram merge.",
  row: defineColumns({
    word: { kind: "word", tells: "word", doc: WORDS.row.word.doc },
    count: { kind: "count", doc: "How often the word occurs in the part; at least 1." },
  }),
} as const;
