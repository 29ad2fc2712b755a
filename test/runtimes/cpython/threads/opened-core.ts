import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { MemoryReader } from "../../../../src/blocks/index.ts";
import { openCore, readModules, readThreads, threadPointersOf } from "../../../../src/image/index.ts";
import { LAYOUTS } from "../../../../src/runtimes/cpython/layout/layout.ts";
import { PythonMemory } from "../../../../src/runtimes/cpython/python-memory.ts";
import { findThreadStates } from "../../../../src/runtimes/cpython/threads/thread-states.ts";
import { openCoreFile } from "../../read-core.ts";

/** Larger cores are changed in place. */
const SMALL_BYTES = 2 ** 26;

/** A core, what the state of its first thread says, and a way to change words of it. */
export async function openedCore(path: string, version: string) {
  const source = await openCoreFile(path);
  try {
    const bytes = new Uint8Array(source.size <= SMALL_BYTES ? source.size : 0);
    source.read(0, bytes);
    const core = openCore(source);
    if (core === null) throw new Error(path);
    const memory = new PythonMemory(core, readModules(core), null);
    const reader = new MemoryReader(core.image);
    const threads = readThreads(core);
    const pointers = threadPointersOf(threads).filter((pointer) => pointer !== null);
    const { states } = findThreadStates(memory.core.image, memory.spans.all, new Set(pointers)) ?? {
      states: [],
    };
    const address = states[0]?.address ?? 0;
    const layout = LAYOUTS.find((known) => known.version === version);
    const fields = Object.entries(layout?.structs.PyThreadState ?? {});
    const state = new Map(
      fields.map(([name, offset]) => [name, { at: address + offset, value: reader.u64(address + offset) }]),
    );
    return {
      threads,
      state: (name: string) => state.get(name) ?? null,
      /** A copy with these words at these addresses; the core itself where that is its path. */
      writeTo(file: string, words: Readonly<Record<number, bigint>>): string {
        if (file !== path) writeFileSync(file, bytes);
        const to = openSync(file, "r+");
        for (const [at, word] of Object.entries(words)) {
          const segment = core.image.segmentAt(BigInt(at) as never);
          if (segment === null) throw new Error(`nothing at ${at}`);
          const offset = segment.extent.offset + (Number(at) - Number(segment.start));
          writeSync(to, new Uint8Array(new BigUint64Array([word]).buffer), 0, 8, offset);
        }
        closeSync(to);
        return file;
      },
    };
  } finally {
    source.close();
  }
}
