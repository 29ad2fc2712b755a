import { afterAll, describe, expect, it } from "vitest";
import type { Span } from "../../../../src/blocks/index.ts";
import { Crew, NATIVE, PIECE_BYTES } from "../../../../src/kernel/index.ts";
import type { Traces } from "../../../../src/runtimes/cpython/edges/edges.ts";
import type { Python } from "../../../../src/runtimes/cpython/index.ts";
import { findBlocks } from "../../../../src/runtimes/cpython/native/find-blocks.ts";
import { surveyOf } from "../../../blocks/survey-of.ts";

const AT = 0x7f00_0000_0000;
const FAR = AT + 0x1000_0000;
const crew = new Crew(1);
afterAll(() => crew.close());

/** Two pieces that adjoin, and a short one further on. */
const PIECES = [
  { start: AT, bytes: PIECE_BYTES, kinds: [] },
  { start: AT + PIECE_BYTES, bytes: 4096, kinds: [] },
  { start: FAR, bytes: 4096, kinds: [] },
];

/** The blocks that are left of these chunks, where tables begin at these addresses. */
async function found(
  chunks: readonly (readonly [start: number, bytes: number])[],
  tables: readonly number[] = [],
  mapped: readonly Span[] = [],
) {
  const { pieces } = surveyOf(PIECES).survey;
  const { memory } = crew;
  const bits = PIECES.length * NATIVE.WORD_MARKS_BYTES;
  const traces: Partial<Traces> = {
    ...{ tables: memory.place(bits), blocks: memory.place(bits), sizes: memory.place(64) },
    threads: [{ buffer: 0, room: memory.place(65_536) }],
  };
  const marks = new Uint8Array(memory.buffer, traces.tables, bits);
  for (const at of tables) {
    const piece = PIECES.findIndex(({ start, bytes }) => at >= start && at < start + bytes);
    const word = (at - (PIECES[piece]?.start ?? 0)) / 8;
    const byte = piece * NATIVE.WORD_MARKS_BYTES + Math.floor(word / 8);
    marks[byte] = (marks[byte] ?? 0) | (1 << (word % 8));
  }
  const half = Math.ceil(chunks.length / 2);
  const chunkBlocks = [chunks.slice(half), chunks.slice(0, half)].map((some) =>
    Float64Array.from(some.flat()),
  );
  const python = { survey: { pieces }, records: { chunkBlocks }, mapped } as unknown as Python;
  const blocks = await findBlocks(crew, python, traces as Traces);
  expect([blocks.starts.length, blocks.bytes.length]).toEqual([blocks.count, blocks.count]);
  return Array.from(blocks.starts, (start, block) => [start, blocks.bytes[block]]);
}

describe("blocks in use", () => {
  it("come in order, wherever they were found", async () => {
    expect(
      await found([
        [AT + 512, 64],
        [FAR, 128],
        [AT + 64, 40],
        [AT + 128, 16],
      ]),
    ).toEqual([
      [AT + 64, 40],
      [AT + 128, 16],
      [AT + 512, 64],
      [FAR, 128],
    ]);
    expect(await found([])).toEqual([]);
  });

  it("that begin in another are left out, and those that follow it are not", async () => {
    expect(
      await found([
        [AT, 64],
        [AT + 56, 64],
        [AT + 64, 64],
      ]),
    ).toEqual([
      [AT, 64],
      [AT + 64, 64],
    ]);
  });

  it("have what is saved of them, eight bytes at the least", async () => {
    const end = AT + PIECE_BYTES + 4096;
    // Over the border of two pieces, up to the end of the second, and where nothing is.
    const chunks = [
      [AT + 4096, PIECE_BYTES - 4096 + 16],
      [end - 64, 200],
      [end - 8, 8],
      [end, 64],
      [FAR + 4088, 64],
      [FAR - 8, 64],
    ] as const;
    expect(await found(chunks)).toEqual([
      [AT + 4096, PIECE_BYTES - 4096 + 16],
      [end - 64, 64],
      [FAR + 4088, 8],
    ]);
    expect(
      await found([
        [AT, 8],
        [AT + 8, 4],
        [FAR + 4092, 64],
      ]),
    ).toEqual([[AT, 8]]);
  });
});

it("what objects have mapped is a block, where it was not looked at too", async () => {
  const far = FAR + 0x1000_0000;
  const mapped = [
    { start: AT + 4096, end: AT + 8192 },
    { start: far, end: far + 12_288 },
  ];
  expect(await found([[AT, 64]], [], mapped)).toEqual([
    [AT, 64],
    [AT + 4096, 4096],
    [far, 12_288],
  ]);
});

describe("a block is none in which a table begins", () => {
  it("at any of its words", async () => {
    const bytes = 168;
    for (const start of [AT + 1000, AT + 1048])
      for (let inside = 0; inside < bytes; inside += 8)
        expect(await found([[start, bytes]], [start + inside]), String(inside)).toEqual([]);
  });

  it("but before it and behind it others begin", async () => {
    for (const start of [AT + 1000, AT + 1024, FAR + 1000])
      for (const bytes of [8, 64, 168])
        expect(await found([[start, bytes]], [start - 8, start + bytes])).toEqual([[start, bytes]]);
  });

  it("in the next piece as well", async () => {
    const start = AT + PIECE_BYTES - 64;
    expect(await found([[start, 128]], [AT + PIECE_BYTES])).toEqual([]);
    expect(await found([[start, 128]], [AT + PIECE_BYTES + 56])).toEqual([]);
    expect(await found([[start, 128]], [AT + PIECE_BYTES + 64])).toEqual([[start, 128]]);
    expect(await found([[start, 64]], [AT + PIECE_BYTES])).toEqual([[start, 64]]);
  });
});
