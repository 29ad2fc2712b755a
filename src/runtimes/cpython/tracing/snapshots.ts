import type { MemoryReader } from "../../../blocks/index.ts";
import type { Traceback, TraceFrame, TraceSnapshot } from "../../traced-memory.ts";
import type { Layout } from "../layout/layout.ts";
import type { PythonMemory } from "../python-memory.ts";
import { textOf } from "../types/names.ts";
import { type Items, itemsOf } from "../values/items.ts";
import { readSmallInt } from "../values/number-values.ts";
import { attributeOf } from "../values/value.ts";
import { MOST_FRAMES, TraceFrames } from "./tracebacks.ts";
import { TracebackNumbers, TraceSums } from "./traced-blocks.ts";

/** Characters of a file's name, as in the tables. */
const MOST_NAME = 2 ** 16;

/** Traces of all snapshots that are read: some processes have a few million, and a damaged core as many as it likes. */
const MOST_TRACES = 2 ** 26;
/** Of a trace: its domain, its bytes, its frames; from 3.9 on how many of these there were, too. */
const TRACE_ITEMS = 3;

/**
 * The Snapshots at the addresses (Lib/tracemalloc.py): what `_get_traces()` made of the tables when each was taken. One that
 * has no list of traces is none that was ever finished, and left out.
 */
export function readSnapshots(
  memory: PythonMemory,
  layout: Layout,
  addresses: readonly number[],
): TraceSnapshot[] {
  const reader = new SnapshotReader(memory, layout);
  return addresses.flatMap((address) => reader.read(address) ?? []);
}

/** Snapshots share the names of files, and the frames of places. */
class SnapshotReader {
  readonly #memory: PythonMemory;
  readonly #reader: MemoryReader;
  readonly #layout: Layout;
  readonly #frames = new TraceFrames();
  readonly #names = new Map<number, string | null>();
  #left = MOST_FRAMES;
  #tracesLeft = MOST_TRACES;

  constructor(memory: PythonMemory, layout: Layout) {
    this.#memory = memory;
    this.#reader = memory.reader;
    this.#layout = layout;
  }

  read(address: number): TraceSnapshot | null {
    const traces = this.#itemsOf(this.#attribute(this.#attribute(address, "traces"), "_traces"));
    if (traces === null) return null;
    const numbers = new TracebackNumbers();
    const totals: number[] = [];
    const sums = new TraceSums();
    for (let index = 0; index < traces.count && this.#tracesLeft > 0; index += 1) {
      this.#tracesLeft -= 1;
      const at = this.#reader.u64(traces.first + 8 * index);
      // The list goes on where nothing is saved.
      if (Number.isNaN(at)) break;
      const trace = this.#itemsOf(at);
      if (trace === null || trace.count < TRACE_ITEMS) continue;
      const [domain, bytes] = [this.#number(trace, 0), this.#number(trace, 1)];
      const frames = this.#item(trace, 2);
      if (domain === null || bytes === null || this.#itemsOf(frames) === null) continue;
      const traceback = numbers.of(frames);
      // Up to 3.8 it is not there.
      if (traceback === totals.length) totals.push((trace.count > 3 ? this.#number(trace, 3) : null) ?? 0);
      if (!sums.add(domain, traceback, bytes)) break;
    }
    return {
      address,
      limit: this.#count(this.#attribute(address, "traceback_limit")),
      said: traces.count,
      count: sums.count,
      bytes: sums.bytes,
      tracebacks: numbers.addresses.map((at, number) => this.#traceback(at, totals[number] ?? 0)),
      groups: sums.groups(),
    };
  }

  /** `((file, line), …)`, the most recent first; one without frames where they cannot be read. */
  #traceback(at: number, total: number): Traceback {
    const items = this.#itemsOf(at);
    const frames: TraceFrame[] = [];
    for (
      let index = 0;
      items !== null && index < items.count && this.#left > 0;
      index += 1, this.#left -= 1
    ) {
      const frame = this.#itemsOf(this.#item(items, index));
      const line = frame === null ? null : this.#number(frame, 1);
      if (frame === null || line === null) return { frames: [], totalFrames: 0 };
      frames.push(this.#frames.of(this.#nameAt(this.#item(frame, 0)), line));
    }
    return { frames, totalFrames: Math.max(total, frames.length) };
  }

  #nameAt(at: number): string | null {
    let name = this.#names.get(at);
    if (name === undefined) {
      name = textOf(this.#reader, this.#layout, this.#memory.types, at, MOST_NAME);
      this.#names.set(at, name);
    }
    return name;
  }

  #attribute(at: number, name: string): number {
    return attributeOf(this.#memory, this.#layout, at, name);
  }

  #itemsOf(at: number): Items | null {
    return itemsOf(this.#memory, this.#layout, at);
  }

  #item({ first }: Items, index: number): number {
    return this.#reader.u64(first + 8 * index);
  }

  #number(items: Items, index: number): number | null {
    return this.#count(this.#item(items, index));
  }
  #count(at: number): number | null {
    const number = readSmallInt(this.#memory, this.#layout, at);
    return number !== null && number >= 0 ? number : null;
  }
}
