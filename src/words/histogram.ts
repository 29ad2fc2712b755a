import { type BlockList, type Crew, type Group, MEMORY_END, readPlace, type Spill } from "../kernel/index.ts";
import type { Counted } from "./counted.ts";

/** Some of a segment's rows, their words in the kernel's memory, valid until the next batch. */
export interface RowBatch {
  readonly count: number;
  readonly rows: number;
  /** Address of `rows` u64 words, descending. */
  readonly at: number;
}

/** Words of a spilled segment that are read at once. */
const READ_WORDS = 65_536;

/** All different words with their counts, in the order of the rows, in memory and in the spill file. */
export class Histogram {
  /** Different words. */
  readonly distinct: number;
  /** Words in all. */
  readonly words: number;
  readonly crew: Crew;
  private readonly groups: readonly Group[];
  private readonly blocks: BlockList;
  private readonly spill: Spill | null;
  private readonly buffer: number;
  /** Of each segment in the order of the rows: its count × groups + (groups - 1 - its group's index). */
  private readonly order: Float64Array;

  /** `groups` as the threads left them, in any order. */
  constructor(crew: Crew, groups: readonly Group[], blocks: BlockList, spill: Spill | null) {
    this.crew = crew;
    this.groups = [...groups].sort((a, b) => a.part - b.part || a.round - b.round);
    this.blocks = blocks;
    this.spill = spill;
    this.buffer = spill ? crew.memory.place(READ_WORDS * 8) : 0;
    let distinct = 0;
    let words = 0;
    const keys = new Float64Array(groups.reduce((sum, { steps }) => sum + steps.length / 2, 0));
    let at = 0;
    this.groups.forEach(({ steps }, index) => {
      for (let i = 0; i < steps.length; i += 2) {
        const count = steps[i] ?? 0;
        const rows = steps[i + 1] ?? 0;
        distinct += rows;
        words += count * rows;
        keys[at++] = count * groups.length + (groups.length - 1 - index);
      }
    });
    this.distinct = distinct;
    this.words = words;
    this.order = keys.sort().reverse();
  }

  /** All rows, in batches of one count; each call starts anew. */
  *batches(): Generator<RowBatch> {
    // Of each group: the step that comes next, and the row it starts at.
    const steps = new Uint32Array(this.groups.length);
    const rows = new Float64Array(this.groups.length);
    for (const key of this.order) {
      const index = this.groups.length - 1 - (key % this.groups.length);
      const group = this.groups[index];
      const step = steps[index] ?? 0;
      if (!group) continue;
      const count = group.steps[2 * step] ?? 0;
      const here = group.steps[2 * step + 1] ?? 0;
      for (const { at, words } of this.read(group, rows[index] ?? 0, here)) yield { count, rows: words, at };
      steps[index] = step + 1;
      rows[index] = (rows[index] ?? 0) + here;
    }
  }

  /** The parts that have rows: all words of one are greater than those of the next. */
  get parts(): readonly number[] {
    return [...new Set(this.groups.map(({ part }) => part))];
  }

  /** Rows of a part. */
  rowsOf(part: number): number {
    let rows = 0;
    for (const group of this.groups)
      if (group.part === part) for (let i = 1; i < group.steps.length; i += 2) rows += group.steps[i] ?? 0;
    return rows;
  }

  /** The rows of a part, in batches of one count; not in the order of the rows where it took rounds. */
  *batchesOf(part: number): Generator<RowBatch> {
    for (const group of this.groups) {
      if (group.part !== part) continue;
      let row = 0;
      for (let i = 0; i < group.steps.length; i += 2) {
        const count = group.steps[i] ?? 0;
        const here = group.steps[i + 1] ?? 0;
        for (const { at, words } of this.read(group, row, here)) yield { count, rows: words, at };
        row += here;
      }
    }
  }

  /** The words of a batch, descending; valid until the next one is asked for. */
  wordsOf({ at, rows }: RowBatch): BigUint64Array {
    return new BigUint64Array(this.crew.memory.buffer, at, rows);
  }

  /** All rows, one at a time: for formats that make an object of each. */
  *rows(): Generator<Counted> {
    for (const batch of this.batches())
      for (const word of this.wordsOf(batch)) yield { word, count: batch.count };
  }

  /** Words [first, first + words) of a group, in batches. */
  private *read(group: Group, first: number, words: number): Generator<{ at: number; words: number }> {
    if (group.place !== null) {
      yield* this.readFrom(group.place + first * 8, words);
      return;
    }
    let before = 0;
    const end = this.blocks.firsts[group.part + 1] ?? 0;
    for (let block = this.blocks.firsts[group.part] ?? 0; block < end && before < first + words; ++block) {
      const here = this.blocks.words[block] ?? 0;
      const from = Math.max(first, before);
      const to = Math.min(first + words, before + here);
      if (from < to) yield* this.readFrom((this.blocks.place[block] ?? 0) + (from - before) * 8, to - from);
      before += here;
    }
  }

  private *readFrom(place: number, words: number): Generator<{ at: number; words: number }> {
    if (place < MEMORY_END) {
      yield { at: place, words };
      return;
    }
    for (let done = 0; done < words; ) {
      const here = Math.min(words - done, READ_WORDS);
      readPlace(this.crew.memory.wasm, this.spill, place + done * 8, here * 8, this.buffer);
      yield { at: this.buffer, words: here };
      done += here;
    }
  }
}
