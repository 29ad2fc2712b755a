import type { Core, Module } from "../image/index.ts";
import type { Crew } from "../kernel/index.ts";
import type { LibraryNames } from "./library-names.ts";
import type { ObjectReader } from "./object-at.ts";
import type { DetectOptions, NotDetected, RuntimeObjects } from "./runtime.ts";
import type { RuntimeProcess } from "./runtime-facts.ts";
import { RUNTIMES } from "./runtimes.ts";
import type { StackWants, ThreadStacks } from "./thread-stacks.ts";
import type { TracedMemory } from "./traced-memory.ts";

/**
 * The types and objects of the first runtime that is found in a core, or why none is.
 * @throws CoregramError as `Runtime.detect` does
 */
export async function detectRuntime(
  crew: Crew,
  core: Core,
  modules: readonly Module[],
  options: DetectOptions,
): Promise<RuntimeObjects | NotDetected> {
  const reasons: string[] = [];
  for (const runtime of RUNTIMES) {
    const found = await runtime.detect(crew, core, modules, options);
    if (!("reason" in found)) return found;
    reasons.push(found.reason);
  }
  return { reason: reasons.join("; ") };
}

/** Reads the objects of all runtimes one by one: an object is that of the first runtime that has one at an address. */
export async function openObjects(core: Core, root: string | null): Promise<ObjectReader> {
  const readers: ObjectReader[] = [];
  const close = () => {
    for (const reader of readers) reader.close();
  };
  try {
    for (const runtime of RUNTIMES) {
      const reader = await runtime.openObjects(core, root);
      if (reader !== null) readers.push(reader);
    }
  } catch (error) {
    close();
    throw error;
  }
  const first = <Found>(ask: (reader: ObjectReader) => Found | null): Found | null => {
    for (const reader of readers) {
      const found = ask(reader);
      if (found !== null) return found;
    }
    return null;
  };
  return {
    objectAt: (at) => first((reader) => reader.objectAt(at)),
    blockAt: (at) => first((reader) => reader.blockAt(at)),
    close,
  };
}

/**
 * The stacks of the first runtime whose threads are found, or why they are not read; null where there is none.
 * @throws CoregramError as reading does
 */
export async function threadStacks(
  core: Core,
  root: string | null,
  wants: StackWants,
): Promise<ThreadStacks | NotDetected | null> {
  for (const runtime of RUNTIMES) {
    const found = await runtime.threadStacks(core, root, wants);
    if (found !== null) return found;
  }
  return null;
}

/**
 * What the process is to the first runtime that is found; null where there is none.
 * @throws CoregramError as reading does
 */
export async function runtimeProcess(
  core: Core,
  root: string | null,
  wantsValues: boolean,
): Promise<RuntimeProcess | null> {
  for (const runtime of RUNTIMES) {
    const found = await runtime.runtimeProcess(core, root, wantsValues);
    if (found !== null) return found;
  }
  return null;
}

/**
 * What the first runtime that is found wrote down of the blocks that it allocated, or why none is.
 * @throws CoregramError as reading does
 */
export async function tracedMemory(
  core: Core,
  root: string | null,
  wantsBlocks: boolean,
): Promise<TracedMemory | NotDetected> {
  const reasons: string[] = [];
  for (const runtime of RUNTIMES) {
    const found = await runtime.tracedMemory(core, root, wantsBlocks);
    if (!("reason" in found)) return found;
    reasons.push(found.reason);
  }
  return { reason: reasons.join("; ") };
}

/**
 * The names of those of the addresses that are types of a runtime.
 * @throws CoregramError as reading does
 */
export async function typeNamesAt(
  core: Core,
  root: string | null,
  addresses: readonly bigint[],
): Promise<ReadonlyMap<bigint, string>> {
  const named = new Map<bigint, string>();
  for (const runtime of RUNTIMES)
    for (const [at, name] of await runtime.typeNamesAt(core, root, addresses))
      if (!named.has(at)) named.set(at, name);
  return named;
}

/**
 * What of the names in a core is a runtime's own, its library's or installed packages', a runtime each that is found.
 * @throws CoregramError as reading does
 */
export async function namesOfLibrary(core: Core, root: string | null): Promise<LibraryNames[]> {
  const found: LibraryNames[] = [];
  for (const runtime of RUNTIMES) {
    const names = await runtime.namesOfLibrary(core, root);
    if (names !== null) found.push(names);
  }
  return found;
}
