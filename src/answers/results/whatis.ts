import { defineColumns, defineResult, type RecordOf, type RowOf } from "./columns.ts";
import { REFERRERS } from "./referrers.ts";
import { MEMORY, SUBJECT } from "./subject.ts";
import { TRACE_FRAME } from "./traces.ts";

/** The CPython object that an address lies in. Its value shows what was in the process's memory. */
const OBJECT = defineColumns({
  type: {
    kind: "text",
    tells: "type",
    doc: "builtins.list, downstream.profiler.Profiler, or type@0x… where the core does not say.",
  },
  typeAddress: { kind: "address", doc: "Its type's." },
  address: { kind: "address", doc: "Where it begins." },
  offset: {
    kind: "bytes",
    signed: true,
    doc: "Bytes from there to the address that was asked for; below 0 in the collector's head in front of it.",
  },
  bytes: { kind: "bytes", nullable: true, doc: "What sys.getsizeof says." },
  references: { kind: "count", nullable: true, doc: "Its reference count." },
  immortal: { kind: "flag", doc: "Whether its references are not counted (3.12 on)." },
  state: {
    kind: "choice",
    values: ["live", "freed", "unknown"],
    doc: "Of a freed object, the rest is what is left of it; unknown where its allocator is.",
  },
  place: {
    kind: "choice",
    values: ["pool", "chunk", "mapped", "static", "page", "slot"],
    nullable: true,
    doc: "A block of pymalloc's, a chunk of malloc's, one that was mapped on its own, a module's data, a block of mimalloc's, a slot of musl's malloc.",
  },
  value: {
    kind: "text",
    tells: "value",
    nullable: true,
    doc: "A number, a text (cut at 200 characters), a name with file and line, an exception's message.",
  },
  length: { kind: "count", nullable: true, doc: "Items, characters, bytes." },
  path: {
    kind: "text",
    tells: "path",
    nullable: true,
    doc: "Who holds it, as an expression; null unless it is live and the heap could be read.",
  },
  retainedBytes: {
    kind: "bytes",
    nullable: true,
    doc: "Its bytes and those of all that is alive only through it; null as the path is.",
  },
  items: {
    kind: "list",
    doc: "The first of what it holds.",
    of: {
      kind: "object",
      columns: {
        name: { kind: "text", tells: "path", doc: "[0], ['key'], .name" },
        address: { kind: "address", doc: "Where it begins." },
        type: {
          kind: "text",
          tells: "type",
          nullable: true,
          doc: "Its type; null where no object lies there.",
        },
        value: { kind: "text", tells: "value", nullable: true, doc: "Its value, as above." },
      },
    },
  },
  ...REFERRERS,
});

/** A block of an allocator's that has an address, and is no object. */
const BLOCK = defineColumns({
  address: { kind: "address", doc: "Where its user's bytes begin." },
  offset: { kind: "bytes", doc: "Bytes from there to the address that was asked for." },
  bytes: {
    kind: "bytes",
    doc: "How many there are, as the allocator has them: what was asked for, and what that was rounded up by.",
  },
  state: {
    kind: "choice",
    values: ["in use", "free"],
    doc: "What was freed and lies in a cache is free.",
  },
  place: {
    kind: "choice",
    values: ["pool", "chunk", "mapped", "page", "slot"],
    doc: "Whose it is, as an object's place.",
  },
  part: {
    kind: "flag",
    nullable: true,
    doc: "Whether an object has it for itself: a list's items, a dict's keys, which its size counts; null where it is free, or the heap was not read.",
  },
  path: {
    kind: "text",
    tells: "path",
    nullable: true,
    doc: "Who holds it, or of a part the object that has it; null where nothing found does, or part is null.",
  },
  type: { kind: "text", tells: "type", nullable: true, doc: "Of a part the type of that object." },
  retainedBytes: {
    kind: "bytes",
    nullable: true,
    doc: "Bytes of objects and of native memory that are in use only through it; null unless it is native memory that something holds.",
  },
  ...REFERRERS,
});

/** What an address is, a row each. */
export const WHATIS = defineResult({
  schema: "coregram/whatis@1",
  doc: "What an address is: segment, mapping, symbol, object, and how often it occurs. A row an address.",
  input: SUBJECT,
  totals: MEMORY,
  row: {
    address: { kind: "address", tells: "word", doc: "The address that was asked for." },
    count: { kind: "count", doc: "How often it occurs as a word, in the scope." },
    segment: {
      kind: "object",
      nullable: true,
      doc: "The segment that it lies in.",
      columns: {
        start: { kind: "address", doc: "Its first address." },
        end: { kind: "end", doc: "One past its last address." },
        permissions: { kind: "permissions", doc: "rw-" },
        savedBytes: { kind: "bytes", doc: "Those of its bytes that the file holds, from its start on." },
      },
    },
    memory: {
      kind: "choice",
      values: ["saved", "not saved", "cut off", "not mapped"],
      doc: "What the file has of the byte there.",
    },
    mapping: {
      kind: "object",
      nullable: true,
      doc: "The file that is mapped there.",
      columns: {
        path: { kind: "text", tells: "file", doc: "The file's path, as the process had it." },
        start: { kind: "address", doc: "The mapping's first address." },
        end: { kind: "end", doc: "One past its last address." },
        fileOffset: { kind: "address", doc: "Where in the file it begins." },
      },
    },
    module: { kind: "text", tells: "file", nullable: true, doc: "The module that it lies in, by its path." },
    symbol: { kind: "text", tells: "symbol", nullable: true, doc: "Its name: NAME or NAME+0xOFF." },
    unnamed: {
      kind: "text",
      tells: "prose",
      nullable: true,
      doc: "Why its module's file names nothing, a clause such as /bin/x is not found; null where it is read.",
    },
    traced: {
      kind: "flag",
      nullable: true,
      doc: "Whether tracemalloc had a block there; null where it was not tracing.",
    },
    allocated: {
      kind: "object",
      nullable: true,
      doc: "The block, and where it was allocated; null where tracemalloc had none.",
      columns: {
        start: {
          kind: "address",
          doc: "Where the block begins: the object does 0, 16 or 32 bytes behind it.",
        },
        bytes: { kind: "bytes", doc: "Its bytes, as they were asked for." },
        domain: { kind: "number", doc: "0 is Python's own, others are those of extensions." },
        frames: {
          kind: "list",
          doc: "The frames that allocated it, the most recent first, as many as were kept.",
          of: { kind: "object", columns: TRACE_FRAME },
        },
        totalFrames: { kind: "count", doc: "How many there were." },
      },
    },
    bytes: {
      kind: "hex",
      tells: "value",
      nullable: true,
      doc: "Up to 64 bytes from the address on; null where they are not saved.",
    },
    object: {
      kind: "object",
      nullable: true,
      doc: "The CPython object that it lies in. Its value shows what was in the process's memory.",
      columns: OBJECT,
    },
    block: {
      kind: "object",
      nullable: true,
      doc: "The block of an allocator's that it lies in, where no object is in that.",
      columns: BLOCK,
    },
  },
  lines: {
    address: { kind: "address", title: "Address", doc: "The address that was asked for." },
    fact: {
      kind: "text",
      tells: "ours",
      title: "Fact",
      doc: "What the line is about: symbol, segment, occurs, …",
    },
    text: { kind: "text", tells: "ours", title: "What", doc: "What is said of it." },
  },
});

export type WhatisObject = RecordOf<typeof OBJECT>;
export type WhatisBlock = RecordOf<typeof BLOCK>;
export type WhatisRow = RowOf<typeof WHATIS>;
export type WhatisLine = RecordOf<(typeof WHATIS)["lines"]>;
