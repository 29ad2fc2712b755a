// Made by scripts/kernel-interface.mjs from src/kernel/assembly, whose comments these are: do not edit.
// Addresses and counts are u32; those that come back are never negative.

/** What the kernel exports, as WebAssembly calls it: arguments by position, none checked. */
interface Exports {
  findDataStacks(at: number, bytes: number, address: bigint, to: number, most: number): number;
  objectEdges(
    graph: number,
    first: number,
    end: number,
    at: number,
    bytes: number,
    address: bigint,
    edges: number,
    edgesEnd: number,
    jobs: number,
    jobsEnd: number,
    wrote: number,
  ): number;
  tableEdges(
    graph: number,
    jobs: number,
    first: number,
    end: number,
    at: number,
    bytes: number,
    address: bigint,
    edges: number,
    edgesEnd: number,
    next: number,
    nextEnd: number,
    wrote: number,
    budget: number,
    tables: number,
  ): number;
  dropLoose(
    plan: number,
    records: number,
    owns: number,
    count: number,
    links: number,
    states: number,
    linkCount: number,
    marks: number,
    room: bigint,
  ): bigint;
  keepLoose(plan: number, records: number, owns: number, count: number, tally: number, kept: number): number;
  linkLoose(graph: number, previous: number, count: number, gcHead: number, states: number): void;
  looseObjects(
    plan: number,
    at: number,
    from: number,
    to: number,
    end: number,
    address: bigint,
    pages: number,
    low: bigint,
    span: bigint,
    gcHead: number,
    tally: number,
    records: number,
    owns: number,
    links: number,
    previous: number,
    wrote: number,
  ): number;
  markLoose(
    at: number,
    bytes: number,
    pages: number,
    low: bigint,
    span: bigint,
    hash: number,
    hashMask: number,
    marks: number,
  ): void;
  formatRows(
    words: number,
    rows: number,
    prefix: number,
    prefixBytes: number,
    wide: number,
    to: number,
  ): number;
  between(words: number, count: number, low: bigint, high: bigint, to: number): number;
  countRuns(
    words: number,
    count: number,
    known: number,
    knownCount: number,
    runs: number,
    apart: number,
    once: number,
  ): number;
  mergeRuns(a: number, aCount: number, b: number, bCount: number, to: number): number;
  orderByCount(
    runs: number,
    count: number,
    spare: number,
    histogram: number,
    words: number,
    steps: number,
  ): number;
  sortDescending(words: number, spare: number, count: number, histogram: number): number;
  isLoose(graph: number, first: number, end: number): number;
  looseEdges(
    graph: number,
    first: number,
    end: number,
    at: number,
    bytes: number,
    address: bigint,
    edges: number,
    edgesEnd: number,
    jobs: number,
    jobsEnd: number,
    wrote: number,
  ): number;
  looseWords(
    graph: number,
    jobs: number,
    first: number,
    end: number,
    at: number,
    bytes: number,
    address: bigint,
    edges: number,
    edgesEnd: number,
    wrote: number,
  ): number;
  markBlocks(
    at: number,
    bytes: number,
    address: bigint,
    pages: number,
    marks: number,
    records: number,
    first: number,
    end: number,
    blocks: number,
    sizes: number,
  ): void;
  poolBlocks(address: bigint, blocks: number, sizes: number, tables: number, to: number): number;
  readMapLines(
    text: number,
    at: number,
    end: number,
    sizes: number,
    types: number,
    stop: number,
    found: number,
    others: number,
    most: number,
    wrote: number,
  ): number;
  pageObjects(
    plan: number,
    at: number,
    address: bigint,
    block: number,
    capacity: number,
    used: number,
    hasObjects: number,
    heads: number,
    marks: number,
    tally: number,
    to: number,
    others: number,
    wrote: number,
  ): number;
  blockObject(
    plan: number,
    block: number,
    address: bigint,
    capacity: bigint,
    tally: number,
    to: number,
  ): number;
  chunkObjects(
    plan: number,
    at: number,
    bytes: number,
    address: bigint,
    cached: number,
    cachedCount: number,
    tally: number,
    sums: number,
    to: number,
    toEnd: number,
    others: number,
    wrote: number,
  ): number;
  freedObject(plan: number, block: number, capacity: bigint, tally: number): void;
  poolObjects(
    plan: number,
    at: number,
    bytes: number,
    address: bigint,
    pages: number,
    marks: number,
    tally: number,
    sums: number,
    to: number,
  ): number;
  staticObjects(
    plan: number,
    at: number,
    bytes: number,
    tail: number,
    address: bigint,
    tally: number,
    to: number,
  ): number;
  scatter(
    chunk: number,
    words: number,
    tree: number,
    levels: number,
    cursors: number,
    blockBytes: number,
    free: number,
    owners: number,
  ): void;
  sift(chunk: number, words: number, table: number, multiplier: bigint, shift: bigint, to: number): number;
  slotObjects(
    plan: number,
    at: number,
    address: bigint,
    stride: number,
    slots: number,
    free: number,
    tally: number,
    to: number,
    others: number,
    wrote: number,
  ): number;
  surveyPages(
    at: number,
    bytes: number,
    tail: number,
    address: bigint,
    pages: number,
    candidates: number,
    most: number,
    header: number,
    marks: number,
    sums: number,
  ): number;
  byteSwap4(at: number, words: number): void;
  byteSwap8(at: number, words: number): void;
  widen(from: number, words: number, to: number): void;
  fold(table: number, slots: number, totals: number): void;
  sketch(chunk: number, words: number, table: number, multiplier: bigint, shift: bigint): void;
  tally(
    chunk: number,
    words: number,
    table: number,
    multiplier: bigint,
    shift: bigint,
    hot: number,
    counts: number,
    mask: number,
  ): number;
  tableSizes(
    plan: number,
    records: number,
    count: number,
    at: number,
    bytes: number,
    address: bigint,
    tally: number,
    large: number,
    found: number,
    most: number,
  ): number;
}

/** The functions of `assembly/`. Those with more than 4 arguments take them by name. */
export interface Kernel {
  /**
   * Addresses (u64, at most `most`, to `to`) of what may be a thread state's fields datastack_chunk, datastack_top,
   * datastack_limit (Include/cpython/pystate.h, 3.11 on): a page, a place in what follows it, and its end. Greenlets keep
   * the same three. Returns how many there are, also beyond `most`.
   */
  findDataStacks(given: {
    readonly at: number;
    readonly bytes: number;
    readonly address: bigint;
    readonly to: number;
    readonly most: number;
  }): number;
  /**
   * Edges out of the objects `first` up to, not including, `end`, whose structs are among `bytes` bytes at `at`, at
   * `address`; what lies elsewhere becomes jobs. Stops where the next object's edges might not fit before `edgesEnd`
   * or its jobs before `jobsEnd`. At `wrote`, two u32: bytes of edges (u32 from, u32 to) and of jobs. Returns the
   * object that it stopped at.
   */
  objectEdges(given: {
    readonly graph: number;
    readonly first: number;
    readonly end: number;
    readonly at: number;
    readonly bytes: number;
    readonly address: bigint;
    readonly edges: number;
    readonly edgesEnd: number;
    readonly jobs: number;
    readonly jobsEnd: number;
    readonly wrote: number;
  }): number;
  /**
   * Does the jobs `first` up to, not including, `end`, of those at `jobs`: their items begin among `bytes` bytes at `at`,
   * at `address`; those that do not are left out. What their tables lead to further off becomes new jobs at `next`.
   * Room and results as in `objectEdges`. At `budget`, two u64 that it changes: entries of dicts' tables that may still be
   * read, and words of entries that were left out because they were more. At `tables`, a bit a word of the piece: 1 where
   * a table begins.
   */
  tableEdges(given: {
    readonly graph: number;
    readonly jobs: number;
    readonly first: number;
    readonly end: number;
    readonly at: number;
    readonly bytes: number;
    readonly address: bigint;
    readonly edges: number;
    readonly edgesEnd: number;
    readonly next: number;
    readonly nextEnd: number;
    readonly wrote: number;
    readonly budget: number;
    readonly tables: number;
  }): number;
  /**
   * Of `count` records of one region, last first, drops those that are in no list and that no mark is for, those whose head makes no sense,
   * and those that reach into one behind them that is in a list; the first such one behind all begins at `room`. `links` are theirs, the
   * `states` settled. Returns where the first of these that is in a list begins, or `room`.
   */
  dropLoose(given: {
    readonly plan: number;
    readonly records: number;
    readonly owns: number;
    readonly count: number;
    readonly links: number;
    readonly states: number;
    readonly linkCount: number;
    readonly marks: number;
    readonly room: bigint;
  }): bigint;
  /**
   * Moves the records that are left, of `count`, to the front of them and counts them, less those that begin before one before them ends.
   * Returns their bytes; `kept` is gone on with, see loose.ts.
   */
  keepLoose(given: {
    readonly plan: number;
    readonly records: number;
    readonly owns: number;
    readonly count: number;
    readonly tally: number;
    readonly kept: number;
  }): number;
  /** Marks at `states` which of the `count` links at RECORDS of `graph` their neighbours lead back to; see loose.ts. */
  linkLoose(given: {
    readonly graph: number;
    readonly previous: number;
    readonly count: number;
    readonly gcHead: number;
    readonly states: number;
  }): void;
  /**
   * What may be live objects that begin from `from` up to `to` in the piece at `at`, at `address`, of which `end` bytes can be read: any
   * aligned place with a type's address behind what can be a count. `pages` are as `surveyPages` left them; all types are from `low` to `span`
   * bytes behind it; the collector's head has `gcHead` bytes, two links first. Returns the bytes of records written to `records`, room for one
   * a word; see loose.ts for `owns`, `links` and `previous`, with room for as many. At `wrote` the number of links (u32).
   */
  looseObjects(given: {
    readonly plan: number;
    readonly at: number;
    readonly from: number;
    readonly to: number;
    readonly end: number;
    readonly address: bigint;
    readonly pages: number;
    readonly low: bigint;
    readonly span: bigint;
    readonly gcHead: number;
    readonly tally: number;
    readonly records: number;
    readonly owns: number;
    readonly links: number;
    readonly previous: number;
    readonly wrote: number;
  }): number;
  /**
   * Marks what the words among `bytes` bytes at `at` lead to, from `low` to `span` bytes behind it: a bit a word of the regions in the
   * table of `hash`, see graph.ts, whose marks lie one behind the other at `marks`. `pages` are as `surveyPages` left them.
   */
  markLoose(given: {
    readonly at: number;
    readonly bytes: number;
    readonly pages: number;
    readonly low: bigint;
    readonly span: bigint;
    readonly hash: number;
    readonly hashMask: number;
    readonly marks: number;
  }): void;
  /**
   * Writes `rows` rows at `to`: the prefix (`prefixBytes` bytes, at most 32), the word as 16 (`wide`) or 8 lower-case hex
   * digits, a line feed. Writes up to 32 bytes past the end. Returns the address after the last row.
   */
  formatRows(given: {
    readonly words: number;
    readonly rows: number;
    readonly prefix: number;
    readonly prefixBytes: number;
    readonly wide: number;
    readonly to: number;
  }): number;
  /** Copies the words in [low, high] to `to` (which may be `words`), in order. Returns how many. */
  between(given: {
    readonly words: number;
    readonly count: number;
    readonly low: bigint;
    readonly high: bigint;
    readonly to: number;
  }): number;
  /**
   * Counts the runs of equal words in sorted order. With `apart`, words that occur once move to the front of
   * `words` and all others are written to `runs` as (word u64, count u64), at most count / 2 + knownCount of them;
   * without, all are written to `runs`. `known` holds `knownCount` more (word, count), greatest first, of words
   * that each stand once among `words` for all their occurrences. Returns how many are in `runs`, and stores the
   * number of words left at the front of `words` as a u32 at `once`.
   */
  countRuns(given: {
    readonly words: number;
    readonly count: number;
    readonly known: number;
    readonly knownCount: number;
    readonly runs: number;
    readonly apart: number;
    readonly once: number;
  }): number;
  /**
   * Merges two sorted lists of (word, count), greatest word first, adding the counts of equal words, into `to`.
   * Returns how many came out.
   */
  mergeRuns(given: {
    readonly a: number;
    readonly aCount: number;
    readonly b: number;
    readonly bCount: number;
    readonly to: number;
  }): number;
  /**
   * Puts `count` (word, count) runs at `runs` into the order of the rows, the greatest count first and the order
   * they came in among equals; then writes their words alone to `words`, and at `steps` a (count u64, rows u64)
   * for each different count. `spare` is as large as `runs`; `words` may be `runs`, `steps` must be apart.
   * Returns how many steps.
   */
  orderByCount(given: {
    readonly runs: number;
    readonly count: number;
    readonly spare: number;
    readonly histogram: number;
    readonly words: number;
    readonly steps: number;
  }): number;
  /**
   * Sorts `count` words at `words`, greatest first, with `spare` (as large) to move between: a radix sort of the
   * bits in which they differ. `histogram` is 8 KiB. Returns where the sorted words are: `words` or `spare`.
   */
  sortDescending(words: number, spare: number, count: number, histogram: number): number;
  /** Whether there is something for `looseEdges` to do among the objects `first` up to, not including, `end`. */
  isLoose(graph: number, first: number, end: number): number;
  /**
   * What the structs of the objects `first` up to, not including, `end` may lead to beside what `objectEdges` follows:
   * words that point into blocks, and items of types that are not known. Arguments and results are as in `objectEdges`; a
   * block's number counts from the number of objects, with INNER where a word points inside it.
   */
  looseEdges(given: {
    readonly graph: number;
    readonly first: number;
    readonly end: number;
    readonly at: number;
    readonly bytes: number;
    readonly address: bigint;
    readonly edges: number;
    readonly edgesEnd: number;
    readonly jobs: number;
    readonly jobsEnd: number;
    readonly wrote: number;
  }): number;
  /**
   * What words may lead to: the jobs `first` up to, not including, `end`, of those at `jobs`, all of words, whose owners
   * are objects or, counted from the number of objects, blocks. Room and results as in `looseEdges`.
   */
  looseWords(given: {
    readonly graph: number;
    readonly jobs: number;
    readonly first: number;
    readonly end: number;
    readonly at: number;
    readonly bytes: number;
    readonly address: bigint;
    readonly edges: number;
    readonly edgesEnd: number;
    readonly wrote: number;
  }): number;
  /**
   * Marks the blocks in use that hold no object in the pools among `bytes` bytes at `at`, at `address`; `pages` as
   * `surveyPages` left them. The objects that lie there are the records from `first` to `end`. At `blocks`, a bit a word of
   * the piece, where such a block begins; at `sizes`, a byte a page of a pool, how many words its blocks have.
   */
  markBlocks(given: {
    readonly at: number;
    readonly bytes: number;
    readonly address: bigint;
    readonly pages: number;
    readonly marks: number;
    readonly records: number;
    readonly first: number;
    readonly end: number;
    readonly blocks: number;
    readonly sizes: number;
  }): void;
  /**
   * Of a piece at `address`, the blocks that `markBlocks` has marked and in which no object's table begins: at `tables` a
   * bit a word for those. Returns the bytes written to `to`, 16 a block: address and bytes as f64.
   */
  poolBlocks(given: {
    readonly address: bigint;
    readonly blocks: number;
    readonly sizes: number;
    readonly tables: number;
    readonly to: number;
  }): number;
  /**
   * Reads lines of the text at `text`, from offset `at` on to `end`, where a newline must stand; 32 bytes more may be
   * read. A line `ADDRESS [SIZE] [TYPE] NAME` is a symbol: address and size are up to 16 hex digits, with or without
   * `0x`, apart by blanks, and the name is the rest, without the blanks and the return at its end. There is a size if
   * `sizes` is 2, if it is 1 unless a field of one byte follows the address, and a type if `types`, 256 flags of bytes
   * that are one, is not 0; with a type, 0 is no address. The byte `stop` is not in the line.
   *
   * Writes to `found` (24 bytes each) address and size (u64) and the offsets where the name starts and ends (u32); of
   * other lines, unless they are blank or begin with `#`, to `others` (16 bytes each) how many were found before, the
   * offsets where the line starts and ends, and its number, 1 for the first line read (u32). Stops where `most` of either
   * are written. Stores how many of both and how many lines as u32 at `wrote`. Returns the offset of the next line.
   */
  readMapLines(given: {
    readonly text: number;
    readonly at: number;
    readonly end: number;
    readonly sizes: number;
    readonly types: number;
    readonly stop: number;
    readonly found: number;
    readonly others: number;
    readonly most: number;
    readonly wrote: number;
  }): number;
  /**
   * Finds the objects in the page whose `capacity` blocks of `block` bytes lie at `at`, at `address`; 128 bytes behind them can be read.
   * At `heads`, three u64: where its lists of free blocks begin. At `marks` there is room for a byte a block. Of a page of
   * memory that is no object's (`hasObjects` 0) blocks are only told apart. Writes records to `to`, and to `others` the blocks in
   * use that hold no object, each with room for one a block; at `wrote` the numbers of mimalloc-page.ts. Returns 0 where the
   * lists make no sense, or do not add up with `used`.
   */
  pageObjects(given: {
    readonly plan: number;
    readonly at: number;
    readonly address: bigint;
    readonly block: number;
    readonly capacity: number;
    readonly used: number;
    readonly hasObjects: number;
    readonly heads: number;
    readonly marks: number;
    readonly tally: number;
    readonly to: number;
    readonly others: number;
    readonly wrote: number;
  }): number;
  /** The object in one block, of which at least 128 bytes can be read. Returns the bytes written to `to`: 16 or 0. */
  blockObject(given: {
    readonly plan: number;
    readonly block: number;
    readonly address: bigint;
    readonly capacity: bigint;
    readonly tally: number;
    readonly to: number;
  }): number;
  /**
   * Walks glibc's chunks (malloc/malloc.c) from the header at `at`, at `address`, as far as the next one's header is
   * within `bytes` bytes; 128 more can be read. At `cached` are the sorted addresses (u64) of the headers of `cachedCount`
   * chunks that were freed and look as if they were in use. It adds to `sums`, see block-sums.ts. Stops when `to` has
   * reached `toEnd`. Writes records to `to`, and to `others`, which has as much room, what other blocks are in use, see
   * native.ts; the bytes of both as u32 at `wrote`. Returns how far it came.
   */
  chunkObjects(given: {
    readonly plan: number;
    readonly at: number;
    readonly bytes: number;
    readonly address: bigint;
    readonly cached: number;
    readonly cachedCount: number;
    readonly tally: number;
    readonly sums: number;
    readonly to: number;
    readonly toEnd: number;
    readonly others: number;
    readonly wrote: number;
  }): number;
  /** Counts the object that a free block still shows, if it does; at least 128 bytes of it can be read. */
  freedObject(plan: number, block: number, capacity: bigint, tally: number): void;
  /**
   * Finds the objects in the pools among `bytes` bytes at `at`, at `address`; `pages` as `surveyPages` left them.
   * It adds to `sums`, see block-sums.ts.
   * Returns the bytes of records written to `to`, one a block in use at most.
   */
  poolObjects(given: {
    readonly plan: number;
    readonly at: number;
    readonly bytes: number;
    readonly address: bigint;
    readonly pages: number;
    readonly marks: number;
    readonly tally: number;
    readonly sums: number;
    readonly to: number;
  }): number;
  /**
   * Static objects among `bytes` bytes at `at`, at `address`: any aligned place with a type's address behind what
   * can be a count. They have no head in front, though sys.getsizeof mostly adds it. Returns the bytes written to `to`, room for bytes / 16 records.
   */
  staticObjects(given: {
    readonly plan: number;
    readonly at: number;
    readonly bytes: number;
    readonly tail: number;
    readonly address: bigint;
    readonly tally: number;
    readonly to: number;
  }): number;
  /**
   * Appends each of `words` words to its part: part 0 holds the greatest. `tree` is 2^levels - 1 splitters in
   * heap order from index 1. `cursors` is a u32 address a part, `free` a stack of free blocks (how many, then the
   * address of each, u32), `owners` a u32 part for each block, indexed by its address / blockBytes. The caller
   * has seen to it that words / (blockBytes / 8) + parts blocks are free.
   */
  scatter(given: {
    readonly chunk: number;
    readonly words: number;
    readonly tree: number;
    readonly levels: number;
    readonly cursors: number;
    readonly blockBytes: number;
    readonly free: number;
    readonly owners: number;
  }): void;
  /**
   * Counts the words that are their slot's key and moves all others, in order, to `to` (which may be `chunk`).
   * Returns how many it moved. No branch depends on the data: a quarter of a core's words are zero, scattered.
   */
  sift(given: {
    readonly chunk: number;
    readonly words: number;
    readonly table: number;
    readonly multiplier: bigint;
    readonly shift: bigint;
    readonly to: number;
  }): number;
  /**
   * Finds the objects in the `slots` slots of `stride` bytes of the group that lies at `at`, at `address`; 128 bytes behind it can be
   * read. Those whose bit is set in `free` are. Writes records to `to`, and to `others` the blocks in use that hold no object, each with
   * room for one a slot; at `wrote` what mallocng-slot.ts says. Returns the bytes of records.
   */
  slotObjects(given: {
    readonly plan: number;
    readonly at: number;
    readonly address: bigint;
    readonly stride: number;
    readonly slots: number;
    readonly free: number;
    readonly tally: number;
    readonly to: number;
    readonly others: number;
    readonly wrote: number;
  }): number;
  /**
   * Looks through `bytes` bytes at `at`, which are at `address` (a multiple of 4 KiB) and may be read `tail` bytes
   * further. Writes what each page of 4 KiB is to `pages`, and the addresses (u64) of what may be type objects in
   * the other pages to `candidates`, at most `most`; `header` is how long that of objects is. At `sums`, three u32: blocks
   * in use, pools, torn pools. Returns how many candidates there are.
   */
  surveyPages(given: {
    readonly at: number;
    readonly bytes: number;
    readonly tail: number;
    readonly address: bigint;
    readonly pages: number;
    readonly candidates: number;
    readonly most: number;
    readonly header: number;
    readonly marks: number;
    readonly sums: number;
  }): number;
  /** Reverses the bytes of `words` 4-byte words at `at`, in place. */
  byteSwap4(at: number, words: number): void;
  /** Reverses the bytes of `words` 8-byte words at `at`, in place. */
  byteSwap8(at: number, words: number): void;
  /** Zero-extends `words` 4-byte words at `from` to 8 bytes at `to`. `from` may be the upper half of `to`. */
  widen(from: number, words: number, to: number): void;
  /** Moves the 32-bit counters of `slots` slots into 64-bit ones: at `totals`, others (u64) and equals (u64) a slot. */
  fold(table: number, slots: number, totals: number): void;
  /**
   * Adds `words` words at `chunk` to the key table. Four words in flight hide the latency of the hash and of the
   * table, which has to fit the L2 cache.
   */
  sketch(given: {
    readonly chunk: number;
    readonly words: number;
    readonly table: number;
    readonly multiplier: bigint;
    readonly shift: bigint;
  }): void;
  /**
   * Counts, in an open-addressed table of (word u64, count u64), the words whose slot is marked in `hot` (a byte a
   * slot) and that are not their slot's key. `counts` has `mask + 1` places.
   * Returns how many words found no place within PROBES.
   */
  tally(given: {
    readonly chunk: number;
    readonly words: number;
    readonly table: number;
    readonly multiplier: bigint;
    readonly shift: bigint;
    readonly hot: number;
    readonly counts: number;
    readonly mask: number;
  }): number;
  /**
   * Completes the records of dicts whose tables lie in `bytes` bytes at `at`, at `address`: `count` records' places
   * (u32) at `records`, each with its table's address where its bytes go, see `putRecord`. Adds their bytes to the
   * tally, and lists the places of those that come out larger than `large` at `found`, at most `most`.
   * Returns how many those are.
   */
  tableSizes(given: {
    readonly plan: number;
    readonly records: number;
    readonly count: number;
    readonly at: number;
    readonly bytes: number;
    readonly address: bigint;
    readonly tally: number;
    readonly large: number;
    readonly found: number;
    readonly most: number;
  }): number;
}

/** The kernel's functions on an instance's exports. */
export function bindKernel(exported: object): Kernel {
  const wasm = exported as Exports;
  return {
    findDataStacks: ({ at, bytes, address, to, most }) =>
      wasm.findDataStacks(at, bytes, address, to, most) >>> 0,
    objectEdges: ({ graph, first, end, at, bytes, address, edges, edgesEnd, jobs, jobsEnd, wrote }) =>
      wasm.objectEdges(graph, first, end, at, bytes, address, edges, edgesEnd, jobs, jobsEnd, wrote) >>> 0,
    tableEdges: ({
      graph,
      jobs,
      first,
      end,
      at,
      bytes,
      address,
      edges,
      edgesEnd,
      next,
      nextEnd,
      wrote,
      budget,
      tables,
    }) =>
      wasm.tableEdges(
        graph,
        jobs,
        first,
        end,
        at,
        bytes,
        address,
        edges,
        edgesEnd,
        next,
        nextEnd,
        wrote,
        budget,
        tables,
      ) >>> 0,
    dropLoose: ({ plan, records, owns, count, links, states, linkCount, marks, room }) =>
      wasm.dropLoose(plan, records, owns, count, links, states, linkCount, marks, room),
    keepLoose: ({ plan, records, owns, count, tally, kept }) =>
      wasm.keepLoose(plan, records, owns, count, tally, kept) >>> 0,
    linkLoose: ({ graph, previous, count, gcHead, states }) =>
      wasm.linkLoose(graph, previous, count, gcHead, states),
    looseObjects: ({
      plan,
      at,
      from,
      to,
      end,
      address,
      pages,
      low,
      span,
      gcHead,
      tally,
      records,
      owns,
      links,
      previous,
      wrote,
    }) =>
      wasm.looseObjects(
        plan,
        at,
        from,
        to,
        end,
        address,
        pages,
        low,
        span,
        gcHead,
        tally,
        records,
        owns,
        links,
        previous,
        wrote,
      ) >>> 0,
    markLoose: ({ at, bytes, pages, low, span, hash, hashMask, marks }) =>
      wasm.markLoose(at, bytes, pages, low, span, hash, hashMask, marks),
    formatRows: ({ words, rows, prefix, prefixBytes, wide, to }) =>
      wasm.formatRows(words, rows, prefix, prefixBytes, wide, to) >>> 0,
    between: ({ words, count, low, high, to }) => wasm.between(words, count, low, high, to) >>> 0,
    countRuns: ({ words, count, known, knownCount, runs, apart, once }) =>
      wasm.countRuns(words, count, known, knownCount, runs, apart, once) >>> 0,
    mergeRuns: ({ a, aCount, b, bCount, to }) => wasm.mergeRuns(a, aCount, b, bCount, to) >>> 0,
    orderByCount: ({ runs, count, spare, histogram, words, steps }) =>
      wasm.orderByCount(runs, count, spare, histogram, words, steps) >>> 0,
    sortDescending: (words, spare, count, histogram) =>
      wasm.sortDescending(words, spare, count, histogram) >>> 0,
    isLoose: (graph, first, end) => wasm.isLoose(graph, first, end),
    looseEdges: ({ graph, first, end, at, bytes, address, edges, edgesEnd, jobs, jobsEnd, wrote }) =>
      wasm.looseEdges(graph, first, end, at, bytes, address, edges, edgesEnd, jobs, jobsEnd, wrote) >>> 0,
    looseWords: ({ graph, jobs, first, end, at, bytes, address, edges, edgesEnd, wrote }) =>
      wasm.looseWords(graph, jobs, first, end, at, bytes, address, edges, edgesEnd, wrote) >>> 0,
    markBlocks: ({ at, bytes, address, pages, marks, records, first, end, blocks, sizes }) =>
      wasm.markBlocks(at, bytes, address, pages, marks, records, first, end, blocks, sizes),
    poolBlocks: ({ address, blocks, sizes, tables, to }) =>
      wasm.poolBlocks(address, blocks, sizes, tables, to) >>> 0,
    readMapLines: ({ text, at, end, sizes, types, stop, found, others, most, wrote }) =>
      wasm.readMapLines(text, at, end, sizes, types, stop, found, others, most, wrote) >>> 0,
    pageObjects: ({
      plan,
      at,
      address,
      block,
      capacity,
      used,
      hasObjects,
      heads,
      marks,
      tally,
      to,
      others,
      wrote,
    }) =>
      wasm.pageObjects(
        plan,
        at,
        address,
        block,
        capacity,
        used,
        hasObjects,
        heads,
        marks,
        tally,
        to,
        others,
        wrote,
      ) >>> 0,
    blockObject: ({ plan, block, address, capacity, tally, to }) =>
      wasm.blockObject(plan, block, address, capacity, tally, to) >>> 0,
    chunkObjects: ({
      plan,
      at,
      bytes,
      address,
      cached,
      cachedCount,
      tally,
      sums,
      to,
      toEnd,
      others,
      wrote,
    }) =>
      wasm.chunkObjects(
        plan,
        at,
        bytes,
        address,
        cached,
        cachedCount,
        tally,
        sums,
        to,
        toEnd,
        others,
        wrote,
      ) >>> 0,
    freedObject: (plan, block, capacity, tally) => wasm.freedObject(plan, block, capacity, tally),
    poolObjects: ({ plan, at, bytes, address, pages, marks, tally, sums, to }) =>
      wasm.poolObjects(plan, at, bytes, address, pages, marks, tally, sums, to) >>> 0,
    staticObjects: ({ plan, at, bytes, tail, address, tally, to }) =>
      wasm.staticObjects(plan, at, bytes, tail, address, tally, to) >>> 0,
    scatter: ({ chunk, words, tree, levels, cursors, blockBytes, free, owners }) =>
      wasm.scatter(chunk, words, tree, levels, cursors, blockBytes, free, owners),
    sift: ({ chunk, words, table, multiplier, shift, to }) =>
      wasm.sift(chunk, words, table, multiplier, shift, to) >>> 0,
    slotObjects: ({ plan, at, address, stride, slots, free, tally, to, others, wrote }) =>
      wasm.slotObjects(plan, at, address, stride, slots, free, tally, to, others, wrote) >>> 0,
    surveyPages: ({ at, bytes, tail, address, pages, candidates, most, header, marks, sums }) =>
      wasm.surveyPages(at, bytes, tail, address, pages, candidates, most, header, marks, sums) >>> 0,
    byteSwap4: (at, words) => wasm.byteSwap4(at, words),
    byteSwap8: (at, words) => wasm.byteSwap8(at, words),
    widen: (from, words, to) => wasm.widen(from, words, to),
    fold: (table, slots, totals) => wasm.fold(table, slots, totals),
    sketch: ({ chunk, words, table, multiplier, shift }) =>
      wasm.sketch(chunk, words, table, multiplier, shift),
    tally: ({ chunk, words, table, multiplier, shift, hot, counts, mask }) =>
      wasm.tally(chunk, words, table, multiplier, shift, hot, counts, mask) >>> 0,
    tableSizes: ({ plan, records, count, at, bytes, address, tally, large, found, most }) =>
      wasm.tableSizes(plan, records, count, at, bytes, address, tally, large, found, most) >>> 0,
  };
}
