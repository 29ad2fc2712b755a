import { describe, expect, it } from "vitest";
import type { Arena } from "../../../src/blocks/glibc/arenas.ts";
import { type CachedChunks, findCached, isTcacheSize } from "../../../src/blocks/glibc/free-lists.ts";
import { Memory } from "../../runtimes/heap/memory.ts";
import { readerOf } from "../image-of.ts";
import { IS_MMAPPED, putChunks } from "./put-malloc.ts";

const RUN = 0x5555_0000_0000;
const RUN_BYTES = 0x1_0000;
const TLS = 0x7f00_0000_0000;
const TLS_BYTES = 0x2_0000;
const THREAD = TLS + 0x1_8000;
const MAPPED = 0x7f00_2000_0000;
const DATA = 0x7f00_3000_0000;
/** Where the arena's bins are; its ten fastbins stand before top, which stands right before them. */
const BINS = DATA + 112;
const ARENA: Arena = {
  base: DATA,
  bins: BINS,
  top: RUN + RUN_BYTES - 0x1000,
  next: DATA,
  isMain: true,
  headerBytes: 0,
  hasFastbins: true,
};

/** tcache_perthread_struct by version: its chunk's bytes, how many lists, and bytes of a count. */
const FORMS = {
  "2.26": { chunk: 0x250, bins: 64, countBytes: 1 },
  "2.30": { chunk: 0x290, bins: 64, countBytes: 2 },
  "2.42": { chunk: 0x300, bins: 76, countBytes: 2 },
} as const;
type Version = keyof typeof FORMS;

/** PROTECT_PTR of malloc/malloc.c, from 2.32 on. */
const protect = (place: number, link: number) => (BigInt(place) >> 12n) ^ BigInt(link);

/** A thread's cache, and the chunks that stand behind its struct. */
class Cache {
  readonly memory = new Memory();
  readonly struct = RUN;
  readonly version: Version;
  isSafe = true;
  #next: number;

  constructor(version: Version, more = 0) {
    this.version = version;
    this.memory.map(RUN, RUN_BYTES);
    this.memory.map(TLS, TLS_BYTES);
    this.memory.map(MAPPED, 0x2000);
    this.memory.map(DATA, 0x1000);
    this.#next = putChunks(this.memory, RUN, [FORMS[version].chunk + more]);
    // What num_slots says of each list that has room for all.
    if (version === "2.42") for (let bin = 0; bin < 76; bin += 1) this.count(bin, 16);
    this.pointAt(this.struct);
  }

  pointAt(chunk: number, at = THREAD - 64): void {
    this.memory.u64(at, chunk + 16);
  }

  chunks(size: number, count: number): number[] {
    const from = this.#next;
    this.#next = putChunks(
      this.memory,
      from,
      Array.from({ length: count }, () => size),
    );
    return Array.from({ length: count }, (_, index) => from + size * index);
  }

  count(bin: number, count: number): void {
    const at = this.struct + 16 + bin * FORMS[this.version].countBytes;
    this.memory.u8(at, count % 256);
    if (FORMS[this.version].countBytes === 2) this.memory.u8(at + 1, count >> 8);
  }

  head(bin: number, chunk: number): void {
    const { bins, countBytes } = FORMS[this.version];
    this.memory.u64(this.struct + 16 + bins * countBytes + 8 * bin, chunk + 16);
  }

  /** Puts chunks into the list of that number, the last freed one first. */
  put(bin: number, chunks: readonly number[], count = chunks.length): void {
    this.count(bin, this.version === "2.42" ? 16 - count : count);
    this.head(bin, chunks[0] ?? 0);
    this.link(chunks, 16);
  }

  /** Puts chunks into the fastbin of that number. */
  putFast(bin: number, chunks: readonly number[]): void {
    this.memory.u64(BINS - 16 - 80 + 8 * bin, chunks[0] ?? 0);
    this.link(chunks, 0);
  }

  link(chunks: readonly number[], to: number): void {
    chunks.forEach((chunk, index) => {
      const next = chunks[index + 1];
      const word = next === undefined ? 0 : next + to;
      this.memory.u64(chunk + 16, this.isSafe ? protect(chunk + 16, word) : word);
    });
  }

  find(
    options: { pointers?: readonly (number | null)[]; candidates?: readonly number[]; arena?: Arena } = {},
  ) {
    const places = {
      reader: readerOf(this.memory),
      runs: [{ start: RUN, end: RUN + RUN_BYTES }],
      isMapped: (chunk: number) => chunk === MAPPED,
    };
    const { pointers = [THREAD], candidates = [], arena = ARENA } = options;
    return findCached(places, [arena], pointers, () => candidates);
  }
}

const nothing: CachedChunks = { tcache: [], fastbins: [], structs: [], brokenLists: 0 };

describe.each(["2.26", "2.30", "2.42"] as const)("a thread's cache of glibc %s", (version) => {
  it("is found by a word of the thread's own variables, with its lists' chunks", () => {
    const cache = new Cache(version);
    const [small, last, top] = [cache.chunks(32, 3), cache.chunks(48, 1), cache.chunks(1040, 2)];
    cache.put(0, small);
    cache.put(1, last);
    cache.put(63, top);
    const found = cache.find();
    expect(found).toEqual({ ...nothing, tcache: [...small, ...last, ...top], structs: [RUN] });
  });

  it("may have 16 bytes more than it needs, and no other size", () => {
    for (const more of [0, 16]) {
      const cache = new Cache(version, more);
      const chunks = cache.chunks(64, 2);
      cache.put(2, chunks);
      expect(cache.find()).toMatchObject({ tcache: chunks, structs: [RUN] });
      expect(isTcacheSize(FORMS[version].chunk + more)).toBe(true);
    }
    for (const more of [-16, 32]) {
      const cache = new Cache(version, more);
      cache.put(2, cache.chunks(64, 2));
      expect(cache.find()).toEqual(nothing);
      expect(isTcacheSize(FORMS[version].chunk + more)).toBe(false);
    }
  });

  it("is none where a list begins with a chunk of another size, or with none", () => {
    const cache = new Cache(version);
    const [chunk = 0] = cache.chunks(64, 1);
    cache.put(3, [chunk]);
    expect(cache.find()).toEqual(nothing);
    cache.put(3, []);
    cache.count(3, version === "2.42" ? 15 : 1);
    cache.memory.u64(RUN + 16 + FORMS[version].bins * FORMS[version].countBytes + 24, TLS);
    expect(cache.find()).toEqual(nothing);
  });

  it("has links that are stored as they are up to 2.31", () => {
    const cache = new Cache(version);
    cache.isSafe = false;
    const chunks = cache.chunks(32, 3);
    cache.put(0, chunks);
    expect(cache.find()).toMatchObject({ tcache: chunks, brokenLists: 0 });
  });

  it("may be empty", () => {
    expect(new Cache(version).find()).toEqual({ ...nothing, structs: [RUN] });
  });
});

describe("counts", () => {
  it("end a list of 2.30 before its links do, and must say where there is one", () => {
    const cache = new Cache("2.30");
    const chunks = cache.chunks(32, 3);
    cache.put(0, chunks, 2);
    expect(cache.find().tcache).toEqual(chunks.slice(0, 2));
    cache.put(0, chunks, 0);
    expect(cache.find()).toEqual(nothing);
    cache.put(0, [], 1);
    cache.memory.u64(RUN + 16 + 128, 0);
    expect(cache.find()).toEqual(nothing);
  });

  it("may still be 0 in 2.26, which stored a first chunk before it counted it", () => {
    const cache = new Cache("2.26");
    const chunks = cache.chunks(32, 1);
    cache.put(0, chunks, 0);
    expect(cache.find()).toEqual({ ...nothing, structs: [RUN] });
    cache.put(0, chunks, 1);
    cache.memory.u64(RUN + 16 + 64, 0);
    expect(cache.find()).toEqual(nothing);
  });

  it("are at most 1016 in 2.30", () => {
    for (const [count, structs] of [
      [1016, [RUN]],
      [1017, []],
    ] as const) {
      const cache = new Cache("2.30");
      cache.put(0, cache.chunks(32, 1), count);
      expect(cache.find().structs, String(count)).toEqual(structs);
    }
  });

  it("say in 2.42 how many more there is room for: at most 512, and of an empty list not none", () => {
    for (const [room, structs] of [
      [0, []],
      [1, [RUN]],
      [512, [RUN]],
      [513, []],
    ] as const) {
      const cache = new Cache("2.42");
      cache.count(70, room);
      expect(cache.find().structs, String(room)).toEqual(structs);
    }
    const cache = new Cache("2.42");
    const chunks = cache.chunks(32, 2);
    cache.put(0, chunks, 16);
    expect(cache.find().tcache).toEqual(chunks);
  });
});

describe("lists of 2.42 behind the first 64", () => {
  it("hold chunks of several sizes, and such as were mapped on their own", () => {
    const cache = new Cache("2.42");
    const chunks = [...cache.chunks(1072, 1), ...cache.chunks(2032, 1), MAPPED];
    cache.memory.u64(MAPPED + 8, 0x2000 | IS_MMAPPED);
    cache.put(64, chunks);
    expect(cache.find()).toMatchObject({ tcache: chunks, brokenLists: 0 });
  });
});

describe("a list", () => {
  it("that runs in a circle, or leads to what is no chunk of its size, is broken off", () => {
    for (const end of ["circle", "size", "outside", "odd"]) {
      const cache = new Cache("2.30");
      const [chunks, others] = [cache.chunks(32, 3), cache.chunks(48, 1)];
      // Of another list it is known that links are xored.
      cache.put(1, others);
      cache.put(0, chunks, 7);
      const [first = 0, , last = 0] = chunks;
      const to = { circle: first + 16, size: (others[0] ?? 0) + 16, outside: TLS + 16, odd: first + 24 }[end];
      cache.memory.u64(last + 16, protect(last + 16, to ?? 0));
      expect(cache.find(), end).toMatchObject({ tcache: [...chunks, ...others], brokenLists: 1 });
    }
  });

  it("holds no chunk that says it was mapped, reaches out of its run or is too small", () => {
    for (const size of [32 | IS_MMAPPED, 16, 2 ** 20]) {
      const cache = new Cache("2.30");
      const chunks = cache.chunks(32, 3);
      cache.put(0, chunks);
      cache.memory.u64((chunks[1] ?? 0) + 8, size);
      expect(cache.find(), String(size)).toMatchObject({ tcache: chunks.slice(0, 1), brokenLists: 1 });
    }
  });
});

describe("links", () => {
  it.each([
    [3, 2, false],
    [2, 3, true],
    [2, 2, false],
  ])("are what more lists' first ones are: %i as they are stored, %i xored", (plain, xored, isSafe) => {
    const cache = new Cache("2.30");
    const lists = Array.from({ length: plain + xored }, (_, bin) => {
      cache.isSafe = bin >= plain;
      const chunks = cache.chunks(32 + 16 * bin, 2);
      cache.put(bin, chunks);
      return chunks;
    });
    const whole = isSafe ? lists.slice(plain) : lists.slice(0, plain);
    const broken = isSafe ? lists.slice(0, plain) : lists.slice(plain);
    const { tcache, brokenLists } = cache.find();
    expect(new Set(tcache)).toEqual(new Set([...whole.flat(), ...broken.map(([first]) => first)]));
    expect(brokenLists).toBe(broken.length);
  });
});

describe("where caches are looked for:", () => {
  it("64 KiB below each thread's pointer", () => {
    for (const [at, structs] of [
      [THREAD - 8, [RUN]],
      [THREAD - 65_536, [RUN]],
      [THREAD - 65_544, []],
      [THREAD, []],
    ] as const) {
      const cache = new Cache("2.30");
      cache.memory.u64(THREAD - 64, 0);
      cache.pointAt(RUN, at);
      expect(cache.find().structs, String(at - THREAD)).toEqual(structs);
    }
  });

  it("in all threads, of which each is asked once", () => {
    const cache = new Cache("2.30");
    const [, second = 0] = cache.chunks(0x290, 2);
    cache.pointAt(second, TLS + 0x1000 - 64);
    expect(cache.find({ pointers: [THREAD, TLS + 0x1000, THREAD] }).structs).toEqual([RUN, second]);
  });

  it("as far as the thread's variables are saved", () => {
    const cache = new Cache("2.30");
    cache.pointAt(RUN, TLS + 8);
    // What is further down is another mapping's.
    cache.memory.map(TLS - 0x2000, 0x1000);
    cache.pointAt(RUN, TLS - 0x1800);
    expect(cache.find({ pointers: [TLS + 0x40] }).structs).toEqual([RUN]);
    expect(cache.find({ pointers: [TLS + 8] }).structs).toEqual([]);
  });

  it("where a thread is not known, at chunks of their size that have a list", () => {
    const cache = new Cache("2.30");
    cache.memory.u64(THREAD - 64, 0);
    const given = { candidates: [RUN] };
    const chunks = cache.chunks(32, 1);
    expect(cache.find({ ...given, pointers: [null] })).toEqual(nothing);
    cache.put(0, chunks);
    expect(cache.find({ ...given, pointers: [null] })).toMatchObject({ structs: [RUN], tcache: chunks });
    expect(cache.find({ ...given, pointers: [] })).toMatchObject({ structs: [RUN], tcache: chunks });
    expect(cache.find({ ...given, pointers: [THREAD, null] })).toMatchObject({ structs: [RUN] });
    expect(cache.find({ ...given, pointers: [THREAD] })).toEqual(nothing);
  });
});

describe("fastbins", () => {
  it.each([true, false])("are lists of chunks of one size up to 176 bytes (safe links: %s)", (isSafe) => {
    const cache = new Cache("2.30");
    cache.isSafe = isSafe;
    const [small, large] = [cache.chunks(32, 3), cache.chunks(176, 2)];
    cache.putFast(0, small);
    cache.putFast(9, large);
    expect(cache.find()).toMatchObject({ fastbins: [...small, ...large], brokenLists: 0 });
  });

  it("are none in 2.43, and none of larger chunks", () => {
    const cache = new Cache("2.30");
    cache.putFast(0, cache.chunks(32, 2));
    expect(cache.find({ arena: { ...ARENA, hasFastbins: false } }).fastbins).toEqual([]);
    const large = new Cache("2.30");
    large.putFast(9, large.chunks(192, 1));
    expect(large.find().fastbins).toEqual([]);
  });

  it("say by their links alone whether they are xored, where no other list does", () => {
    // One chunk whose link ends the list: plain, it is 0; xored, it is where it lies.
    for (const isSafe of [true, false]) {
      const cache = new Cache("2.30");
      cache.isSafe = isSafe;
      const chunks = cache.chunks(64, 1);
      cache.putFast(2, chunks);
      expect(cache.find(), String(isSafe)).toMatchObject({ fastbins: chunks, brokenLists: 0 });
    }
  });
});
