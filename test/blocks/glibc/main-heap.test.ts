import { describe, expect, it } from "vitest";
import type { Arena } from "../../../src/blocks/glibc/arenas.ts";
import { mainHeap } from "../../../src/blocks/glibc/main-heap.ts";
import { type Span, writableSpans } from "../../../src/blocks/index.ts";
import { Memory } from "../../runtimes/heap/memory.ts";
import { imageOf, readerOf } from "../image-of.ts";
import { type ParPlan, PREV_INUSE, putChunks, putFence, putPar, putState } from "./put-malloc.ts";

/** libc's data, with main_arena in it and malloc_par before or behind that. */
const DATA = 0x7f00_0010_0000;
const BASE = DATA + 0x5000;
const BINS = BASE + 112;
const PAR_BEFORE = BASE - 0x400;
const PAR_BEHIND = BASE + 0xa00;
const HEAP = 0x5555_0000_0000;
const HEAP_BYTES = 0x21000;
const PIECE = 0x7f00_2000_0000;
const PAGE = 4096;

interface Plan {
  readonly top: number;
  readonly systemBytes: number;
  readonly par?: ParPlan;
  readonly parAt?: number;
}

class Process {
  readonly memory = new Memory();

  constructor(heapBytes = HEAP_BYTES) {
    this.memory.map(DATA, 0x1_0000);
    this.memory.map(HEAP, heapBytes);
  }

  /** A run of chunks that ends in the top, which reaches to `end`. Returns where the top is. */
  putTop(from: number, sizes: readonly number[], end: number): number {
    const top = putChunks(this.memory, from, sizes);
    putChunks(this.memory, top, [end - top]);
    return top;
  }

  runs(
    { top, systemBytes, par, parAt = PAR_BEFORE }: Plan,
    taken: readonly Span[] = [],
    isStatic = (at: number) => at >= DATA && at < DATA + 0x1_0000,
  ) {
    putState(this.memory, BASE, { top, systemBytes });
    if (par) putPar(this.memory, parAt, par);
    const [image, reader] = [imageOf(this.memory), readerOf(this.memory)];
    const arena: Arena = {
      ...{ base: BASE, bins: BINS, top, next: BASE },
      ...{ isMain: true, headerBytes: 0, hasFastbins: true },
    };
    return mainHeap(reader, arena, writableSpans(image, "saved"), isStatic, taken);
  }
}

const SIZES = [0x290, 32, 48, 64, 1024];
const run = (start: number, end: number) => ({ start, end, infoBytes: 0 });

describe("a heap in one run", () => {
  it.each([
    ["before", PAR_BEFORE],
    ["behind", PAR_BEHIND],
    ["16 KiB before", BASE - 16_384 - 32],
    ["nearly 16 KiB behind", BINS + 16_384 - 40],
  ])("begins where malloc_par %s main_arena says, and ends with its top", (_, parAt) => {
    const process = new Process();
    const top = process.putTop(HEAP, SIZES, HEAP + HEAP_BYTES);
    const plan = { top, systemBytes: HEAP_BYTES, par: { sbrkBase: HEAP, limit: 1 }, parAt };
    expect(process.runs(plan)).toEqual([run(HEAP, HEAP + HEAP_BYTES)]);
  });

  it("begins at the first place that is aligned, where brk did not", () => {
    const process = new Process();
    const top = process.putTop(HEAP + 0x810, SIZES, HEAP + HEAP_BYTES);
    const plan = { top, systemBytes: HEAP_BYTES - 0x808, par: { sbrkBase: HEAP + 0x808 } };
    expect(process.runs(plan)).toEqual([run(HEAP + 0x810, HEAP + HEAP_BYTES)]);
  });

  it("is as long as system_mem, and has chunks from its beginning on", () => {
    const process = new Process();
    const middle = putChunks(process.memory, HEAP, SIZES);
    const top = process.putTop(middle, SIZES, HEAP + HEAP_BYTES);
    // Chunks follow each other from there on as well; and from elsewhere it is as long.
    process.memory.u64(PAR_BEFORE - 64, middle);
    process.memory.u64(PAR_BEFORE - 128, HEAP + 64);
    const plan = { top, systemBytes: HEAP_BYTES, par: { sbrkBase: HEAP } };
    expect(process.runs(plan)).toEqual([run(HEAP, HEAP + HEAP_BYTES)]);
  });

  it("begins at a word near main_arena, whatever stands before that", () => {
    const process = new Process();
    const top = process.putTop(HEAP + 0x810, SIZES, HEAP + HEAP_BYTES);
    const par = { sbrkBase: HEAP + 0x808, limit: 9, isFixed: 7, mapped: 2, mostMapped: 3, bytes: 0x5000 };
    const plan = { top, systemBytes: HEAP_BYTES - 0x808, par };
    expect(process.runs(plan)).toEqual([run(HEAP + 0x810, HEAP + HEAP_BYTES)]);
    expect(process.runs({ ...plan, systemBytes: 8 })).toEqual([]);
  });

  it("ends where its memory is saved at the latest", () => {
    const process = new Process();
    const top = process.putTop(HEAP, SIZES, HEAP + HEAP_BYTES + 0x1_0000);
    const plan = { top, systemBytes: HEAP_BYTES, par: { sbrkBase: HEAP } };
    expect(process.runs(plan)).toEqual([run(HEAP, HEAP + HEAP_BYTES)]);
  });

  it("is none where nothing was ever asked of the arena, or its top is not saved", () => {
    expect(new Process().runs({ top: BINS - 16, systemBytes: 0 })).toEqual([]);
    expect(new Process().runs({ top: PIECE, systemBytes: 0x21000 })).toEqual([]);
  });
});

describe("malloc_par, where system_mem does not say how long the heap is,", () => {
  /** A heap whose system_mem is wrong, as a thread in `sysmalloc` leaves it. */
  function found(par: Partial<ParPlan>, parAt = PAR_BEFORE) {
    const process = new Process();
    // At no page's start, and 8 bytes behind what brk gave: nothing but malloc_par leads there.
    const top = process.putTop(HEAP + 0x810, SIZES, HEAP + HEAP_BYTES);
    return process.runs({ top, systemBytes: 8, par: { sbrkBase: HEAP + 0x808, ...par }, parAt });
  }
  const started = [run(HEAP + 0x810, HEAP + HEAP_BYTES)];

  it.each([
    ["of 2.24 to 2.34", {}],
    ["from 2.35 on, with padding", { padding: 4 }],
    ["before 2.24, with max_total_mem", { hasTotal: true }],
    ["of both", { hasTotal: true, padding: 4 }],
  ] as const)("%s is known by its form", (_, form) => {
    for (const at of [PAR_BEFORE, PAR_BEHIND]) {
      expect(found(form, at)).toEqual(started);
      const mapped = { mapped: 3, mostMapped: 5, bytes: 0x3000, mostBytes: 0x7000, isFixed: 1 };
      expect(found({ ...form, ...mapped }, at)).toEqual(started);
      expect(found({ ...form, ...mapped, limit: 77 }, at), "n_mmaps_max is set").toEqual(started);
      expect(found({ ...form, limit: 0 }, at), "nothing may be mapped").toEqual(started);
    }
  });

  it("is believed with as many mapped now as ever", () => {
    expect(found({ mapped: 5, mostMapped: 5, bytes: 0x5000 })).toEqual(started);
    expect(found({ mapped: 5, mostMapped: 65_536, bytes: 0x5000 })).toEqual(started);
  });

  it("is believed with a wrong mmapped_mem, which 2.43 leaves, where n_mmaps_max is what it mostly is", () => {
    expect(found({ mapped: 0, bytes: 0x5000, mostBytes: 0x3008 })).toEqual(started);
    expect(found({ mapped: 2, mostMapped: 2, bytes: 0 })).toEqual(started);
  });

  it.each([
    ["no_dyn_threshold is no bool", limited({ bytes: 0x5000, isFixed: 2 })],
    ["more are mapped than ever were", { mapped: 6, mostMapped: 5, bytes: 0x6000 }],
    ["more are mapped than may be", { mapped: 6, mostMapped: 65_537, bytes: 0x6000 }],
    ["none is mapped, of some bytes, with n_mmaps_max set", limited({ mapped: 0, bytes: 0x5000 })],
    ["some are mapped, of no bytes, with n_mmaps_max set", { limit: 9, mapped: 2 }],
    [
      "more bytes are mapped than ever were, with n_mmaps_max set",
      limited({ bytes: 0x5000, mostBytes: 0x4000 }),
    ],
    ["mapped bytes are no chunks, with n_mmaps_max set", limited({ bytes: 0x5008, mostBytes: 0x6000 })],
    [
      "the most mapped bytes are no chunks, with n_mmaps_max set",
      limited({ bytes: 0x5000, mostBytes: 0x6008 }),
    ],
    [
      "the most mapped bytes are too many, with n_mmaps_max set",
      limited({ bytes: 0x5000, mostBytes: 2 ** 47 }),
    ],
    ["sbrk_base is not aligned", { sbrkBase: HEAP + 0x80c }],
    ["no chunks begin at sbrk_base", { sbrkBase: HEAP + 0x400 }],
  ] as const)("is none where %s", (_, par) => {
    expect(found(par)).toEqual([]);
  });

  it("is believed with four chunks in a row at sbrk_base, not with three", () => {
    for (const [count, runs] of [
      [4, started],
      [3, []],
    ] as const) {
      const process = new Process();
      putChunks(process.memory, HEAP + 0x810, SIZES.slice(0, count));
      const top = process.putTop(HEAP + 0x4000, SIZES, HEAP + HEAP_BYTES);
      const [at, second] = [HEAP + 0x4000, top];
      // Nor does a page begin the run with the top.
      process.memory.u64(at + 8, 24);
      expect(process.runs({ top: second, systemBytes: 8, par: { sbrkBase: HEAP + 0x808 } })).toEqual(runs);
    }
  });

  it("is none where what it names is a module's, or not saved", () => {
    const process = new Process();
    const top = process.putTop(HEAP + 0x810, SIZES, HEAP + HEAP_BYTES);
    const plan = { top, systemBytes: 8, par: { sbrkBase: HEAP + 0x808 } };
    expect(process.runs(plan, [], () => true)).toEqual([]);
    expect(process.runs({ ...plan, par: { sbrkBase: PIECE } })).toEqual([]);
  });

  it("may name the top, where nothing was cut from it yet", () => {
    const process = new Process();
    const top = HEAP + 0x810;
    // What top has is not all of its memory: the rest was never given to malloc.
    process.memory.u64(top + 8, 0x8000 | PREV_INUSE);
    expect(process.runs({ top, systemBytes: 8, par: { sbrkBase: top } })).toEqual([run(top, top + 0x8000)]);
  });

  it("may name the first page that a process can have", () => {
    const process = new Process();
    process.memory.map(PAGE, 0x4000);
    const top = process.putTop(PAGE, SIZES, PAGE + 0x4000);
    const plan = { top, systemBytes: 8, par: { sbrkBase: PAGE } };
    expect(process.runs(plan)).toEqual([run(PAGE, PAGE + 0x4000)]);
  });

  function limited(par: Partial<ParPlan>): Partial<ParPlan> {
    return { limit: 9, mapped: 2, mostMapped: 3, ...par };
  }
});

describe("a heap with foreign memory in between", () => {
  /** Two runs, the first of which ends in fence posts, with memory of others between them. */
  function torn(foreign: number) {
    const process = new Process();
    const end = putFence(process.memory, putChunks(process.memory, HEAP, SIZES));
    process.memory.u64(end + 8, foreign);
    process.memory.u64(end + 0x18, 0x7777);
    // What looks like a piece that was mapped, though system_mem counts none.
    process.memory.map(PIECE, 0x2000);
    putFence(process.memory, putChunks(process.memory, PIECE, [64, 64]));
    const second = HEAP + 0x8000;
    const top = process.putTop(second, SIZES, HEAP + HEAP_BYTES);
    return { process, end, second, top, par: { sbrkBase: HEAP } };
  }

  it("is in runs, each of which ends in fence posts or with the top", () => {
    const { process, end, second, top, par } = torn(0x1234);
    expect(process.runs({ top, systemBytes: HEAP_BYTES, par })).toEqual([
      run(HEAP, end),
      run(second, HEAP + HEAP_BYTES),
    ]);
  });

  it("begins again at the next header whose chunk lies behind one in use", () => {
    const { process, end, second, top, par } = torn(0x8);
    // What looks like a size, but with flags that no run's first chunk has.
    process.memory.u64(second - 0x100 + 8, 0x100 | 4 | PREV_INUSE);
    expect(process.runs({ top, systemBytes: HEAP_BYTES, par })).toEqual([
      run(HEAP, end),
      run(second, HEAP + HEAP_BYTES),
    ]);
  });

  it("has three runs where others moved brk twice", () => {
    const { process, end, second, par } = torn(0);
    const secondEnd = putFence(process.memory, putChunks(process.memory, second, [64, 96]));
    const third = HEAP + 0x1_0000;
    const top = process.putTop(third, SIZES, HEAP + HEAP_BYTES);
    expect(process.runs({ top, systemBytes: HEAP_BYTES, par })).toEqual([
      run(HEAP, end),
      run(second, secondEnd),
      run(third, HEAP + HEAP_BYTES),
    ]);
  });

  it("goes on to its top behind a chunk that is damaged", () => {
    const process = new Process();
    const middle = putChunks(process.memory, HEAP, SIZES);
    process.memory.u64(middle + 8, 24);
    const top = process.putTop(HEAP + 0x2000, SIZES, HEAP + HEAP_BYTES);
    const plan = { top, systemBytes: 8, par: { sbrkBase: HEAP } };
    expect(process.runs(plan)).toEqual([run(HEAP, HEAP + HEAP_BYTES)]);
  });
});

describe("a heap that brk could not grow", () => {
  /** A brk part that ends in fence posts, and the top in a piece that was mapped elsewhere. */
  function split({ lead = 0, pieceBytes = 0x2_1000 } = {}) {
    const process = new Process();
    const { memory } = process;
    const end = putFence(memory, putChunks(memory, HEAP, SIZES));
    memory.map(PIECE, pieceBytes);
    const start = PIECE + lead;
    const top = process.putTop(start, SIZES, PIECE + pieceBytes);
    return { process, memory, end, start, top, pieceEnd: PIECE + pieceBytes };
  }

  it("has its top in a piece that begins at a page, as system_mem counts", () => {
    const { process, end, start, top, pieceEnd } = split({ lead: 2 * PAGE });
    const systemBytes = end - HEAP + pieceEnd - start;
    expect(process.runs({ top, systemBytes, par: { sbrkBase: HEAP } })).toEqual([
      run(HEAP, end),
      run(start, pieceEnd),
    ]);
  });

  it("has the top's piece from the lowest page on from which chunks reach it", () => {
    const { process, memory, end, start, top, pieceEnd } = split({ lead: 4 * PAGE });
    // From these pages chunks lead past the top, or to nothing.
    memory.u64(PIECE + 8, (pieceEnd - PIECE) | PREV_INUSE);
    memory.u64(PIECE + PAGE + 8, 64 | PREV_INUSE);
    const systemBytes = end - HEAP + pieceEnd - start;
    expect(process.runs({ top, systemBytes, par: { sbrkBase: HEAP } })).toEqual([
      run(HEAP, end),
      run(start, pieceEnd),
    ]);
  });

  it("has the top's piece from a word near the arena on, where no page begins one", () => {
    const { process, memory, end, start, top, pieceEnd } = split({ lead: 0x810 });
    memory.u64(BASE - 0x100, start);
    memory.u64(BASE - 0x108, start + 0x290 + 16);
    const systemBytes = end - HEAP + pieceEnd - start;
    expect(process.runs({ top, systemBytes, par: { sbrkBase: HEAP } })).toEqual([
      run(HEAP, end),
      run(start, pieceEnd),
    ]);
  });

  it("has pieces that end in fence posts, where system_mem counts more than is found", () => {
    const process = new Process();
    const { memory } = process;
    memory.map(PIECE, 0x1_0000);
    const top = process.putTop(HEAP, SIZES, HEAP + HEAP_BYTES);
    const [one, two] = [PIECE + 0x2000, PIECE + 0x8000];
    const oneEnd = putFence(memory, putChunks(memory, one, [0x1000, 0xfe0]));
    const twoEnd = putFence(memory, putChunks(memory, two, [0x300, 0xce0]));
    // Chunks without an end, or one with something before it, are no piece; nor is what thread arenas have.
    putChunks(memory, PIECE, [64, 64]);
    putFence(memory, putChunks(memory, PIECE + 0x5000, [64, 64]));
    memory.u64(PIECE + 0x5000, 1);
    const heap = PIECE + 0xc000;
    putFence(memory, putChunks(memory, heap, [64, 64]));
    const systemBytes = HEAP_BYTES + 0x1000;
    const found = process.runs({ top, systemBytes, par: { sbrkBase: HEAP } }, [
      { start: heap + 16, end: heap + 0x1000 },
    ]);
    expect(found).toEqual([run(HEAP, HEAP + HEAP_BYTES), run(one, oneEnd), run(two, twoEnd)]);
  });

  it("has no pieces where system_mem counts what is found", () => {
    const { process, memory, end, top, pieceEnd } = split();
    memory.map(PIECE + 0x100_0000, 0x4000);
    putFence(memory, putChunks(memory, PIECE + 0x100_0000, [64, 64]));
    const systemBytes = end - HEAP + pieceEnd - PIECE;
    expect(process.runs({ top, systemBytes, par: { sbrkBase: HEAP } })).toHaveLength(2);
    expect(process.runs({ top, systemBytes: systemBytes + 0x1000 })).toHaveLength(3);
  });
});
