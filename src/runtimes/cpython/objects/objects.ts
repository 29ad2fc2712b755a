import {
  findGlibc,
  type Mallocng,
  type MemoryReader,
  type MimallocSegment,
  mainStates,
  mallocngSpans,
  reservedSpans,
  type Span,
  type Survey,
} from "../../../blocks/index.ts";
import type { Image, Thread } from "../../../image/index.ts";
import { type Crew, TALLY } from "../../../kernel/index.ts";
import type { Layout } from "../layout/layout.ts";
import type { TypePlan } from "../types/kinds.ts";
import { findInChunks } from "./chunk-objects.ts";
import { findInPages } from "./page-objects.ts";
import { findInPools } from "./pool-objects.ts";
import { emptySums, type Places, type Records } from "./records.ts";
import { findInSlots } from "./slot-objects.ts";
import { findStatics, type Statics } from "./static-objects.ts";

/**
 * Finds all objects: in pools, in pages of mimalloc's segments, in slots of musl's groups, in malloc's chunks, mapped on their own, and static ones in `statics`.
 * `others` is what malloc has not.
 */
export async function findObjects(
  crew: Crew,
  image: Image,
  reader: MemoryReader,
  survey: Survey,
  threads: readonly Thread[],
  plan: number,
  plans: readonly TypePlan[],
  layout: Layout,
  statics: Statics,
  segments: readonly MimallocSegment[],
  mallocng: Mallocng,
  others: readonly Span[],
): Promise<Records> {
  const { memory } = crew;
  const typeCount = plans.length;
  const tallies = Array.from({ length: crew.threads }, () => memory.place(typeCount * TALLY.TALLY_BYTES));
  const places: Places = { crew, plan, tally: tallies[0] ?? 0 };
  const sums = emptySums();
  const pools = await findInPools(places, survey, tallies, statics.data, sums);
  const inStatics = findStatics(places, image, reader, layout, plans, statics);
  const glibc = findGlibc(memory, image, reader, survey, threads, statics.spans.all, [
    ...others,
    ...mallocngSpans(mallocng),
  ]);
  const inPages = findInPages(places, image, reader, segments, sums);
  const inSlots = findInSlots(places, image, reader, survey, mallocng, sums);
  const inChunks = findInChunks(places, image, reader, glibc, sums);
  const tally = new Float64Array(typeCount * TALLY.TALLY_WORDS);
  for (const at of tallies)
    new BigUint64Array(memory.buffer, at, typeCount * TALLY.TALLY_WORDS).forEach((value, i) => {
      tally[i] = (tally[i] ?? 0) + Number(value);
    });
  return {
    // Where there are segments there is no pymalloc, and of pools no records.
    pools: [...pools, ...inPages.found],
    outside: [...inStatics, ...inSlots.found, ...inChunks.found],
    statics: inStatics,
    chunkSpans: inChunks.spans,
    topSpans: inChunks.tops,
    glibc,
    reservedSpans: reservedSpans(glibc),
    mallocStates: mainStates(glibc),
    chunkBlocks: [...inPages.blocks, ...inSlots.blocks, ...inChunks.blocks],
    tally,
    sums,
  };
}
