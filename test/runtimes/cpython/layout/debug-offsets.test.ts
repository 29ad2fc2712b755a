import { describe, expect, it } from "vitest";
import { readDebugOffsets } from "../../../../src/runtimes/cpython/layout/debug-offsets.ts";
import { readerOf } from "../../../blocks/image-of.ts";
import { Memory } from "../../heap/memory.ts";

const OWN = 0x5555_0000_0000;
const OTHER = 0x7f00_0000_0000;
const BYTES = 2 ** 20 + 0x2000;

/** What is found where _PyRuntime begins with the cookie, its version, and whether it is free-threaded. */
function found(places: readonly (readonly [at: number, version: number, isFree?: number])[]) {
  const memory = new Memory();
  memory.map(OWN, BYTES);
  memory.map(OTHER, 0x2000);
  for (const [at, version, isFree = 0] of places) {
    memory.bytes(at, new TextEncoder().encode("xdebugpy"));
    if (at % 8 === 0) {
      memory.u64(at + 8, version);
      memory.u64(at + 16, isFree);
    }
  }
  const own = { start: OWN, end: OWN + BYTES };
  return readDebugOffsets(readerOf(memory), { all: [own, { start: OTHER, end: OTHER + 0x2000 }], own });
}
const V3_13_5 = 0x030d_05f0;

describe("what _PyRuntime says of itself", () => {
  it.each([OWN, OWN + 8, OWN + 0x1238, OWN + 2 ** 20 - 8, OWN + 2 ** 20, OWN + BYTES - 24])(
    "is found by its cookie anywhere in the interpreter's data: at %i",
    (at) => {
      expect(found([[at, V3_13_5]])).toMatchObject({
        ...{ address: at, minor: 13, version: "3.13.5", isFreeThreaded: false },
      });
    },
  );

  it("has a version of Python 3, and whether it is free-threaded", () => {
    expect(found([[OWN, 0x030e_02b3, 1]])).toMatchObject({
      minor: 14,
      version: "3.14.2",
      isFreeThreaded: true,
    });
    expect(found([[OWN, 0x040d_0000]])).toBeNull();
    expect(found([[OWN, 0x020d_0000]])).toBeNull();
    expect(found([[OWN, 2 ** 32 + V3_13_5]])).toBeNull();
  });

  it("is not what only looks like it: unaligned, without a version, or in another module", () => {
    expect(found([[OWN + 4, 0]])).toBeNull();
    expect(found([[OTHER, V3_13_5]])).toBeNull();
    expect(found([])).toBeNull();
    expect(
      found([
        [OWN, 0],
        [OWN + 0x1000, V3_13_5],
      ]),
    ).toMatchObject({ address: OWN + 0x1000 });
  });

  it("says nothing of where modules are in versions that are not known, or are not saved", () => {
    expect(found([[OWN, 0x0310_0000]])?.modules).toBeNaN();
    expect(found([[OWN, V3_13_5]])?.modules).toBeNaN();
  });
});
