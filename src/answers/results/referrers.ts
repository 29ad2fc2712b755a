import { defineColumns, type RecordOf } from "./columns.ts";

/** What refers to an object, as `whatis@1` and `owners@1` have it. */
export const REFERRERS = defineColumns({
  referrers: {
    kind: "list",
    nullable: true,
    doc: "What refers to it, most references first, 10 rows at the most: references from one container, and those along like paths, are a row.",
    of: {
      kind: "object",
      columns: {
        path: {
          kind: "text",
          tells: "path",
          doc: "Where it is referred to: app.orders[3], <thread 4711 work app.py:42>.row; of several items folded, app.cache[*].owner.",
        },
        type: {
          kind: "text",
          tells: "type",
          nullable: true,
          doc: "The type of what refers to it, of several the first; null for a word of a frame, a stack or C data.",
        },
        address: { kind: "address", nullable: true, doc: "Where that begins; null as the type is." },
        count: { kind: "count", doc: "References: items, attributes, words." },
        conservative: {
          kind: "flag",
          doc: "Whether only words tell that nothing describes, of native memory, C structs and data, stacks: they may be anything.",
        },
      },
    },
  },
  referrerCount: { kind: "count", nullable: true, doc: "References to it that were found, in all." },
});

export type ReferrerColumns = RecordOf<typeof REFERRERS>;
export type Referrer = NonNullable<ReferrerColumns["referrers"]>[number];
