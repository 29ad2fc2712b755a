import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { answerMerge, answerWords, answerWordsPart, PartFiles } from "../../src/answers/index.ts";
import { groupRowsOf, partRange, readPartInfo } from "../../src/answers/part-info.ts";
import { openTarget, type Target } from "../../src/image/index.ts";
import { parquetPart } from "../../src/views/index.ts";
import { failureOf, makeScratch } from "../bytes/scratch.ts";
import { sample } from "../commands/program.ts";
import { buildElf } from "../elf/build-elf.ts";
import { bytesOf } from "../views/parquet-file.ts";

const scratch = makeScratch();

interface Cut {
  readonly scope?: "all" | "memory" | "writable";
  readonly word?: 4 | 8;
  readonly endian?: "little" | "big";
}

const anyCut = fc.record<Cut>({
  scope: fc.constantFrom("all", "memory", "writable"),
  word: fc.constantFrom(4, 8),
  endian: fc.constantFrom("little", "big"),
});

async function writePart(
  target: Target,
  part: number,
  of: number,
  cut: Cut,
  name = `${part}`,
): Promise<string> {
  const made = await answerWordsPart(target, { ...cut, part, of, threads: 1 });
  try {
    return scratch.put(`${name}.parquet`, await bytesOf(parquetPart(made, target)));
  } finally {
    await made.close();
  }
}

/** All parts, in another order than theirs. */
async function writeParts(target: Target, of: number, cut: Cut): Promise<string[]> {
  const paths: string[] = [];
  for (let part = 1; part <= of; part += 1) paths.push(await writePart(target, part, of, cut));
  return paths.reverse();
}

/** What is printed of a result, all of it. */
async function frameOf(made: ReturnType<typeof answerWords>) {
  const result = await made;
  try {
    const { schema, input, totals } = result;
    return { schema, input, totals: { ...totals }, rows: [...result.rows] };
  } finally {
    await result.close();
  }
}

async function merged(target: Target | null, paths: readonly string[], options: object) {
  const parts = await PartFiles.open(paths, () => {});
  try {
    return await frameOf(answerMerge(parts, target, options));
  } finally {
    parts.close();
  }
}

async function expectSame(target: Target, of: number, cut: Cut, options: object): Promise<void> {
  const paths = await writeParts(target, of, cut);
  const whole = await frameOf(answerWords(target, { ...cut, ...options, threads: 1 }));
  expect(await merged(target, paths, options)).toEqual(whole);
}

/** A core of segments wherever they may be, so that words of the memory are no words of the file. */
function anyCore(
  segments: readonly { readonly bytes: Uint8Array; readonly start: number; readonly flags: number }[],
) {
  let next = 0x10000n;
  return buildElf({
    class: 64,
    endian: "little",
    segments: segments.map(({ bytes, start, flags }) => {
      const at = next + BigInt(start);
      next = at + BigInt(bytes.length) + 0x1000n;
      return { type: 1, flags, start: at, data: bytes, alignment: 1n };
    }),
  });
}

/** Bytes of few values, so that words repeat. */
const anyBytes = (maxLength: number) =>
  fc.array(fc.constantFrom(0, 0, 0, 1, 255), { maxLength }).map((bytes) => Uint8Array.from(bytes));

describe("all parts together are the whole:", () => {
  const all = { limit: Number.POSITIVE_INFINITY, distinct: true };

  it("of any file, cut in any number of parts", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyBytes(400),
        fc.integer({ min: 1, max: 20 }),
        anyCut,
        fc.constantFrom(all, { limit: 3 }, { ...all, least: 2 }),
        async (bytes, of, cut, options) => {
          const target = await openTarget(scratch.put("raw", bytes));
          await expectSame(target, of, { ...cut, scope: "all" }, options);
          target.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it("of any core, in all scopes, whose segments may begin anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            bytes: anyBytes(90),
            start: fc.integer({ min: 0, max: 20 }),
            flags: fc.constantFrom(4, 6),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        fc.integer({ min: 1, max: 12 }),
        anyCut,
        async (segments, of, cut) => {
          const target = await openTarget(scratch.put("core", anyCore(segments)));
          await expectSame(target, of, cut, all);
          target.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it("of a real core, all scopes and words, with its names", async () => {
    const target = await openTarget(sample("downstream-after.core.gz"));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        anyCut,
        fc.constantFrom(
          { limit: 30 },
          { ...all, least: 40 },
          { limit: 20, resolved: true, symbols: [sample("python3.11.syms.txt")] },
        ),
        (of, cut, options) => expectSame(target, of, cut, options),
      ),
      { numRuns: 6 },
    );
    target.close();
  }, 120_000);

  it("of more parts than there are words", async () => {
    const target = await openTarget(scratch.put("three", Buffer.from("abc")));
    await expectSame(target, 64, {}, all);
    target.close();
  });
});

describe("a part", () => {
  it("reads its range of the file, its ends and headers, and no more", async () => {
    const bytes = 2 ** 26;
    const path = scratch.put("large", Buffer.alloc(bytes, 7));
    const read = () => Number(/^rchar: (\d+)/m.exec(readFileSync("/proc/self/io", "latin1"))?.[1]);
    const target = await openTarget(path);
    const before = read();
    const part = await answerWordsPart(target, { part: 3, of: 64, threads: 1 });
    const taken = read() - before;
    await part.close();
    target.close();
    expect(part.info).toMatchObject({ from: 2 ** 21, to: 3 * 2 ** 20, bytes: 2 ** 20, words: 2 ** 17 });
    // Once to sample it, once to count it.
    expect(taken).toBeLessThan(2 * 2 ** 20 + 4 * 65_536 + 2 ** 18);
  });

  it("has borders that the size alone decides, on words, however large the file", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 53 - 1 }),
        fc.integer({ min: 1, max: 4096 }),
        fc.constantFrom(4, 8),
        (size, of, word) => {
          let end = 0;
          for (let part = 1; part <= Math.min(of, 40); part += 1) {
            const { from, to } = partRange(size, { part, of }, word);
            expect(from).toBe(end);
            expect(from % word).toBe(0);
            expect(to).toBeGreaterThanOrEqual(from);
            const exact = Number((BigInt(size) * BigInt(part)) / BigInt(of));
            expect(part === of ? to : exact - (exact % word)).toBe(part === of ? size : to);
            end = to;
          }
          expect(partRange(size, { part: of, of }, word).to).toBe(size);
        },
      ),
    );
  });

  it("has its words in order, in row groups that are smaller where there are more parts", async () => {
    const target = await openTarget(
      scratch.put(
        "noise",
        Buffer.from(BigUint64Array.from({ length: 5000 }, (_, i) => BigInt(i * 7919) % 4099n).buffer),
      ),
    );
    await writePart(target, 1, 1, {}, "one");
    const parts = await PartFiles.open([join(scratch.folder, "one.parquet")], () => {});
    const [counts] = parts.counts;
    const { words } = (await counts?.read(0)) ?? { words: [] };
    expect([...words]).toEqual([...words].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(words).size).toBe(words.length);
    parts.close();
    target.close();
    expect([1, 4, 64, 4096].map(groupRowsOf)).toEqual([65_536, 65_536, 4096, 512]);
  });
});

describe("parts that are not those of one count are refused:", () => {
  const names: Record<string, string> = {};

  beforeAll(async () => {
    const one = scratch.put("one.core", Buffer.alloc(4000, "one way "));
    const two = scratch.put("two.core", Buffer.alloc(4000, "another "));
    for (const [core, path] of Object.entries({ one, two })) {
      const target = await openTarget(path);
      for (const part of [1, 2, 3])
        names[`${core} ${part}/3`] = await writePart(target, part, 3, {}, `${core}-${part}`);
      names[`${core} 1/2`] = await writePart(target, 1, 2, {}, `${core}-half`);
      names[`${core} words 1/3`] = await writePart(target, 1, 3, { word: 4 }, `${core}-words`);
      target.close();
    }
  });

  const open = (...of: string[]) =>
    PartFiles.open(
      of.map((name) => names[name] ?? name),
      () => {},
    );
  const refusal = async (...of: string[]) => (await failureOf(() => open(...of))).message;

  it("missing ones are named, with the command that makes one", async () => {
    expect(await refusal("one 3/3")).toMatch(
      /^parts 1-2 of 3 are missing: coregram words \S+one\.core --part 1\/3 -o FILE makes the first$/,
    );
    expect(await refusal("one 3/3", "one 1/3")).toMatch(
      /^part 2 of 3 is missing: .* --part 2\/3 -o FILE makes it$/,
    );
    expect(await refusal("one words 1/3")).toMatch(/--part 2\/3 --word 4 -o FILE/);
  });

  it("of other cores, in other numbers or words, both named", async () => {
    expect(await refusal("one 1/3", "two 2/3")).toMatch(
      /one-1\.parquet and \S+two-2\.parquet are parts of different cores/,
    );
    expect(await refusal("one 1/3", "one 1/2")).toMatch(
      /one-1\.parquet and \S+one-half\.parquet were counted differently: .*of 3 parts; .*of 2 parts$/,
    );
    expect(await refusal("one 1/3", "one words 1/3")).toMatch(/counted differently: .*--word 8.*--word 4/);
  });

  it("the same twice counts once, and is said; two that differ are an error", async () => {
    const notes: string[] = [];
    const twice = ["one 1/3", "one 2/3", "one 3/3", "one 2/3"].map((name) => names[name] ?? "");
    const parts = await PartFiles.open(twice, (event) => notes.push(event.kind === "note" ? event.text : ""));
    expect(parts.totals).toEqual({ bytes: 4000, words: 500 });
    expect(notes).toEqual([expect.stringMatching(/both part 2 of 3, and the same: counted once$/)]);
    parts.close();
    // What the second says of itself is that it is the first, and its words are others.
    const other = Buffer.from(readFileSync(names["two 1/3"] ?? ""));
    const info = (path = "") => /\{"part":1,[^}]*\}\}/.exec(readFileSync(path, "latin1"))?.[0] ?? "";
    const [from, to] = [info(names["two 1/3"]), info(names["one 1/3"])];
    expect(from.length).toBe(to.length);
    const lying = Buffer.from(other.toString("latin1").replace(from, to), "latin1");
    names.lying = scratch.put("lying.parquet", lying);
    expect(await refusal("one 1/3", "lying", "one 2/3", "one 3/3")).toMatch(
      /are both part 1 of 3, and differ$/,
    );
  });

  it("files that are none, or broken", async () => {
    expect(await refusal(scratch.put("text", Buffer.from("no Parquet")))).toMatch(
      /text: is no Parquet file$/,
    );
    expect(await refusal(join(scratch.folder, "nowhere"))).toMatch(/nowhere: no such file$/);
    const whole = readFileSync(names["one 1/3"] ?? "");
    const changed = (from: string, to: string) => {
      const path = join(scratch.folder, "changed.parquet");
      writeFileSync(path, Buffer.from(whole.toString("latin1").replace(from, to), "latin1"));
      return path;
    };
    expect(await refusal(changed("words-part@1", "words-port@1"))).toMatch(
      /is coregram\/words-port@1, and no part/,
    );
    expect(await refusal(changed('"distinct":1', '"distinct":2'))).toMatch(
      /broken part: 1 rows where 2 words/,
    );
    expect(await refusal(changed('"from":0', '"from":8'))).toMatch(
      /it is of the bytes 8 to \d+, and part 1 of 3 of 0 to/,
    );
    const parts = await open(changed('"words":166', '"words":167'), "one 2/3", "one 3/3");
    const failure = await failureOf(() => answerMerge(parts, null, { limit: 10 }));
    expect(failure).toMatchObject({
      code: "format",
      message: expect.stringMatching(/add up to 166 of 167 words$/),
    });
    parts.close();
  });

  it.each([
    ["descend", 8, [2n, 1n], [1n, 1n], /its words do not ascend$/],
    ["stand there twice", 8, [1n, 1n], [1n, 1n], /its words do not ascend$/],
    ["are too long", 4, [1n, 2n ** 32n], [1n, 1n], /its words have more than 4 bytes$/],
    ["occur not at all", 8, [1n, 2n], [2n, 0n], /a count is less than 1$/],
    ["occur less than that", 8, [1n, 2n], [3n, -1n], /a count is less than 1$/],
    ["are more than are said", 8, [1n, 2n], [2n, 1n], /its counts add up to 3 of 2 words$/],
  ] as const)("words that %s", async (_, wordBytes, word, count, message) => {
    const target = await openTarget(join(scratch.folder, "one.core"));
    const made = await answerWordsPart(target, { part: 1, of: 1, word: wordBytes });
    const info = { ...made.info, words: 2, distinct: 2 };
    const pieces = (async function* () {
      yield { words: BigUint64Array.from(word), counts: BigInt64Array.from(count) };
    })();
    const path = scratch.put("wrong.parquet", await bytesOf(parquetPart({ ...made, info, pieces }, target)));
    await made.close();
    target.close();
    const parts = await PartFiles.open([path], () => {});
    const failure = await failureOf(() => answerMerge(parts, null, { limit: 10 }));
    expect(failure).toMatchObject({ code: "format", message: expect.stringMatching(message) });
    parts.close();
  });

  it("what a part says of itself is looked at", () => {
    const said = {
      ...{ part: 1, of: 2, from: 0, to: 8, bytes: 8, words: 1, distinct: 1, scope: "all", wordBytes: 8 },
      ...{ endian: "little", base: null, core: { path: "core", bytes: 16, compression: null, digest: "00" } },
    };
    expect(readPartInfo(JSON.stringify(said))).toEqual(said);
    for (const wrong of [
      ...[
        { part: 0 },
        { part: 3 },
        { of: 5000 },
        { words: -1 },
        { from: 2 ** 60 },
        { bytes: "8" },
        { scope: "some" },
      ],
      ...[
        { wordBytes: 2 },
        { endian: "middle" },
        { base: 5 },
        { base: "x" },
        { core: null },
        { core: { path: "core" } },
      ],
    ])
      expect(readPartInfo(JSON.stringify({ ...said, ...wrong }))).toBe(null);
    for (const text of ["", "null", "[]", "{", '"part"']) expect(readPartInfo(text)).toBe(null);
  });
});
