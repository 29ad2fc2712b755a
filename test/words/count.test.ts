import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Extent, WordShape } from "../../src/terms/index.ts";
import { makeCounter, naiveRows } from "./counting.ts";
import { DISTRIBUTIONS, spread } from "./distributions.ts";

const { count } = makeCounter();
const ALL = Number.POSITIVE_INFINITY;

const shapes: fc.Arbitrary<WordShape> = fc.constantFrom(
  { bytes: 8, endian: "little" },
  { bytes: 8, endian: "big" },
  { bytes: 4, endian: "little" },
  { bytes: 4, endian: "big" },
);

const inputs = fc
  .record({
    distribution: fc.constantFrom(...Object.keys(DISTRIBUTIONS)),
    words: fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 3000 }), fc.nat({ max: 25_000 })),
    tail: fc.nat({ max: 7 }),
    seed: fc.nat(),
  })
  .map(({ distribution, words, tail, seed }) => {
    const bytes = spread(distribution, words + 1, seed);
    return bytes.subarray(0, words * 8 + tail);
  });

// Pieces of the file, odd in length and place, in order and disjoint, some of them empty.
const cuts = fc.array(fc.tuple(fc.nat({ max: 1000 }), fc.nat({ max: 9000 })), {
  minLength: 1,
  maxLength: 30,
});

function cut(bytes: Uint8Array, pieces: readonly (readonly [number, number])[]): Extent[] {
  let at = 0;
  return pieces.map(([gap, length]) => {
    const offset = Math.min(bytes.length, at + gap);
    at = Math.min(bytes.length, offset + length);
    return { offset, bytes: at - offset };
  });
}

describe("the same rows as a naive count", () => {
  it("all of them, whatever the input, its parts, the shape of its words and the chunks", async () => {
    await fc.assert(
      fc.asyncProperty(
        inputs,
        fc.option(cuts),
        shapes,
        fc.constantFrom(8, 64, 4096, 262_144),
        fc.constantFrom(undefined, 1, 1000),
        async (bytes, pieces, shape, chunkBytes, foldAfter) => {
          const extents = pieces ? cut(bytes, pieces) : [{ offset: 0, bytes: bytes.length }];
          const what = { bytes, extents, shape };
          const found = await count({
            ...what,
            chunkBytes: bytes.length < 20_000 ? chunkBytes : 262_144,
            filtered: true,
            ...(foldAfter === undefined ? {} : { foldAfter }),
          });
          expect(found.kind).toBe("all");
          expect(found.rows).toEqual(naiveRows(what));
        },
      ),
      { numRuns: 120 },
    );
  });

  it("the first N, and those of a least count", async () => {
    await fc.assert(
      fc.asyncProperty(
        inputs,
        shapes,
        fc.constantFrom(1, 2, 10, 100, 5000, ALL),
        fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 3000 })),
        fc.constantFrom(undefined, 1, 1000),
        // A sample of everything gives the rows itself; of a piece or none, the passes have to.
        fc.constantFrom(0, 1, 512),
        async (bytes, shape, limit, least, foldAfter, sampleProbes) => {
          const what = { bytes, shape, least };
          const options = { limit, sampleProbes, ...(foldAfter === undefined ? {} : { foldAfter }) };
          const found = await count({ ...what, ...options });
          const all = naiveRows(what);
          // A histogram that was sorted for want of a proof has all rows, of any count.
          const rows =
            found.kind === "top"
              ? found.rows
              : found.rows.filter((row) => Number(row.split(" ")[0]) >= least);
          expect(rows.slice(0, limit)).toEqual(all.slice(0, limit));
          if (found.kind === "top") expect(rows.length).toBe(Math.min(limit, all.length));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("with threads that take turns at small chunks", async () => {
    await fc.assert(
      fc.asyncProperty(
        inputs,
        shapes,
        fc.constantFrom(2, 3),
        fc.constantFrom(10, ALL),
        async (bytes, shape, threads, limit) => {
          const what = { bytes, shape };
          const chunkBytes = bytes.length < 20_000 ? 64 : 4096;
          const found = await count({
            ...what,
            limit,
            filtered: limit === ALL,
            threads,
            sampleProbes: 1,
            workerBytes: 0,
            chunkBytes,
          });
          expect(found.rows.slice(0, limit)).toEqual(naiveRows(what).slice(0, limit));
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe.each(Object.keys(DISTRIBUTIONS))("%s", (distribution) => {
  const bytes = spread(distribution, 25_000, 1).subarray(0, 199_997);
  const rows = naiveRows({ bytes });

  it.each([1, 10, 300, ALL])("the first %d", async (limit) => {
    const found = await count({ bytes, limit });
    expect(found.rows.slice(0, limit)).toEqual(rows.slice(0, limit));
  });
});

describe("small inputs", () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17])("%d bytes", async (length) => {
    const bytes = Buffer.from("0123456789abcdefghij").subarray(0, length);
    for (const filtered of [false, true]) {
      const found = await count({ bytes, filtered });
      expect(found.rows).toEqual(naiveRows({ bytes }));
      expect(found.rows.length).toBe(Math.ceil(length / 8));
    }
  });

  it("no extents at all", async () => {
    for (const filtered of [false, true])
      expect((await count({ bytes: Buffer.alloc(100), extents: [], filtered })).rows).toEqual([]);
  });
});

describe("a top N that is proven without a sort", () => {
  it("takes one pass where the sample saw the words, with a tie at the border in the right order", async () => {
    const bytes = Buffer.concat([spread("ties", 97 * 200, 1), spread("zeros", 500, 1)]);
    const found = await count({ bytes, limit: 10 });
    expect(found.kind).toBe("top");
    expect(found.rows).toEqual(naiveRows({ bytes, limit: 10 }));
    expect(found.rows[1]).toBe("200 60");
  });

  it("finds a frequent word that the sample missed", async () => {
    // The sample of a 2 MiB file takes every second piece of 2 KiB: the word stands in the others only.
    const words = new BigUint64Array(262_144);
    words.forEach((_, i) => {
      const odd = (i >> 8) % 2 === 1;
      words[i] = odd || i % 8 !== 0 ? BigInt(i % 3) : 0xdeadbeefn;
    });
    const bytes = Buffer.from(words.buffer);
    const found = await count({ bytes, limit: 10 });
    expect(found.kind).toBe("top");
    expect(found.rows).toEqual(naiveRows({ bytes, limit: 10 }));
    expect(found.rows[3]).toBe(`${262_144 / 16} deadbeef`);
  });
});
