import type { MemoryReader } from "../../../blocks/index.ts";
import {
  type Crew,
  type KernelMemory,
  PIECE_BUFFER_BYTES,
  type Pieces,
  TALLY,
} from "../../../kernel/index.ts";
import type { Layout } from "../layout/layout.ts";
import { KIND, type TypePlan } from "../types/kinds.ts";
import { otherSize } from "./object-size.ts";
import {
  dropRecordTable,
  LIVE,
  LIVE_BYTES,
  RECORD_WORDS,
  recordAddress,
  recordBytes,
  recordTable,
  recordType,
  setRecordBytes,
  TALLY_WORDS,
} from "./record-words.ts";
import type { RecordRange, Records } from "./records.ts";
import { tableBytes } from "./table-bytes.ts";

/** A dict of more bytes than this may be the one of interned strings: that has 512 entries and more. */
const LARGE_DICT_BYTES = 8192;
const MOST_LARGE = 2 ** 16;

/**
 * Finds the sizes of the kinds that the kernel leaves to otherSize; completes their records and the tally. Returns the
 * bytes of them that are in blocks of their own.
 */
export function sizeOthers(
  memory: KernelMemory,
  reader: MemoryReader,
  layout: Layout,
  plans: readonly TypePlan[],
  records: Records,
): number {
  let tables = 0;
  const words = new Uint32Array(memory.buffer);
  for (const at of recordsOf(words, plans, records, KIND.other)) {
    const index = recordType(words, at);
    const plan = plans[index];
    if (plan === undefined) continue;
    const bytes = otherSize(reader, layout, plan, recordAddress(words, at));
    addBytes(records, index, bytes - recordBytes(words, at));
    setRecordBytes(words, at, bytes);
    tables += tableBytes(layout, plan, bytes);
  }
  return tables;
}

/**
 * Finds the sizes of dicts, whose tables lie anywhere: the records are put in the order of their tables' pieces, which
 * threads then read one after the other. Completes the records and the tally. Returns the places of large dicts'
 * records, in no order.
 * @throws CoregramError as reading does
 */
export async function sizeDicts(
  crew: Crew,
  pieces: Pieces,
  plan: number,
  plans: readonly TypePlan[],
  records: Records,
): Promise<number[]> {
  const { memory } = crew;
  const dicts = recordsOf(new Uint32Array(memory.buffer), plans, records, KIND.dict);
  const list = memory.place(dicts.length * 4);
  const threads = Array.from({ length: crew.threads }, () => ({
    buffer: memory.place(PIECE_BUFFER_BYTES),
    tally: memory.place(plans.length * TALLY.TALLY_BYTES),
    found: memory.place(MOST_LARGE * 4),
  }));
  const { order, firsts } = orderByPiece(memory, pieces, plans, records, dicts, list);
  const outs = await crew.run("tableSizes", order.length, (thread) => ({
    pieces,
    order,
    firsts,
    records: list,
    plan,
    large: LARGE_DICT_BYTES,
    most: MOST_LARGE,
    ...(threads[thread] ?? { buffer: 0, tally: 0, found: 0 }),
  }));
  const { buffer } = memory.wasm;
  for (const { tally } of threads) {
    const sums = new BigUint64Array(buffer, tally, plans.length * TALLY_WORDS);
    plans.forEach((_, index) => {
      addBytes(records, index, Number(sums[index * TALLY_WORDS + LIVE_BYTES] ?? 0n));
    });
  }
  return outs.flatMap(({ thread, found }) =>
    Array.from(new Uint32Array(buffer, threads[thread]?.found ?? 0, Math.min(found, MOST_LARGE))),
  );
}

/**
 * Writes the places of `dicts` to the list, those with their tables in one piece together. Dicts whose tables are not
 * saved are sized without them, here.
 */
function orderByPiece(
  memory: KernelMemory,
  pieces: Pieces,
  plans: readonly TypePlan[],
  records: Records,
  dicts: Uint32Array,
  list: number,
): { order: Uint32Array; firsts: Uint32Array } {
  const words = new Uint32Array(memory.buffer);
  const found = new PieceFinder(pieces);
  const counts = new Uint32Array(pieces.count + 1);
  const pieceOf = new Int32Array(dicts.length);
  for (let dict = 0; dict < dicts.length; dict += 1) {
    const piece = found.find(recordTable(words, dicts[dict] ?? 0));
    pieceOf[dict] = piece;
    if (piece >= 0) counts[piece + 1] = (counts[piece + 1] ?? 0) + 1;
  }
  const order: number[] = [];
  const firsts: number[] = [];
  for (let piece = 0; piece < pieces.count; piece += 1) {
    if ((counts[piece + 1] ?? 0) > 0) {
      order.push(piece);
      firsts.push(counts[piece] ?? 0);
    }
    counts[piece + 1] = (counts[piece + 1] ?? 0) + (counts[piece] ?? 0);
  }
  firsts.push(counts[pieces.count] ?? 0);
  const places = new Uint32Array(memory.buffer, list, dicts.length);
  for (let dict = 0; dict < dicts.length; dict += 1) {
    const at = dicts[dict] ?? 0;
    const piece = pieceOf[dict] ?? -1;
    if (piece < 0) {
      const index = recordType(words, at);
      const basic = plans[index]?.basic ?? 0;
      dropRecordTable(words, at, basic);
      addBytes(records, index, basic);
      continue;
    }
    const place = counts[piece] ?? 0;
    counts[piece] = place + 1;
    places[place] = at * 4;
  }
  return { order: Uint32Array.from(order), firsts: Uint32Array.from(firsts) };
}

/** Looks up pieces by address; neighbours in a row cost nothing. */
class PieceFinder {
  readonly #pieces: Pieces;
  #last = 0;

  constructor(pieces: Pieces) {
    this.#pieces = pieces;
  }

  /** The piece that has the address, or -1. */
  find(address: number): number {
    if (this.#has(this.#last, address)) return this.#last;
    const { starts, count } = this.#pieces;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    if (!this.#has(low - 1, address)) return -1;
    this.#last = low - 1;
    return low - 1;
  }

  #has(piece: number, address: number): boolean {
    const start = this.#pieces.starts[piece] ?? Number.POSITIVE_INFINITY;
    return address >= start && address < start + (this.#pieces.bytes[piece] ?? 0);
  }
}

/** Where the records of a kind lie, counted in 32-bit words. */
function recordsOf(
  words: Uint32Array,
  plans: readonly TypePlan[],
  records: Records,
  kind: number,
): Uint32Array {
  const isWanted = Uint8Array.from(plans, (plan) => (plan.kind === kind ? 1 : 0));
  const most = plans.reduce(
    (sum, _, index) => sum + (isWanted[index] === 1 ? (records.tally[index * TALLY_WORDS + LIVE] ?? 0) : 0),
    0,
  );
  const places = new Uint32Array(most);
  let count = 0;
  for (const range of records.pools) count = addPlaces(words, range, isWanted, places, count);
  for (const range of records.outside) count = addPlaces(words, range, isWanted, places, count);
  return places.subarray(0, count);
}

// Of all loops over all objects the one that runs always: plain, so that nothing is made or called for each.
function addPlaces(
  words: Uint32Array,
  { at, bytes }: RecordRange,
  isWanted: Uint8Array,
  places: Uint32Array,
  first: number,
): number {
  const end = (at + bytes) / 4;
  let next = first;
  for (let word = at / 4; word < end; word += RECORD_WORDS)
    if (isWanted[recordType(words, word)] === 1) places[next++] = word;
  return next;
}

function addBytes(records: Records, index: number, bytes: number): void {
  const own = index * TALLY_WORDS + LIVE_BYTES;
  records.tally[own] = (records.tally[own] ?? 0) + bytes;
}
