/**
 * The public contract of `--format json` and `--format ndjson`, all of it, in one file.
 *
 * `json` is one {@link Frame}: an object with the keys `schema`, `input`, `totals`, `rows` in this order.
 * `ndjson` is the frame's rows alone, one a line. csv and tsv have the same keys as their header.
 * Within a version (`@1`) keys are only ever added; one that changes its meaning or goes makes it `@2`.
 *
 * Numbers are plain integers, sizes are bytes; all are safe integers (below 2^53, and well above 2^32).
 * Words are lower-case hex without `0x`, two digits a byte; addresses are `0x…` without leading zeros.
 * What is not known is null, never a missing key. Names stand as the core or the map has them; control
 * characters and lone surrogates in them are JSON escapes.
 *
 * These are `type`s, not interfaces, so that the compiler sees that they are JSON.
 */

/** What JSON can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

/** The file that was counted. */
export type WordsInput = {
  /** As it was given; `-` is standard input. */
  readonly path: string;
  /** Its bytes, after decompression. */
  readonly bytes: number;
  /** `gzip`, or null where the file is not compressed. */
  readonly compression: string | null;
  readonly wordBytes: 4 | 8;
  readonly endian: "little" | "big";
};

/** The rows' counts and `restCount` add up to `words`. */
export type WordsTotals = {
  /** Bytes that were counted. */
  readonly bytes: number;
  /** Words that were counted; a last partial word, padded with zero bytes, is one of them. */
  readonly words: number;
  /** Different words among them; null where they were not all counted (without `--all`). */
  readonly distinct: number | null;
  /** Words that stand in no row. */
  readonly restCount: number;
};

/** A word and how often it occurs: by count, then by word, descending. */
export type WordRow = {
  /** At least 1. */
  readonly count: number;
  /** `00007f01104e0c70`; 8 digits with `--word 4`. */
  readonly word: string;
  /** `NAME` or `NAME+0xOFF` as the first map that knows the address has it. */
  readonly symbol: string | null;
  /** The CPython type whose address the word is, where it has no symbol. Not looked for past 10,000 rows, or `--all`. */
  readonly type: string | null;
};

/** The file that info and whatis are about. */
export type SubjectInput = Pick<WordsInput, "path" | "bytes" | "compression">;

/** The input's memory as a whole. */
export type MemoryTotals = {
  readonly savedBytes: number;
  /** Mapped, and not in the file: unknown, not zero. Null above 2^53, which no honest core says. */
  readonly notSavedBytes: number | null;
};

/** All that the input says of itself. The one row of its frame. */
export type InfoRow = {
  readonly file: {
    readonly bytes: number;
    readonly kind: "elf-core" | "raw";
    readonly class: 32 | 64 | null;
    readonly endian: "little" | "big" | null;
    /** `x86-64`, `aarch64`, … */
    readonly machine: string | null;
    readonly truncated: boolean;
    /** Bytes beyond the end that its headers claim. */
    readonly missingBytes: number | null;
  };
  readonly process: {
    readonly pid: number | null;
    readonly ppid: number | null;
    readonly uid: number | null;
    readonly gid: number | null;
    readonly state: string | null;
    readonly name: string | null;
    readonly commandLine: string | null;
    readonly executable: string | null;
    readonly signal: number | null;
    readonly signalName: string | null;
    readonly faultAddress: string | null;
  } | null;
  /** The one that the signal hit first. */
  readonly threads: readonly {
    readonly pid: number;
    readonly signal: number;
    readonly pc: string | null;
    readonly sp: string | null;
    /** The function at pc, where its module's file is found. */
    readonly symbol: string | null;
  }[];
  readonly segments: readonly {
    readonly start: string;
    readonly bytes: number | null;
    readonly savedBytes: number;
    /** In the file. */
    readonly offset: number;
    readonly permissions: string;
  }[];
  readonly modules: readonly {
    readonly path: string;
    readonly start: string;
    readonly end: string;
    readonly buildId: string | null;
    readonly loadBias: string | null;
    readonly deleted: boolean;
    /** Whether there is a file at its path, under --sysroot. */
    readonly found: boolean;
    /** Whether that file is the one that was loaded; null where that cannot be said. */
    readonly matches: boolean | null;
    readonly reason: string;
    /** Its separate debug file. */
    readonly debugFile: string | null;
  }[];
  readonly notSavedBytes: number | null;
  readonly notSaved: readonly { readonly kind: string; readonly bytes: number | null }[];
  /** A coredump_filter that would save more, as `0x3f`; null where none would. */
  readonly betterFilter: string | null;
  readonly warnings: readonly string[];
};

/** The CPython object that an address lies in. Its value shows what was in the process's memory. */
export type WhatisObject = {
  /** `builtins.list`, `downstream.profiler.Profiler`, or `type@0x…` where the core does not say. */
  readonly type: string;
  readonly typeAddress: string;
  /** Where it begins. */
  readonly address: string;
  /** Bytes from there to the address that was asked for; below 0 in the collector's head in front of it. */
  readonly offset: number;
  /** What sys.getsizeof says. */
  readonly bytes: number | null;
  readonly references: number | null;
  /** Its references are not counted (3.12 on). */
  readonly immortal: boolean;
  /** Of a freed object, the rest is what is left of it. `unknown`: its allocator is. */
  readonly state: "live" | "freed" | "unknown";
  /** pymalloc's block, a chunk of malloc's, one that was mapped on its own, a module's data. */
  readonly place: "pool" | "chunk" | "mapped" | "static" | null;
  /** A number, a text (cut at 200 characters), a name with file and line, an exception's message. */
  readonly value: string | null;
  /** Items, characters, bytes. */
  readonly length: number | null;
  /** Who holds it, `downstream.profiler.Profiler.results[3]`; null unless it is live and the heap could be read. */
  readonly path: string | null;
  /** Its bytes and those of all that is alive only through it; null as the path is. */
  readonly retainedBytes: number | null;
  /** The first of what it holds: `[0]`, `['key']`, `.name`. */
  readonly items: readonly {
    readonly name: string;
    readonly address: string;
    /** Null where no object lies there. */
    readonly type: string | null;
    readonly value: string | null;
  }[];
};

/** What one address is. */
export type WhatisRow = {
  readonly address: string;
  /** How often it occurs as a word, in the scope. */
  readonly count: number;
  readonly segment: {
    readonly start: string;
    readonly end: string;
    readonly permissions: string;
    readonly savedBytes: number;
  } | null;
  /** `saved`, `not saved`, `cut off`, `not mapped`. */
  readonly memory: string;
  /** The file that is mapped there. */
  readonly mapping: {
    readonly path: string;
    readonly start: string;
    readonly end: string;
    readonly fileOffset: string;
  } | null;
  readonly module: string | null;
  readonly symbol: string | null;
  /** Why its module's file names nothing, a clause such as `/bin/x is not found`; null where it is read. */
  readonly unnamed: string | null;
  /** Up to 64 bytes from the address on, in hex; null where they are not saved. */
  readonly bytes: string | null;
  readonly object: WhatisObject | null;
};

/** Where the saved bytes went: disjoint parts that add up to `savedBytes`. */
export type TypesBalance = {
  /** The allocators' blocks that hold live objects. */
  readonly objectBlocks: number;
  /** Tables and buffers in blocks of their own, as far as sys.getsizeof counts them for the objects that own them. */
  readonly tables: number;
  /** The interpreter's dict of interned strings, which no program can reach and no row counts. */
  readonly internTable: number;
  /** Other blocks in use: what C code and libraries hold, and what tables are rounded up by. */
  readonly otherBlocks: number;
  /** pymalloc's blocks that were freed, in pools that have others in use. */
  readonly freedBlocks: number;
  /** In such pools, what was never handed out or is too little for a block. */
  readonly uncarved: number;
  /** pymalloc's pools that have no block in use. */
  readonly freePools: number;
  /** Pages of pymalloc's arenas that are in no pool. */
  readonly unusedArenas: number;
  /** malloc's free chunks. */
  readonly mallocFree: number;
  /** Headers of pools and chunks. */
  readonly headers: number;
  /** Writable data of modules, static objects included. */
  readonly staticData: number;
  readonly stacks: number;
  /** What is saved of modules' memory that is not writable. */
  readonly modulePages: number;
  /** What is saved of other memory that is not writable. */
  readonly readOnly: number;
  readonly unknown: number;
};

/** From the rows' bytes to the balance: `bytes` - `tables` - `staticObjects` + `rounding` is `objectBlocks`. */
export type TypesBridge = {
  /** What sys.getsizeof counts of tables and buffers that are in blocks of their own. */
  readonly tables: number;
  /** What it says of objects in modules' data. */
  readonly staticObjects: number;
  /** By which blocks are larger than what they hold; less than 0 where objects say more than is theirs. */
  readonly rounding: number;
};

/** The rows' counts and bytes, all of them, and what they are a part of. */
export type TypesTotals = MemoryTotals & {
  /** `CPython 3.11`. */
  readonly runtime: string;
  readonly types: number;
  readonly count: number;
  readonly bytes: number;
  /** Lower bounds: of a freed object its type may be overwritten. */
  readonly freedCount: number;
  readonly freedBytes: number;
  readonly restCount: number;
  readonly restBytes: number;
  readonly balance: TypesBalance;
  readonly bridge: TypesBridge;
};

/** A type and its instances; two types of one name are two rows. */
export type TypeRow = {
  /** `builtins.tuple`, or `type@0x…` where the core does not say. */
  readonly type: string;
  readonly address: string;
  /** Live: the allocator has it in use, uncollected cycles included. */
  readonly count: number;
  /** What sys.getsizeof says of them. */
  readonly bytes: number;
  readonly freedCount: number;
  /** Of the blocks that they left. */
  readonly freedBytes: number;
  /** Whether the name is what a dict of the core calls it, and not what it says of itself. */
  readonly inferred: boolean;
};

/** Live str and bytes objects, and what those of one content would save if there were one of each. */
export type StringsTotals = MemoryTotals & {
  readonly runtime: string;
  readonly count: number;
  readonly bytes: number;
  /** Different contents. */
  readonly distinct: number;
  /** Contents that are there more than once: so many rows there are with `--all`. */
  readonly duplicates: number;
  readonly wastedBytes: number;
  /** Of contents in no row. */
  readonly restWastedBytes: number;
  /** Objects whose content is not saved. */
  readonly notCompared: number;
};

/** A content that is there more than once. It is what stood in the process's memory. */
export type StringRow = {
  readonly type: string;
  /** As repr has it, cut at 200 characters; null where it is not saved. */
  readonly text: string | null;
  /** Characters, or bytes. */
  readonly length: number;
  readonly count: number;
  readonly bytes: number;
  /** `bytes` less those of the largest of them. */
  readonly wastedBytes: number;
  /** Of one of them. */
  readonly address: string;
};

/** Live dicts, lists, sets and deques. */
export type ContainersTotals = MemoryTotals & {
  readonly runtime: string;
  readonly count: number;
  /** Items in all of them. */
  readonly length: number;
  readonly capacity: number;
  readonly bytes: number;
  readonly emptyCount: number;
  readonly emptyBytes: number;
  readonly restCount: number;
  readonly restBytes: number;
};

export type ContainerRow = {
  readonly type: string;
  readonly address: string;
  readonly length: number;
  /** Items that it has room for. */
  readonly capacity: number;
  /** What sys.getsizeof says: its items are not in it. */
  readonly bytes: number;
};

/** Bytes and objects. */
export type Amounts = { readonly count: number; readonly bytes: number };

/** All objects, by what leads to them: disjoint, each part is what no earlier one reaches. Adds up to all. */
export type Coverage = {
  /** Reached from modules. */
  readonly modules: Amounts;
  /** From variables of running frames. */
  readonly frames: Amounts;
  /** From threads' stacks, below their frames. */
  readonly stacks: Amounts;
  /** From modules' writable data. */
  readonly data: Amounts;
  /** Interned strings that nothing else holds. */
  readonly interned: Amounts;
  /** Held by something that is no object and was not found. */
  readonly other: Amounts;
  /** Held by nothing outside: cycles that were not collected. */
  readonly garbage: Amounts;
};

export type OwnersTotals = MemoryTotals & {
  /** `CPython 3.11`. */
  readonly runtime: string;
  /** Of all live objects, as types@1 counts them. */
  readonly count: number;
  readonly bytes: number;
  /** What is in no row. */
  readonly restCount: number;
  readonly restBytes: number;
  readonly reached: Coverage;
};

/** Objects of one type that an owner keeps. */
export type HeldType = { readonly type: string; readonly count: number; readonly bytes: number };

/** An object that keeps others alive. */
export type OwnerRow = {
  /** As Python reaches it: `downstream.profiler.Profiler.results`; `<garbage>` for what nothing holds. */
  readonly path: string;
  /** Null for garbage. */
  readonly type: string | null;
  readonly address: string | null;
  /** Its items, where it has any. */
  readonly length: number | null;
  /** What would go with it, itself included. */
  readonly retainedBytes: number;
  readonly retainedCount: number;
  /** The same less what owners among it keep for their own: adds up over all owners. */
  readonly bytes: number;
  readonly count: number;
  /** How many rows it is in, with --tree; else 0. */
  readonly depth: number;
  /** What it keeps for itself, by type, as many as --holds says. */
  readonly holds: readonly HeldType[];
  /** Why it may be a leak, with --suspects. */
  readonly suspect: string | null;
};

/** Objects of one type that are held in the same way. */
export type HolderRow = {
  /** Items folded: `downstream.profiler.Profiler.results[*][0]`. */
  readonly path: string;
  readonly count: number;
  readonly bytes: number;
  /** One of them. */
  readonly example: string;
};

export type HoldersTotals = MemoryTotals &
  Amounts & {
    readonly type: string;
    readonly restCount: number;
    readonly restBytes: number;
  };

export type DiffInput = { readonly old: SubjectInput; readonly new: SubjectInput };

/** Sums over all names, also those in no row. */
export type DiffTotals = {
  readonly by: "type" | "owner" | "word";
  readonly oldCount: number;
  readonly newCount: number;
  readonly oldBytes: number;
  readonly newBytes: number;
  /** Whether both are of one process: same number, same AT_RANDOM bytes. */
  readonly sameProcess: boolean;
  /** Names that changed and are in no row. */
  readonly restRows: number;
};

/** What became of a name. */
export type DiffRow = {
  readonly by: "type" | "owner" | "word";
  readonly name: string;
  readonly oldCount: number;
  readonly newCount: number;
  readonly countDiff: number;
  readonly oldBytes: number;
  readonly newBytes: number;
  readonly bytesDiff: number;
  /** Items of an owner; null where there are none, or it was not there. */
  readonly oldLength: number | null;
  readonly newLength: number | null;
  /** With --new, objects at whose address the older core has none of the same type: at least so many are new. */
  readonly freshCount: number | null;
  readonly freshBytes: number | null;
};

export type TrendInput = { readonly cores: readonly SubjectInput[] };
export type TrendTotals = {
  readonly by: "type" | "owner" | "word";
  readonly bytes: readonly number[];
  readonly restRows: number;
};

/** A name over several cores, oldest first. */
export type TrendRow = {
  readonly by: "type" | "owner" | "word";
  readonly name: string;
  readonly counts: readonly number[];
  readonly bytes: readonly number[];
  readonly countDiff: number;
  readonly bytesDiff: number;
  /** Steps in which it went the way that it went in all. */
  readonly steps: number;
};

/** Every schema there is. A new one is the types of its parts, above, and an entry here. */
export type Schemas = {
  "coregram/words@1": { readonly input: WordsInput; readonly totals: WordsTotals; readonly row: WordRow };
  "coregram/info@1": { readonly input: SubjectInput; readonly totals: MemoryTotals; readonly row: InfoRow };
  "coregram/whatis@1": {
    readonly input: SubjectInput;
    readonly totals: MemoryTotals;
    readonly row: WhatisRow;
  };
  "coregram/types@1": { readonly input: SubjectInput; readonly totals: TypesTotals; readonly row: TypeRow };
  "coregram/strings@1": {
    readonly input: SubjectInput;
    readonly totals: StringsTotals;
    readonly row: StringRow;
  };
  "coregram/containers@1": {
    readonly input: SubjectInput;
    readonly totals: ContainersTotals;
    readonly row: ContainerRow;
  };
  "coregram/owners@1": {
    readonly input: SubjectInput;
    readonly totals: OwnersTotals;
    readonly row: OwnerRow;
  };
  "coregram/holds@1": {
    readonly input: SubjectInput;
    readonly totals: HoldersTotals;
    readonly row: HolderRow;
  };
  "coregram/diff@1": { readonly input: DiffInput; readonly totals: DiffTotals; readonly row: DiffRow };
  "coregram/trend@1": { readonly input: TrendInput; readonly totals: TrendTotals; readonly row: TrendRow };
};

export type SchemaName = keyof Schemas;

/** What `--format json` prints. */
export type Frame<Name extends SchemaName = SchemaName> = {
  readonly schema: Name;
  readonly input: Schemas[Name]["input"];
  readonly totals: Schemas[Name]["totals"];
  readonly rows: readonly Schemas[Name]["row"][];
};
