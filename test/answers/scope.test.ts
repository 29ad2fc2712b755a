import { describe, expect, it } from "vitest";
import { answerWords } from "../../src/answers/index.ts";
import { chunksOf, shapeOf } from "../../src/answers/scope.ts";
import { openTarget } from "../../src/image/index.ts";
import type { AnswerEvent } from "../../src/terms/index.ts";
import { makeScratch } from "../bytes/scratch.ts";
import { buildElf } from "../elf/build-elf.ts";

const scratch = makeScratch();

/** A core of a writable segment at that address, of 8-byte words 1, 2, 3, and one of code. */
function coreAt(start: bigint): Uint8Array {
  const data = new Uint8Array(new BigUint64Array([1n, 2n, 3n]).buffer);
  const rest = { type: 1, data, alignment: 1n };
  return buildElf({
    class: 64,
    endian: "little",
    segments: [
      { ...rest, flags: 6, start },
      { ...rest, flags: 5, start: 0x10000n },
    ],
  });
}

async function chunksIn(start: bigint, scope: "all" | "memory" | "writable", word: 4 | 8 = 8) {
  const target = await openTarget(scratch.put("core", coreAt(start)));
  const events: AnswerEvent[] = [];
  try {
    const chunks = await target.ask(async (contents) =>
      chunksOf(contents, scope, shapeOf({ word }), (event) => events.push(event)),
    );
    const said = events.map((event) => (event.kind === "note" ? event.text : ""));
    return { bytes: chunks.bytes, words: chunks.words, said };
  } finally {
    target.close();
  }
}

describe("a scope", () => {
  it("has words of 8 bytes, little-endian, where nothing else is asked for", () => {
    expect(shapeOf({})).toEqual({ bytes: 8, endian: "little" });
    expect(shapeOf({ word: 4, endian: "big" })).toEqual({ bytes: 4, endian: "big" });
  });

  it("of all is the whole file, and says nothing", async () => {
    const { bytes, said } = await chunksIn(0x8000n, "all");
    expect(bytes).toBe(coreAt(0x8000n).length);
    expect(said).toEqual([]);
  });

  it("of memory leaves out what is none, and of writable what is neither", async () => {
    expect(await chunksIn(0x8000n, "memory")).toMatchObject({
      words: 6,
      said: [expect.stringMatching(/^scope memory: 48 of \d+ bytes; left out: \d+ that are no memory$/)],
    });
    expect(await chunksIn(0x8000n, "writable")).toMatchObject({
      words: 3,
      said: [
        expect.stringMatching(
          /^scope writable: 24 of \d+ bytes; left out: \d+ that are no memory, 24 not writable, 0 shared by name$/,
        ),
      ],
    });
  });

  it("begins at the first address that a word's bytes divide", async () => {
    for (const [start, word, skipped] of [
      [0x8001n, 8, 7],
      [0x8004n, 8, 4],
      [0x8004n, 4, 0],
      [0x8006n, 4, 2],
      [0x8008n, 8, 0],
    ] as const) {
      const { bytes, said } = await chunksIn(start, "writable", word);
      expect(bytes).toBe(24 - skipped);
      expect(said[0]?.match(/, (\d+) before the first aligned word$/)?.[1]).toBe(
        skipped === 0 ? undefined : String(skipped),
      );
    }
  });

  it("other than all needs memory", async () => {
    const path = scratch.put("plain", new Uint8Array(16));
    const target = await openTarget(path);
    await expect(answerWords(target, { scope: "memory" })).rejects.toMatchObject({
      code: "format",
      message: `--scope memory needs an ELF core, or --base ADDR: ${path} is a plain file`,
    });
    target.close();
  });
});
