import { describe, expect, it } from "vitest";
import type { DebugOffsets } from "../../../../src/runtimes/cpython/layout/debug-offsets.ts";
import { LAYOUTS } from "../../../../src/runtimes/cpython/layout/layout.ts";
import { findCollector } from "../../../../src/runtimes/cpython/objects/collector-state.ts";
import { readerOf } from "../../../blocks/image-of.ts";
import { Memory } from "../../heap/memory.ts";

const OWN = 0x5555_0000_0000;
const HEAP = 0x7f00_0000_0000;
const BYTES = 0x20_0000;
const HEAD = 24;
const own = { start: OWN, end: OWN + BYTES };

/** From the state on: the generations, and the frozen list (Include/internal/pycore_gc.h of each version). */
const PLACES = {
  "3.8": [24, 104],
  "3.12": [24, 104],
  "3.13": [24, 104],
  "3.13.5": [20, 104],
  "3.14": [24, 96],
};

/** A state at an address, its lists empty. */
function collector(version: keyof typeof PLACES, at: number, generation0: number | null): Memory {
  const [generations = 0, frozen = 0] = PLACES[version];
  const memory = new Memory();
  memory.map(OWN, BYTES);
  memory.map(HEAP, BYTES);
  memory.u32(at + 12, 1);
  for (const head of [0, 1, 2].map((index) => at + generations + index * HEAD).concat(at + frozen)) {
    memory.u64(head, head);
    memory.u64(head + 8, head);
  }
  if (generation0 !== null) memory.u64(at + generation0, at + generations);
  return memory;
}

function found(version: string, memory: Memory, debug: Pick<DebugOffsets, "minor" | "collector"> | null) {
  const layout = LAYOUTS.find((one) => version.startsWith(one.version));
  if (layout === undefined) throw new Error(version);
  const whole = debug && {
    address: OWN,
    version,
    isFreeThreaded: false,
    modules: Number.NaN,
    interpreters: [],
    gil: null,
    ...debug,
  };
  return findCollector(readerOf(memory), layout, { all: [own], own }, whole);
}

describe("the collector's state", () => {
  it.each([OWN, OWN + 0x1238, OWN + 2 ** 20 - 96, OWN + BYTES - 240])(
    "is found in the interpreter's data: at %i",
    (at) => {
      for (const version of ["3.8", "3.12"] as const) {
        const memory = collector(version, at, 96);
        expect(found(version, memory, null)).toMatchObject({ at, isIncremental: false });
        // A list that does not come back is none.
        memory.u64(at + 104, HEAP);
        expect(found(version, memory, null)).toBeNull();
      }
    },
  );

  it.each(["3.9", "3.10"])("is found in a block that a word of that leads to: %s", (version) => {
    // PyInterpreterState.gc (Include/internal/pycore_interp.h).
    const memory = collector("3.8", HEAP + 0x40 + 616, 96);
    expect(found(version, memory, null)).toBeNull();
    memory.u64(OWN + 0x8888, HEAP + 0x40);
    expect(found(version, memory, null)).toMatchObject({ at: HEAP + 0x40 + 616 });
  });

  it("is where _PyRuntime says from 3.13 on, with heads that begin at a multiple of 4 or 8", () => {
    const at = OWN + 0x1000;
    for (const version of ["3.13", "3.13.5"] as const) {
      const memory = collector(version, at, 96);
      const [first = 0] = PLACES[version];
      expect(found(version, memory, { minor: 13, collector: at })?.heads).toEqual(
        [0, 1, 2].map((index) => at + first + index * HEAD).concat(at + 104),
      );
      expect(found(version, memory, { minor: 13, collector: at + 8 })).toBeNull();
      expect(found(version, memory, { minor: 13, collector: Number.NaN })).toBeNull();
    }
  });

  it("is that of 3.14.0 to 3.14.4 where nothing says which generation is the first", () => {
    const at = OWN + 0x1000;
    const debug = { minor: 14, collector: at };
    expect(found("3.14", collector("3.14", at, null), debug)?.isIncremental).toBe(true);
    expect(found("3.14", collector("3.14", at, 256), debug)?.isIncremental).toBe(false);
    expect(found("3.13", collector("3.13", at, null), { ...debug, minor: 13 })).toBeNull();
  });

  it("is not known before 3.8", () => {
    expect(found("3.7", collector("3.8", OWN, 96), null)).toBeNull();
  });
});
