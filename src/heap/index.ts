// Who holds what: the graph of objects, its dominators, owners by path, growth between heaps. Knows no runtime.
// in: objects as numbers with sizes, types and roles; pairs of who points to whom; roots; names on demand
// out: retained bytes of every object, ranked owners, paths, holders of a type, differences

export { findDominators } from "./dominators.ts";
export { nameFewParts } from "./few-parts.ts";
export { type FoldedOwner, foldOwners, retainedApart, together } from "./folded.ts";
export { garbageCycles } from "./garbage.ts";
export { buildGraph, type Graph, type Objects, type Roots } from "./graph.ts";
export { type Amount, addedUp, compareAmounts, foldAlike, type Growth } from "./growth.ts";
export { groupHeads, type HeadGroup } from "./heads.ts";
export { HeldTogether, type Way } from "./held-together.ts";
export { type Holders, type HoldersAnswer, holdersOfType } from "./holders.ts";
export { garbageHolds, holdsOf, type TypeShare } from "./holds.ts";
export { type Alike, countAlike, type HeldLabels, isFoldedPath, type Labels } from "./labels.ts";
export type { Loose, LooseRoots } from "./loose.ts";
export { type Addressed, type NewObjects, newObjects } from "./new-objects.ts";
export { chooseOwners, type Owner, type Owners } from "./owners.ts";
export { PathFinder, type Resolved } from "./path-finder.ts";
export { type FoldedPath, GARBAGE, Paths } from "./paths.ts";
export { ReferrerFinder, type ReferrersAnswer, type RootWord } from "./referrers.ts";
export {
  blocksHeldBy,
  dominatorOf,
  garbagePosition,
  heldBy,
  type Retained,
  type RetainedTree,
  retain,
  retainedBy,
  retainedByKind,
} from "./retained.ts";
export { type RetainedTogether, retainedTogether } from "./retained-together.ts";
export { type Trend, trends } from "./trend.ts";
export { type WovenGraph, weaveGraph } from "./woven.ts";
