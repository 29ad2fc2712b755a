import { describe, expect, it } from "vitest";
import { PAGES } from "../../../../src/kernel/index.ts";
import { findStackChunks } from "../../../../src/runtimes/cpython/threads/data-stacks.ts";
import { readerOf } from "../../../blocks/image-of.ts";
import { surveyOf } from "../../../blocks/survey-of.ts";
import { Memory } from "../../heap/memory.ts";
import { layout } from "../one-page.ts";

const PAGE = 4096;
const AT = 0x7f00_0000_0000;
const [FIRST, SECOND] = [AT, AT + 0x4_0000];
const CODE = AT + 0x20_0000;
const CHUNK = 0x4000;

interface ChunkPlan {
  readonly previous?: number;
  readonly size?: number;
  /** Slots in use. */
  readonly top?: number;
  readonly code?: number;
}

describe.each(["3.11", "3.14", "3.15"])("stacks of frames of CPython %s", (version) => {
  const made = layout(version);
  const { structs, frame } = made;
  if (!("_PyStackChunk" in structs) || frame === null) throw new RangeError(version);
  const fields = structs._PyStackChunk;

  class Stacks {
    readonly memory = new Memory();
    readonly pieces = [FIRST, SECOND].map((start) => ({ start, kinds: new Array<number>(8).fill(0) }));

    constructor() {
      this.memory.map(FIRST, 0x8000);
      this.memory.map(SECOND, 0x8000);
      this.memory.map(CODE, PAGE);
      this.memory.u32(CODE + made.code.locals, 3);
      this.memory.u32(CODE + structs.PyCodeObject.co_stacksize, 5);
    }

    /** A chunk whose first frame is of the code; in the first chunk of a stack a word stands before it. */
    put(at: number, { previous = 0, size = CHUNK, top = 20, code = CODE }: ChunkPlan = {}): this {
      this.memory.u64(at + fields.previous, previous);
      this.memory.u64(at + fields.size, size);
      this.memory.u64(at + fields.top, top);
      for (const { start, kinds } of this.pieces)
        if (at >= start && at < start + 8 * PAGE) kinds[(at - start) / PAGE] = PAGES.DATA_STACK;
      if (frame) this.memory.u64(at + fields.data + (previous === 0 ? 8 : 0) + frame.code, code);
      return this;
    }

    find(skip = (_: number) => false): [number, number][] {
      const { memory, survey } = surveyOf(this.pieces);
      const isCode = (at: number) => at === CODE;
      const found = findStackChunks(memory, readerOf(this.memory), survey, made, isCode, skip);
      return found.map(({ start, end }) => [start - AT, end - start]);
    }
  }

  it("begin with a frame of code", () => {
    expect(new Stacks().put(FIRST).find()).toEqual([[0, CHUNK]]);
    expect(new Stacks().put(FIRST + 3 * PAGE).find()).toEqual([[3 * PAGE, CHUNK]]);
    expect(new Stacks().put(SECOND + PAGE).find()).toEqual([[0x4_0000 + PAGE, CHUNK]]);
    expect(new Stacks().put(FIRST, { code: CODE + 8 }).find()).toEqual([]);
    expect(new Stacks().find()).toEqual([]);
  });

  it("go on from one chunk to the next, which tells both", () => {
    const stacks = new Stacks().put(FIRST, { code: 0 }).put(SECOND, { previous: FIRST, code: 0 });
    expect(stacks.find()).toEqual([
      [0, CHUNK],
      [0x4_0000, CHUNK],
    ]);
    // One that goes on from what is none, and has no frame of code.
    expect(new Stacks().put(SECOND, { previous: FIRST, code: 0 }).find()).toEqual([]);
    expect(new Stacks().put(SECOND, { previous: FIRST }).find()).toEqual([[0x4_0000, CHUNK]]);
  });

  it.each<[string, ChunkPlan, number]>([
    ["16 KiB", { size: CHUNK }, 1],
    ["32 KiB", { size: 2 * CHUNK }, 1],
    ["8 KiB", { size: CHUNK / 2 }, 0],
    ["24 KiB", { size: CHUNK + CHUNK / 2 }, 0],
    ["more than is saved", { size: 4 * CHUNK }, 0],
    ["2 GiB", { size: 2 ** 31 }, 0],
    ["all slots in use", { top: (CHUNK - fields.data) / 8 }, 1],
    ["more slots in use than it has", { top: (CHUNK - fields.data) / 8 + 1 }, 0],
    ["a chunk before it that begins at no page", { previous: FIRST + 8 }, 0],
  ])("are none or one chunk of %s", (_, plan, count) => {
    expect(new Stacks().put(FIRST, plan).find()).toHaveLength(count);
  });

  it("lie in no pool, in nothing that malloc has, and in what is known to be something else", () => {
    const stacks = new Stacks().put(FIRST);
    expect(stacks.find((at) => at === FIRST)).toEqual([]);
    expect(stacks.find((at) => at !== FIRST)).toHaveLength(1);
    for (const kind of [0, PAGES.IN_POOL, PAGES.MAPPED, PAGES.ZEROS]) {
      stacks.pieces[0]?.kinds.fill(kind, 0, 1);
      expect(stacks.find(), String(kind)).toEqual([]);
    }
  });

  it("are disjoint: of two that overlap the first is one", () => {
    const stacks = new Stacks()
      .put(FIRST)
      .put(FIRST + PAGE)
      .put(FIRST + 4 * PAGE);
    expect(stacks.find()).toEqual([
      [0, CHUNK],
      [4 * PAGE, CHUNK],
    ]);
  });
});

it("up to CPython 3.10 there are none", () => {
  const { memory, survey } = surveyOf([{ start: AT, kinds: [PAGES.DATA_STACK, 0, 0, 0] }]);
  const map = new Memory();
  map.map(AT, 4 * PAGE);
  expect(
    findStackChunks(
      memory,
      readerOf(map),
      survey,
      layout("3.10"),
      () => true,
      () => false,
    ),
  ).toEqual([]);
});
