import { ROOT_KINDS } from "../../runtimes/root-kinds.ts";
import { type Columns, defineColumns } from "./columns.ts";
import { INFO } from "./info.ts";
import { OWNERS } from "./owners.ts";
import { STACKS } from "./stacks.ts";
import { SUMMARY } from "./summary.ts";
import { TRACES } from "./traces.ts";
import { TYPES } from "./types.ts";
import { WORDS } from "./words.ts";
import { WORDS_PART } from "./words-part.ts";

/** A table of a heap: a file of its own, and a view of that name. */
export interface TableColumns {
  readonly schema: `coregram/${string}@${number}`;
  readonly doc: string;
  readonly row: Columns;
}

const OBJECTS = {
  schema: "coregram/objects@1",
  doc: "Every live object, by address.",
  row: defineColumns({
    address: { kind: "address", doc: "Where it begins." },
    type: { kind: "text", tells: "type", doc: "Its type's name." },
    typeAddress: { kind: "address", doc: "Its type's address: two classes of one name are two." },
    bytes: { kind: "bytes", doc: "As sys.getsizeof has them." },
    nativeBytes: {
      kind: "bytes",
      doc: "Native memory that would go with it, as far as words in it and in objects tell; not in retainedBytes.",
    },
    retainedBytes: { kind: "bytes", doc: "Bytes of the objects that would go with it, itself included." },
    length: { kind: "count", nullable: true, doc: "Its items; null for what is no container." },
    dominator: {
      kind: "address",
      nullable: true,
      doc: "What would take it along: without that, nothing would hold it. Null where no single thing would.",
    },
    owner: {
      kind: "text",
      tells: "path",
      nullable: true,
      doc: "The path of the owner that keeps it, as in owners; null where none does.",
    },
  }),
} satisfies TableColumns;

const REFERENCES = {
  schema: "coregram/references@1",
  doc: "What refers to every live object: objects, in the order of their addresses, then roots.",
  row: defineColumns({
    from: { kind: "address", nullable: true, doc: "The object that refers; null for a root." },
    to: { kind: "address", doc: "The object that is referred to." },
    name: {
      kind: "text",
      tells: "path",
      doc: "What it is called there: .attr, [3], ['key'], .<a dict>; empty for a part that has no name in a path; of a root, where that is.",
    },
    conservative: {
      kind: "flag",
      doc: "Whether it is a guess: a word that nothing describes has the object's address.",
    },
    root: {
      kind: "choice",
      values: ROOT_KINDS.map(({ key }) => key),
      nullable: true,
      doc: "The kind of the root; null where an object refers.",
    },
  }),
} satisfies TableColumns;

const TEXTS = {
  schema: "coregram/texts@1",
  doc: "Every live str and bytes object, and what is in it: values that it had.",
  row: defineColumns({
    address: { kind: "address", doc: "Where it begins." },
    type: { kind: "text", tells: "type", doc: "builtins.str, builtins.bytes, or a class made of them." },
    length: { kind: "count", nullable: true, doc: "Characters, or bytes." },
    text: {
      kind: "text",
      tells: "value",
      nullable: true,
      doc: "As repr has it, cut short; null where it is not saved.",
    },
  }),
} satisfies TableColumns;

/** The tables of an export, by the names of their files. */
export const TABLES = {
  segments: {
    schema: "coregram/segments@1",
    doc: INFO.row.segments.doc,
    row: INFO.row.segments.of.columns,
  },
  modules: { schema: "coregram/modules@1", doc: INFO.row.modules.doc, row: INFO.row.modules.of.columns },
  types: TYPES,
  owners: OWNERS,
  objects: OBJECTS,
  references: REFERENCES,
  strings: TEXTS,
  threads: {
    schema: "coregram/threads@1",
    doc: STACKS.totals.threads.doc,
    row: STACKS.totals.threads.of.columns,
  },
  frames: STACKS,
  traces: TRACES,
  words: WORDS,
} as const satisfies { readonly [name: string]: TableColumns };

export type TableName = keyof typeof TABLES;

/** What is a file and no table of an export. */
export const FILES: readonly TableColumns[] = [SUMMARY, WORDS_PART];

/** The table of that name, or whose schema `objects`, `objects@1` or `coregram/objects@1` names; null where there is none. */
export function findTable(name: string): TableColumns | null {
  const wanted = name.replace(/^coregram\//, "").replace(/@1$/, "");
  const tables: Readonly<Record<string, TableColumns>> = TABLES;
  return (
    [...Object.values(tables), ...FILES].find(({ schema }) => schema === `coregram/${wanted}@1`) ??
    (Object.hasOwn(tables, name) ? (tables[name] ?? null) : null)
  );
}
