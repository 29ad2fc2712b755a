import { afterAll, describe, expect, it } from "vitest";
import { surveyMemory } from "../../src/blocks/index.ts";
import { openFile } from "../../src/bytes/index.ts";
import { openCore } from "../../src/image/index.ts";
import { Crew, PAGES } from "../../src/kernel/index.ts";
import { makeScratch } from "../bytes/scratch.ts";
import { buildElf } from "../elf/build-elf.ts";
import { Memory } from "../runtimes/heap/memory.ts";
import { IS_MMAPPED } from "./glibc/put-malloc.ts";
import { LARGE_POOL, putPool, SMALL_POOL } from "./put-pools.ts";

const PAGE = 4096;
const AT = 0x7f00_0000_0000;
const FAR = AT + 0x1000_0000;
const TYPE = AT + 8 * PAGE + 64;
const crew = new Crew(2);
afterAll(() => crew.close());
const scratch = makeScratch();

async function survey(memory: Memory) {
  const segments = memory.regions.map(({ start, data, permissions }) => ({
    ...{ type: 1, flags: permissions === "rw-" ? 6 : 4, start: BigInt(start), data },
  }));
  const bytes = buildElf({
    class: 64,
    endian: "little",
    segments: [{ type: 4, data: new Uint8Array(0) }, ...segments],
  });
  const source = openFile(scratch.put("core", bytes));
  try {
    const core = openCore(source);
    if (core === null) throw new Error("no core");
    const found = await surveyMemory(crew, core.image);
    const pages = found.pieces.firstPages[found.pieces.count] ?? 0;
    return { ...found, kinds: [...new Uint8Array(crew.memory.buffer, found.pages, pages)] };
  } finally {
    source.close();
  }
}

/** A type object that PyType_Ready has seen: its type, its name, sizes and READY of tp_flags. */
function putType(memory: Memory, at: number) {
  memory.u64(at, 1);
  memory.u64(at + 8, AT);
  memory.u64(at + 24, AT + 8);
  memory.u64(at + 32, 16);
  memory.u64(at + 168, 1 << 12);
}

describe("a survey", () => {
  it("names pages of pools, mapped chunks and zeros, and finds what may be types in the others", async () => {
    const memory = new Memory();
    memory.map(AT, 10 * PAGE);
    memory.map(FAR, 2 * PAGE);
    memory.map(FAR + 0x1000_0000, PAGE, { permissions: "r--" });
    putPool(memory, { pool: AT, block: 64, carved: 10, free: [2] });
    putPool(memory, { pool: AT + 4 * PAGE, poolBytes: SMALL_POOL, block: 32, carved: 5 });
    memory.u64(AT + 6 * PAGE + 8, PAGE | IS_MMAPPED);
    putType(memory, TYPE);
    putType(memory, FAR + PAGE);
    const { LARGE_POOL: large, SMALL_POOL: small, IN_POOL: inside, MAPPED, ZEROS } = PAGES;
    expect(await survey(memory)).toMatchObject({
      kinds: [large, inside, inside, inside, small, ZEROS, MAPPED, ZEROS, 0, ZEROS, ZEROS, 0],
      candidates: Float64Array.of(TYPE, FAR + PAGE),
      lostCandidates: 0,
      pools: 2,
      tornPools: 0,
      blocksInUse: 9 + 5,
      bytes: 12 * PAGE,
    });
  });

  it("counts pools that do not add up, and takes them for none", async () => {
    const memory = new Memory();
    memory.map(AT, 2 * LARGE_POOL);
    for (const pool of [AT, AT + LARGE_POOL]) putPool(memory, { pool, block: 64, carved: 10, free: [2, 4] });
    memory.u32(AT, 7);
    const found = await survey(memory);
    expect(found).toMatchObject({ pools: 1, tornPools: 1, blocksInUse: 8 });
    expect(found.kinds[0]).toBe(0);
  });

  it("follows free lists through all of a pool", async () => {
    const memory = new Memory();
    memory.map(AT, LARGE_POOL);
    const free = Array.from({ length: 500 }, (_, index) => (index * 7) % 1000);
    putPool(memory, { pool: AT, block: 16, carved: 1000, free });
    expect(await survey(memory)).toMatchObject({ pools: 1, tornPools: 0, blocksInUse: 500 });
  });
});
