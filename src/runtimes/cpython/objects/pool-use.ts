import { type ArenaUse, noBytes, type Survey } from "../../../blocks/index.ts";
import type { Balance } from "../../balance.ts";
import type { BlockSums } from "./records.ts";

/** What mimalloc's segments are used for, all of them as one; null where there are none. */
export function segmentUse(sums: BlockSums, { parts }: Balance): ArenaUse | null {
  if (sums.pages === 0) return null;
  return {
    allocator: "mimalloc",
    kind: "segments",
    address: null,
    ...noBytes(),
    usedCount: sums.pageBlocks,
    usedBytes: sums.pageBytes,
    freeCount: sums.pageFreeBlocks,
    freeBytes: parts.mimallocFreed,
    topBytes: parts.mimallocFree,
    headerBytes: sums.pageHeaderBytes,
  };
}

/** What pymalloc's arenas are used for, all of them as one; null where there are none. */
export function poolUse(survey: Survey, sums: BlockSums, { parts }: Balance): ArenaUse | null {
  const { freedBlocks, uncarved, freePools, unusedArenas } = parts;
  if (survey.pools === 0 && unusedArenas === 0) return null;
  return {
    allocator: "pymalloc",
    kind: "pools",
    address: null,
    ...noBytes(),
    usedCount: survey.blocksInUse,
    usedBytes: sums.poolBytes,
    // Of pools without a block in use nobody counts what they were cut into.
    freeCount: null,
    freeBytes: freedBlocks + freePools,
    topBytes: uncarved + unusedArenas,
    headerBytes: sums.poolHeaderBytes,
  };
}
