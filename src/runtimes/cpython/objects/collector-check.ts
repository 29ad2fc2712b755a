import type { MemoryReader } from "../../../blocks/index.ts";
import type { KernelMemory } from "../../../kernel/index.ts";
import { formatCount, partitionPoint } from "../../../terms/index.ts";
import type { Layout } from "../layout/layout.ts";
import { type CollectorState, readLink } from "./collector-state.ts";
import { NO_TYPE, RECORD_WORDS, recordAddress, recordType } from "./record-words.ts";
import type { RecordRange, Records } from "./records.ts";

/** Objects that are asked for of each list, from either end. */
const ASKED = 256;
/** While a process runs, and its memory is copied, some come and go: so many of those that are asked for may be missing. */
const MOST_MISSING = 0.01;
const LEAST_MISSING = 8;

/**
 * The collector's lists against the objects that were found in blocks: what is in a list is live. A remark where more than
 * a few are missing: then blocks were missed, or what they hold was not understood. Null where all is well, and while a
 * collection runs, which uses the links for itself.
 * @param apart addresses of objects that are counted as something else
 */
export function collectorRemark(
  memory: KernelMemory,
  reader: MemoryReader,
  layout: Layout,
  collector: CollectorState,
  records: Records,
  apart: readonly number[],
): string | null {
  const { collecting } = collector.structs._gc_runtime_state;
  if (reader.u32(collector.at + collecting) !== 0) return null;
  const known = new KnownObjects(memory, records);
  const seen = new Set(apart);
  let asked = 0;
  let missing = 0;
  for (const at of trackedObjects(reader, collector)) {
    if (seen.has(at)) continue;
    seen.add(at);
    // What is not saved is no contradiction.
    if (Number.isNaN(reader.u64(at + layout.structs.PyObject.ob_type))) continue;
    asked += 1;
    if (!known.has(at)) missing += 1;
  }
  return missing < LEAST_MISSING || missing <= asked * MOST_MISSING
    ? null
    : `of ${formatCount(asked)} objects that the collector has in its lists ${formatCount(missing)} were not found: blocks were missed, or are damaged`;
}

/** Those near the ends of its lists, which may be many times as long. */
function* trackedObjects(
  reader: MemoryReader,
  { heads, structs: { PyGC_Head } }: CollectorState,
): Generator<number> {
  for (const head of heads)
    for (const link of [PyGC_Head._gc_next, PyGC_Head._gc_prev]) {
      let node = readLink(reader, head + link);
      for (let steps = 0; node > 0 && node !== head && steps < ASKED; steps += 1) {
        yield node + PyGC_Head.sizeof;
        node = readLink(reader, node + link);
      }
    }
}

/** A range of records, from the address of its first to that of its last. */
interface KnownRange {
  readonly word: number;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** Looks objects up in records before they are in one order. */
class KnownObjects {
  readonly #words: Uint32Array;
  readonly #ranges: readonly KnownRange[];
  /** The last address in any range up to that one. */
  readonly #reach: Float64Array;

  constructor(memory: KernelMemory, { pools, outside }: Records) {
    this.#words = new Uint32Array(memory.buffer);
    const ranges: KnownRange[] = [];
    for (const range of [...pools, ...outside]) if (range.bytes > 0) ranges.push(this.#rangeOf(range));
    this.#ranges = ranges.sort((a, b) => a.first - b.first);
    this.#reach = new Float64Array(ranges.length);
    let reach = 0;
    this.#ranges.forEach(({ last }, index) => {
      reach = Math.max(reach, last);
      this.#reach[index] = reach;
    });
  }

  has(at: number): boolean {
    let index =
      partitionPoint(0, this.#ranges.length, (place) => (this.#ranges[place]?.first ?? 0) <= at) - 1;
    for (; index >= 0 && (this.#reach[index] ?? 0) >= at; index -= 1) {
      const range = this.#ranges[index];
      if (range !== undefined && this.#isIn(range, at)) return true;
    }
    return false;
  }

  #isIn({ word, count, last }: KnownRange, at: number): boolean {
    if (at > last) return false;
    const addressOf = (record: number) => recordAddress(this.#words, word + record * RECORD_WORDS);
    const record = partitionPoint(0, count, (place) => addressOf(place) < at);
    const found = word + record * RECORD_WORDS;
    return record < count && addressOf(record) === at && recordType(this.#words, found) !== NO_TYPE;
  }

  #rangeOf({ at, bytes }: RecordRange): KnownRange {
    const word = at / 4;
    const count = bytes / (RECORD_WORDS * 4);
    const first = recordAddress(this.#words, word);
    return { word, count, first, last: recordAddress(this.#words, word + (count - 1) * RECORD_WORDS) };
  }
}
