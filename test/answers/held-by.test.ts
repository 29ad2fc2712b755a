import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { withHolders } from "../../src/answers/held-by.ts";
import type { WhatisObject, WhatisRow } from "../../src/answers/index.ts";
import { openCore } from "../../src/image/index.ts";
import type { AnswerEvent } from "../../src/terms/index.ts";
import { openCoreFile } from "../runtimes/read-core.ts";

/** A row with an object of that state. */
function rowOf(state: WhatisObject["state"]): WhatisRow {
  const object: WhatisObject = {
    type: "builtins.list",
    typeAddress: "0x94ec00",
    address: "0x7f595fef87c0",
    offset: 0,
    bytes: 56,
    references: 1,
    immortal: false,
    state,
    place: "pool",
    value: null,
    length: 0,
    path: null,
    retainedBytes: null,
    items: [],
    referrers: null,
    referrerCount: null,
  };
  return {
    address: object.address,
    count: 1,
    segment: null,
    memory: "saved",
    mapping: null,
    module: null,
    symbol: null,
    unnamed: null,
    traced: null,
    allocated: null,
    bytes: null,
    object,
    block: null,
  };
}

/** What becomes of rows in a core of no Python, and what is said. */
async function inNoPython(rows: readonly WhatisRow[], memory = 2 ** 30) {
  const source = await openCoreFile(
    fileURLToPath(new URL("../elf/cores/gcore-x86-64.core.gz", import.meta.url)),
  );
  const events: AnswerEvent[] = [];
  try {
    const result = await withHolders(
      openCore(source),
      "tiny.core",
      rows,
      { root: null, threads: 1, memory, heap: null, progress: () => () => {} },
      (event) => events.push(event),
    );
    return { result, events };
  } finally {
    source.close();
  }
}

it("leaves rows as they are where the heap cannot be read, with one warning", async () => {
  const rows = [rowOf("live"), { ...rowOf("live"), object: null }, rowOf("live")];
  const { result, events } = await inNoPython(rows);
  expect(result).toEqual(rows);
  expect(events.filter(({ kind }) => kind !== "progress")).toEqual([
    {
      kind: "warning",
      target: "tiny.core",
      text: expect.stringMatching(/^who holds the objects is not known: tiny\.core: no CPython /),
    },
  ]);
});

it("reads no heap for what is freed, of an unknown allocator, or no object", async () => {
  const rows = [rowOf("freed"), rowOf("unknown"), { ...rowOf("live"), object: null }];
  expect(await inNoPython(rows)).toEqual({ result: rows, events: [] });
});

it("reads a heap of half the memory that it may take, and none that is larger", async () => {
  const source = await openCoreFile(
    fileURLToPath(new URL("../elf/cores/gcore-x86-64.core.gz", import.meta.url)),
  );
  const image = openCore(source)?.image;
  let saved = 0;
  for (let index = 0; index < (image?.segmentCount ?? 0); index += 1)
    saved += image?.segment(index).extent.bytes ?? 0;
  source.close();
  const kinds = async (memory: number) =>
    (await inNoPython([rowOf("live")], memory)).events
      .map(({ kind }) => kind)
      .filter((kind) => kind !== "progress");
  expect(await kinds(2 * saved)).toEqual(["warning"]);
  expect(await kinds(2 * saved - 1)).toEqual(["note"]);
});

it("reads no heap that takes more memory than it may", async () => {
  const rows = [rowOf("live")];
  expect(await inNoPython(rows, 2 ** 16)).toEqual({
    result: rows,
    events: [
      {
        kind: "note",
        target: "tiny.core",
        text: expect.stringMatching(/^who holds .* in a core this large/),
      },
    ],
  });
});
