import { type Image, type Thread, threadPointersOf } from "../../image/index.ts";
import type { KernelMemory } from "../../kernel/index.ts";
import { bytesOutsidePools } from "../arenas.ts";
import type { MemoryReader } from "../reader.ts";
import { type Span, spanAt, writableSpans } from "../span.ts";
import type { Survey } from "../survey.ts";
import { type Glibc, readGlibc } from "./glibc.ts";
import { findMappedChunks } from "./mapped.ts";

/** What is to be said where `guessed` has chunks. */
export const CHUNKS_GUESSED =
  "malloc's arenas were not found: its chunks are told by their form, and freed ones in its caches count as in use";

/**
 * Finds malloc's chunks by a survey of all memory; those that seem to lie in pools, or in what others have, are none.
 * @param memory the one that the survey is in
 * @param statics modules' writable data
 * @param others what other allocators have
 */
export function findGlibc(
  memory: KernelMemory,
  image: Image,
  reader: MemoryReader,
  survey: Survey,
  threads: readonly Thread[],
  statics: readonly Span[],
  others: readonly Span[],
): Glibc {
  const sorted = [...others].sort((a, b) => a.start - b.start);
  const isOthers = (at: number) => spanAt(sorted, at) !== null;
  // A pool may lie where a thread's arena would: what is in it can look like chunks.
  const isPool = (at: number) => bytesOutsidePools(memory, survey, { start: at, end: at + 1 }) === 0;
  const mappings = writableSpans(image, "mapped");
  return readGlibc(
    image,
    reader,
    { statics, isOther: (at) => isOthers(at) || isPool(at), threadPointers: threadPointersOf(threads) },
    (isTaken) => findMappedChunks(memory, survey, reader, mappings, isTaken),
  );
}
