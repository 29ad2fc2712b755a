import type { Owner, Owners } from "./owners.ts";
import { blocksIn, type RetainedTree } from "./retained.ts";

/** Owners that are alike, as one. */
export interface FoldedOwner {
  /** Those that hold most first. */
  readonly members: readonly Owner[];
  /** What they have for their own, as of one owner: adds up over all. */
  readonly bytes: number;
  readonly count: number;
  readonly blockBytes: number;
  /**
   * What would go with all of them, each byte once: what each holds, and what is held together by no others. Of what more
   * than 16 hold together it is not known by whom, and it is left out.
   */
  readonly retainedBytes: number;
  readonly retainedCount: number;
  readonly retainedBlockBytes: number;
}

/**
 * Puts owners of the same key together. Most bytes first, those of blocks among them, then most objects, then by the
 * first member's node.
 */
export function foldOwners(
  tree: RetainedTree,
  owners: Owners,
  keyOf: (owner: Owner) => string,
): FoldedOwner[] {
  const groups = new Map<string, Owner[]>();
  for (const owner of owners.rows) {
    const key = keyOf(owner);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [owner]);
    else group.push(owner);
  }
  const folded = [...groups.values()].map((members) => together(tree, owners, members));
  const weight = ({ bytes, blockBytes }: FoldedOwner) => bytes + blockBytes;
  const nodeOf = ({ members }: FoldedOwner) => members[0]?.node ?? 0;
  return folded.sort((a, b) => weight(b) - weight(a) || b.count - a.count || nodeOf(a) - nodeOf(b));
}

/** Owners as one, whatever they are. */
export function together(tree: RetainedTree, owners: Owners, members: readonly Owner[]): FoldedOwner {
  const [only] = members;
  if (members.length === 1 && only !== undefined) {
    const { bytes, count, blockBytes, retainedBytes, retainedCount, retainedBlockBytes } = only;
    return { members, bytes, count, blockBytes, retainedBytes, retainedCount, retainedBlockBytes };
  }
  const sum = {
    bytes: 0,
    count: 0,
    blockBytes: 0,
    retainedBytes: 0,
    retainedCount: 0,
    retainedBlockBytes: 0,
  };
  const starts = startsOf(tree, owners, members);
  for (const owner of members) {
    sum.bytes += owner.bytes;
    sum.count += owner.count;
    sum.blockBytes += owner.blockBytes;
  }
  // One may be among what another holds.
  let end = 0;
  for (const start of starts.sort((a, b) => a - b)) {
    if (start < end) continue;
    const span = tree.spans[start] ?? 0;
    const blocks = blocksIn(tree, start);
    sum.retainedBytes += (tree.bytes[start] ?? 0) - blocks.bytes;
    sum.retainedCount += span - blocks.count;
    sum.retainedBlockBytes += blocks.bytes;
    end = start + span;
  }
  return { members, ...sum };
}

/**
 * What would go with each of several, less what others of them do that are among it: adds up over all.
 * @param several as `foldOwners` has them
 */
export function retainedApart(
  tree: RetainedTree,
  owners: Owners,
  several: readonly Pick<FoldedOwner, "members">[],
): { readonly bytes: number; readonly blockBytes: number }[] {
  const sums = several.map(() => ({ bytes: 0, blockBytes: 0 }));
  const spans = several.flatMap(({ members }, index) =>
    startsOf(tree, owners, members).map((start) => ({ index, start, end: start + (tree.spans[start] ?? 0) })),
  );
  const open: typeof spans = [];
  for (const span of spans.sort((a, b) => a.start - b.start)) {
    for (let last = open.at(-1); last !== undefined && last.end <= span.start; last = open.at(-1)) open.pop();
    const { bytes: blockBytes } = blocksIn(tree, span.start);
    const bytes = (tree.bytes[span.start] ?? 0) - blockBytes;
    for (const [index, sign] of [
      [span.index, 1],
      [open.at(-1)?.index, -1],
    ] as const) {
      const sum = index === undefined ? undefined : sums[index];
      if (sum === undefined) continue;
      sum.bytes += sign * bytes;
      sum.blockBytes += sign * blockBytes;
    }
    open.push(span);
  }
  return sums;
}

/** Where in the tree is what owners hold: each where it is, and what is held together at each of its heads. */
function startsOf(tree: RetainedTree, { shared }: Owners, members: readonly Owner[]): number[] {
  return members.flatMap(({ isSet, set, node }) =>
    isSet && set !== null ? [...shared.headsOf(set)] : [tree.positions[node] ?? 0],
  );
}
