import { expect, it, onTestFinished, vi } from "vitest";
import {
  answerChain,
  answerContainers,
  answerDiff,
  answerHolders,
  answerOwners,
  answerStrings,
  answerTypes,
  answerWhatis,
  answerWords,
} from "../../src/answers/index.ts";
import { openTarget } from "../../src/image/index.ts";
import type { Runtime } from "../../src/runtimes/index.ts";
import { type AnswerEvent, address } from "../../src/terms/index.ts";
import { addressOf, CELLS, type Cell, layCells } from "./cells.ts";
import { putCore } from "./heap/ask.ts";
import { writeCore } from "./heap/core-file.ts";
import { World } from "./heap/world.ts";

// A runtime is one more line of the list: nothing else here or in the program knows of the made-up one.
vi.mock(import("../../src/runtimes/runtimes.ts"), async (original) => {
  const { RUNTIMES } = await original();
  return { RUNTIMES: [...RUNTIMES, (await import("./cells.ts")).CELLS] satisfies Runtime[] };
});

const [TABLE, TEXT] = [0, 1];
const OPTIONS = { modules: false, threads: 1, limit: Number.POSITIVE_INFINITY };

/** `main` has a table of two texts and a text; a text that points to itself is held by nothing. */
const PROGRAM: readonly Cell[] = [
  { type: TABLE, bytes: 100, to: [1, 4] },
  { type: TABLE, bytes: 80, to: [2, 3] },
  { type: TEXT, bytes: 1000, to: [] },
  { type: TEXT, bytes: 2000, to: [] },
  { type: TEXT, bytes: 30, to: [] },
  { type: TEXT, bytes: 7, to: [5] },
];

async function open(core: Uint8Array) {
  const target = await openTarget(putCore(core));
  onTestFinished(() => target.close());
  return target;
}

const openCells = (cells: readonly Cell[] = PROGRAM) => open(writeCore(layCells(cells), { name: "cells" }));

it("its types are told, and where all saved bytes are", async () => {
  const events: AnswerEvent[] = [];
  const { rows, totals } = await answerTypes(await openCells(), OPTIONS, (event) => events.push(event));
  expect(rows.map(({ type, address, count, bytes }) => [type, address, count, bytes])).toEqual([
    ["Text", "0x2000", 4, 3037],
    ["Table", "0x1000", 2, 180],
  ]);
  expect(totals).toMatchObject({ runtime: "Cells 1", types: 2, count: 6, bytes: 3217, savedBytes: 4096 });
  expect(totals.balance).toMatchObject({ objectBlocks: 3217, headers: 0, stacks: 0, unknown: 879 });
  const said = events.flatMap((event) => (event.kind === "progress" ? [] : [event.text]));
  expect(said).toEqual([
    "Cells 1, 6 of them; 78.5 % of writable memory accounted for",
    "cells were made up",
    "only 78.5 % of writable memory is accounted for: of 879 B nothing is known, and objects in it are in no row",
  ]);
});

it("its owners are told by their paths", async () => {
  const { rows, totals } = await answerOwners(await openCells(), OPTIONS);
  const found = rows.map(({ path, type, address, length, retainedBytes }) => ({
    [path ?? ""]: [type, address, length, retainedBytes],
  }));
  const at = (cell: number) => `0x${addressOf(cell).toString(16)}`;
  expect(Object.assign({}, ...found)).toMatchObject({
    main: ["Table", at(0), 2, 3210],
    "main#0": ["Table", at(1), 2, 3080],
    "<garbage>": [null, null, null, 7],
  });
  expect(totals.runtime).toBe("Cells 1");
  expect(totals.reached.modules).toEqual({ count: 5, bytes: 3210 });
  expect(totals.reached.garbage).toEqual({ count: 1, bytes: 7 });
});

it("its objects are explained, held and compared", async () => {
  const target = await openCells();
  const at = address(BigInt(addressOf(3)));
  const [row] = (await answerWhatis(target, [at], OPTIONS)).rows;
  expect(row?.object).toMatchObject({ type: "Text", bytes: 2000, state: "live", path: "main#0#1" });
  const held = await answerHolders(target, "Text", OPTIONS);
  expect(held.totals).toMatchObject({ type: "Text", count: 4, bytes: 3037 });
  const chain = await answerChain(target, at, OPTIONS);
  expect(chain.rows.map(({ path }) => path)).toEqual(["main#0#1", "main#0", "main"]);
  expect((await answerChain(target, "main#0#1", OPTIONS)).rows).toEqual(chain.rows);
  const larger = await openCells([...PROGRAM, { type: TEXT, bytes: 500, to: [] }]);
  const { rows } = await answerDiff([target, larger], OPTIONS);
  expect(rows).toMatchObject([{ name: "Text", countDiff: 1, bytesDiff: 500 }]);
});

it("words that are its types are named", async () => {
  const memory = layCells(PROGRAM);
  for (let word = 0; word < 100; word += 1) memory.u64(0x10_0800 + word * 8, 0x2000);
  const { rows } = await answerWords(await open(writeCore(memory)), { modules: false, threads: 1 });
  expect([...rows].find(({ word }) => word === "0000000000002000")).toMatchObject({
    count: 100,
    type: "Text",
  });
});

it("what it does not tell is said to be not told", async () => {
  const target = await openCells();
  await expect(answerStrings(target, OPTIONS)).rejects.toThrow("the texts of Cells 1 are not compared");
  await expect(answerContainers(target, OPTIONS)).rejects.toThrow("the containers of Cells 1");
});

it("the first of the list is found where it is, and all say why where none is", async () => {
  const world = new World(12);
  const python = await answerTypes(await open(world.build().core), OPTIONS);
  expect(python.totals.runtime).toBe("CPython 3.12");
  const neither = layCells(PROGRAM);
  neither.u64(0x10_0000, 0);
  await expect(answerTypes(await open(writeCore(neither)), OPTIONS)).rejects.toThrow(
    "no CPython type objects in its writable memory; no cells; ",
  );
  expect(CELLS.name).toBe("Cells");
});
