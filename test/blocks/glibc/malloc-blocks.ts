import { chunksOf } from "../../../src/blocks/glibc/glibc.ts";
import {
  findMappedChunks,
  MemoryReader,
  readGlibc,
  surveyMemory,
  writableSpans,
} from "../../../src/blocks/index.ts";
import { openSource } from "../../../src/bytes/index.ts";
import { openCore, readModules, readThreads, threadPointersOf } from "../../../src/image/index.ts";
import { Crew } from "../../../src/kernel/index.ts";
import { findStaticSpans } from "../../../src/runtimes/cpython/objects/statics.ts";

/** What malloc has in a core: bytes of chunks by what they are, and the blocks in use by the address of their first byte. */
export interface MallocBlocks {
  readonly live: ReadonlyMap<number, number>;
  readonly bytes: Readonly<
    Record<"in use" | "cached" | "state" | "free" | "top" | "fence" | "foreign" | "damaged", number>
  >;
  readonly cached: number;
  readonly free: number;
  readonly arenas: number;
  readonly mapped: number;
  readonly guessed: number;
}

/** Reads a core's malloc chunk by chunk, by the structures alone: the kernel's walk is not asked. */
export async function readMallocBlocks(path: string): Promise<MallocBlocks> {
  const source = await openSource(path, { temporaryFolder: "/", stdin: 0 });
  const crew = new Crew(2);
  try {
    const core = openCore(source);
    if (core === null) throw new Error(`${path} is no core`);
    const { image } = core;
    const reader = new MemoryReader(image);
    const survey = await surveyMemory(crew, image);
    const statics = findStaticSpans(image, readModules(core), 0).all;
    const mappings = writableSpans(image, "mapped");
    const threadPointers = threadPointersOf(readThreads(core));
    const places = { statics, threadPointers, isOther: () => false };
    const glibc = readGlibc(image, reader, places, (isTaken) =>
      findMappedChunks(crew.memory, survey, reader, mappings, isTaken),
    );
    const { tcache, fastbins, structs } = glibc.cached;
    const cached = new Set([...tcache, ...fastbins]);
    const states = new Set(structs);
    const bytes = { "in use": 0, cached: 0, state: 0, free: 0, top: 0, fence: 0, foreign: 0, damaged: 0 };
    const live = new Map<number, number>();
    let free = 0;
    for (const { runs, top } of glibc.arenas)
      for (const run of runs)
        for (const chunk of chunksOf(reader, top, run)) {
          const isCached = cached.has(chunk.chunk);
          const state = isCached ? "cached" : states.has(chunk.chunk) ? "state" : chunk.state;
          bytes[state] += chunk.bytes;
          free += Number(state === "free");
          if (state === "in use") live.set(chunk.chunk + 16, chunk.bytes - 8);
        }
    for (const { chunk, end } of glibc.mapped) if (!cached.has(chunk)) live.set(chunk + 16, end - chunk - 16);
    const { arenas, mapped, guessed } = glibc;
    const counts = { arenas: arenas.length, mapped: mapped.length, guessed: guessed.length };
    return { live, bytes, cached: cached.size, free, ...counts };
  } finally {
    await crew.close();
    source.close();
  }
}
