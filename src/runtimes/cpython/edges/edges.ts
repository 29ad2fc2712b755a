import {
  type Crew,
  EDGES_THREAD_ROOM,
  type FoundEdges,
  GRAPH,
  NATIVE,
  PIECE_BUFFER_BYTES,
  type Pieces,
  type Progress,
} from "../../../kernel/index.ts";

import { partitionPoint } from "../../../terms/index.ts";
import type { Layout } from "../layout/layout.ts";
import { IMMORTAL_FROM } from "../layout/refs.ts";
import { firstObjects, indexObjects } from "../objects/object-index.ts";
import type { ObjectTable } from "../objects/object-table.ts";
import type { Python } from "../python.ts";
import { slotValue } from "../threads/frames.ts";
import type { Family } from "../types/families.ts";
import { planScans, type ScanPlan, writeScanPlans } from "./scan-plan.ts";
import { specialWords } from "./special-words.ts";
import { type Job, JobQueue } from "./table-jobs.ts";

/** Who points to whom among the objects of a table. */
export interface PythonEdges {
  readonly scans: readonly ScanPlan[];
  /** Pairs (from, to) in chunks, in an order that does not depend on threads. */
  readonly chunks: Uint32Array[];
  /** Counts of references, all ones for immortal objects and those beyond; in the kernel's memory. */
  readonly refs: Uint32Array;
  /** 1 where an object is another's namespace: a `__dict__`, a closure. */
  readonly parts: Uint8Array;
  /** Addresses of what may be thread states' fields of their data stacks. */
  readonly stacks: readonly number[];
  /** Such addresses beyond what is kept. */
  readonly lostStacks: number;
  /** Tables that overlap so much that they were not all followed: words left out. */
  readonly lostWords: number;
  readonly traces: Traces;
}

/** What following edges left in the kernel's memory for whoever looks further. */
export interface Traces {
  /** As assembly/edges.ts documents it. */
  readonly graph: number;
  /** The first object of each piece, and how many there are. */
  readonly firsts: Uint32Array;
  /** For each piece a bit a word, which is set where an object's table begins. */
  readonly tables: number;
  /** The same where a block of a pool begins that holds no object, and a byte a page for how many words such blocks have. */
  readonly blocks: number;
  readonly sizes: number;
  /** What each thread has for itself. */
  readonly threads: readonly { readonly buffer: number; readonly room: number }[];
}

const { WORD_MARKS_BYTES } = NATIVE;

/** Tables lead to tables twice at most: a shared table to values, a table to its entries in the next piece. */
const MOST_ROUNDS = 4;

/**
 * Follows what objects and the tables that they own point to, as the collector would, and a few things that it leaves
 * out (code objects' constants, keys). Of types that are not known all words count that are an object's address.
 * In the kernel's memory 5 bytes an object and 16 for each 512 that have some; 8 bytes an edge beside it.
 * @throws CoregramError as reading does, and `limit` where memory runs out
 */
export async function followEdges(
  crew: Crew,
  python: Python,
  table: ObjectTable,
  progress?: Progress,
): Promise<PythonEdges> {
  const { memory } = crew;
  const { layout, survey } = python;
  const { pieces } = survey;
  const scans = planScans(python);
  const index = indexObjects(memory, table);
  const refs = memory.place(table.count * 4);
  const parts = memory.place(table.count);
  const graph = memory.place(GRAPH.GRAPH_BYTES);
  const tables = memory.place(pieces.count * WORD_MARKS_BYTES);
  const blocks = memory.place(pieces.count * WORD_MARKS_BYTES);
  const sizes = memory.place(pieces.firstPages[pieces.count] ?? 0);
  const plans = writeScanPlans(memory, python, scans);
  const threads = Array.from({ length: crew.threads }, () => ({
    buffer: memory.place(PIECE_BUFFER_BYTES),
    room: memory.place(EDGES_THREAD_ROOM),
    marks: memory.place(2048),
  }));
  const fields = new DataView(memory.buffer, graph, GRAPH.GRAPH_BYTES);
  const put = (place: number, word: number) => fields.setBigUint64(place, BigInt(word), true);
  put(GRAPH.HASH, index.hash);
  put(GRAPH.HASH_MASK, index.hashMask);
  put(GRAPH.CELLS, index.cells);
  put(GRAPH.SCANS, plans);
  put(GRAPH.RECORDS, table.place);
  put(GRAPH.REFS, refs);
  put(GRAPH.PARTS, parts);
  put(GRAPH.NEW_KEYS, layout.newKeys ? 1 : 0);
  put(GRAPH.VALUES_HEADER, layout.valuesHeader);
  put(GRAPH.IMMORTAL, IMMORTAL_FROM[layout.refs]);
  fields.setUint32(GRAPH.MANY_OBJECTS, table.count, true);
  fields.setUint32(GRAPH.BIASED, layout.isFreeThreaded ? 1 : 0, true);
  putPlaces(fields, layout);
  const firsts = firstObjects(pieces, table);
  const own = (thread: number) => threads[thread] ?? { buffer: 0, room: 0, marks: 0 };
  const found = await crew.run(
    "objectEdges",
    pieces.count,
    (thread) => ({
      pieces,
      graph,
      firsts,
      seeksStacks: layout.frame !== null,
      pages: survey.pages,
      records: table.place,
      blocks,
      sizes,
      ...own(thread),
    }),
    progress,
  );
  const { buffer } = memory.wasm;
  const result = {
    scans,
    chunks: [] as Uint32Array[],
    refs: new Uint32Array(buffer, refs, table.count),
    parts: new Uint8Array(buffer, parts, table.count),
  };
  const queue = new JobQueue(pieces, survey.bytes);
  const marks = new TableMarks(new Uint8Array(buffer, tables, pieces.count * WORD_MARKS_BYTES), pieces);
  for (const at of python.internTable.places) marks.mark(at);
  const special = new SpecialEdges(python, table, result, marks);
  const stacks: number[] = [];
  let lostEntries = 0;
  let lostStacks = 0;
  const take = (results: FoundEdges[][]) => {
    for (const { edges, jobs, stacks: seen, ...lost } of inOrder(results)) {
      if (edges.length > 0) result.chunks.push(edges);
      queue.add(jobs, (job) => special.follow(job));
      for (const stack of seen) stacks.push(stack);
      lostStacks += lost.lostStacks;
      lostEntries += lost.lostWords;
    }
  };
  take(found);
  result.chunks.push(...special.take());
  for (let round = 0; round < MOST_ROUNDS && queue.count > 0; round += 1) {
    const { places, firsts: firstJobs, bytes } = queue.sorted();
    const jobs = memory.place(bytes.byteLength);
    new Uint32Array(memory.buffer, jobs, bytes.length).set(bytes);
    take(
      await crew.run("tableEdges", places.length, (thread) => ({
        pieces,
        graph,
        places,
        firsts: firstJobs,
        jobs,
        tables,
        ...own(thread),
      })),
    );
  }
  const lostWords = lostEntries + queue.lostWords + special.lostWords;
  const traces = { graph, firsts, tables, blocks, sizes, threads };
  return { ...result, parts: result.parts.slice(), stacks, lostStacks, lostWords, traces };
}

/** Marks where tables begin that the kernel does not follow. */
class TableMarks {
  readonly #bits: Uint8Array;
  readonly #pieces: Pieces;

  constructor(bits: Uint8Array, pieces: Pieces) {
    this.#bits = bits;
    this.#pieces = pieces;
  }

  mark(at: number): void {
    const { starts, bytes } = this.#pieces;
    const piece = partitionPoint(0, this.#pieces.count, (index) => (starts[index] ?? 0) <= at) - 1;
    const offset = at - (starts[piece] ?? Number.NaN);
    if (!(offset < (bytes[piece] ?? 0))) return;
    const byte = piece * WORD_MARKS_BYTES + (offset >>> 6);
    this.#bits[byte] = (this.#bits[byte] ?? 0) | (1 << ((offset >>> 3) & 7));
  }
}

/** Where the kernel finds the fields that it reads. */
function putPlaces(table: DataView, layout: Layout): void {
  const { structs } = layout;
  const { PyDictKeysObject: keys } = structs;
  const put = (place: number, offset: number) => table.setUint32(place, offset, true);
  put(GRAPH.OB_TYPE, structs.PyObject.ob_type);
  put(GRAPH.OB_SIZE, structs.PyVarObject.ob_size);
  put(GRAPH.LIST_ITEMS, structs.PyListObject.ob_item);
  put(GRAPH.DICT_USED, structs.PyDictObject.ma_used);
  put(GRAPH.DICT_KEYS, structs.PyDictObject.ma_keys);
  put(GRAPH.DICT_VALUES, structs.PyDictObject.ma_values);
  put(GRAPH.SET_USED, structs.PySetObject.used);
  put(GRAPH.SET_MASK, structs.PySetObject.mask);
  put(GRAPH.SET_TABLE, structs.PySetObject.table);
  put(GRAPH.KEYS_SIZE, "dk_size" in keys ? keys.dk_size : 0);
  put(GRAPH.KEYS_LOG2_INDEX, "dk_size" in keys ? 0 : keys.dk_log2_index_bytes);
  put(GRAPH.KEYS_KIND, "dk_size" in keys ? 0 : keys.dk_kind);
  put(GRAPH.KEYS_ENTRIES, keys.dk_nentries);
  put(GRAPH.KEYS_INDICES, keys.dk_indices);
  put(GRAPH.STR_STATE, structs.PyASCIIObject.state);
  put(GRAPH.STR_DATA, structs.PyUnicodeObject.data);
  put(GRAPH.MANAGED_DICT, -(layout.managed?.dict ?? 0));
  put(GRAPH.MANAGED_VALUES, -(layout.managed?.values ?? 0));
}

function inOrder(results: FoundEdges[][]): FoundEdges[] {
  // One thread does an item, and in order: a stable sort keeps that.
  return results.flat().sort((a, b) => a.item - b.item);
}

const CHUNK_WORDS = 2 ** 16;

/** What a module's C code has for itself, and a queue's ring, are in no object's size. */
const NO_TABLES: ReadonlySet<Family> = new Set(["module", "queue"]);

/** Edges of objects that are read here, word by word. */
class SpecialEdges {
  readonly #python: Python;
  readonly #table: ObjectTable;
  readonly #scans: readonly ScanPlan[];
  readonly #parts: Uint8Array;
  readonly #marks: TableMarks;
  readonly #chunks: Uint32Array[] = [];
  #chunk = new Uint32Array(CHUNK_WORDS);
  #used = 0;
  #wordsLeft: number;
  lostWords = 0;

  constructor(
    python: Python,
    table: ObjectTable,
    { scans, parts }: { scans: readonly ScanPlan[]; parts: Uint8Array },
    marks: TableMarks,
  ) {
    this.#marks = marks;
    this.#python = python;
    this.#table = table;
    this.#scans = scans;
    this.#parts = parts;
    this.#wordsLeft = Math.ceil(python.survey.bytes / 8);
  }

  /** All edges since the last time. */
  take(): Uint32Array[] {
    return [...this.#chunks.splice(0), this.#chunk.slice(0, this.#used)];
  }

  follow({ address, owner }: Job): void {
    const { reader, layout } = this.#python;
    const scan = this.#scans[this.#table.type(owner)];
    if (scan === undefined) return;
    if (scan.managed !== 0) this.#managed(scan, address, owner);
    for (const { at, count, step, what } of specialWords(reader, layout, scan.descent.family, address)) {
      // What objects hold is disjoint: more words than there are were made up.
      if (count > this.#wordsLeft) {
        this.lostWords += count;
        return;
      }
      this.#wordsLeft -= count;
      if (!NO_TABLES.has(scan.descent.family)) this.#marks.mark(at);
      for (let index = 0; index < count; index += 1)
        this.#put(owner, slotValue(reader, layout, at + index * step), what === "namespace");
    }
  }

  // What stands in front of an object that begins a piece.
  #managed({ managed, values }: ScanPlan, address: number, owner: number): void {
    const { reader, layout } = this.#python;
    if (layout.managed === null) return;
    const word = reader.u64(address + layout.managed.dict);
    const { values: place } = layout.managed;
    const apart = place !== null ? reader.u64(address + place) : word % 2 === 1 ? word + 1 : 0;
    if (word % 2 === 0) this.#put(owner, word, true);
    if (apart > 0 && managed < 3)
      for (let index = 0; index < values; index += 1)
        this.#put(owner, reader.u64(apart + layout.valuesHeader + index * 8), false);
  }

  #put(from: number, address: number, isPart: boolean): void {
    if (!(address > 0)) return;
    const to = this.#table.find(address);
    if (to < 0) return;
    if (isPart) this.#parts[to] = 1;
    if (this.#used === CHUNK_WORDS) {
      this.#chunks.push(this.#chunk);
      this.#chunk = new Uint32Array(CHUNK_WORDS);
      this.#used = 0;
    }
    this.#chunk[this.#used++] = from;
    this.#chunk[this.#used++] = to;
  }
}
