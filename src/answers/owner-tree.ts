import type { RetainedTree } from "../heap/index.ts";
import type { OwnerGroup } from "./owner-groups.ts";

/** Owners that are alike, and how many owners they are in. */
export interface NestedOwner {
  readonly group: OwnerGroup;
  readonly depth: number;
}

/**
 * Owners with those that are among what they hold below them, those that hold most first.
 * @param groups what is alike is one row wherever it stands in the same
 * @param depth owners in more than this many others are left out
 * @param most of each level
 */
export function nestOwners(
  tree: RetainedTree,
  groups: readonly OwnerGroup[],
  depth: number,
  most: number,
): NestedOwner[] {
  const spans = groups.flatMap((group) =>
    group.members.map(({ node }) => {
      const start = tree.positions[node] ?? 0;
      return { group, start, end: start + (tree.spans[start] ?? 0) };
    }),
  );
  const inner = new Map<OwnerGroup | null, Set<OwnerGroup>>();
  const open: typeof spans = [];
  const placed = new Set<OwnerGroup>();
  for (const span of spans.sort((a, b) => a.start - b.start)) {
    for (let last = open.at(-1); last !== undefined && last.end <= span.start; last = open.at(-1)) open.pop();
    const holder = open.at(-1)?.group ?? null;
    open.push(span);
    // Where its first is; what is in its like has its place already.
    if (placed.has(span.group)) continue;
    placed.add(span.group);
    const siblings = inner.get(holder);
    if (siblings) siblings.add(span.group);
    else inner.set(holder, new Set([span.group]));
  }
  const rows: NestedOwner[] = [];
  const nodeOf = ({ members }: OwnerGroup) => members[0]?.node ?? 0;
  const level = (holder: OwnerGroup | null, at: number): NestedOwner[] =>
    [...(inner.get(holder) ?? [])]
      .sort((a, b) => b.retainedBytes - a.retainedBytes || nodeOf(a) - nodeOf(b))
      .slice(0, most)
      .map((group) => ({ group, depth: at }))
      .reverse();
  const stack = level(null, 0);
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    rows.push(next);
    if (next.depth + 1 < depth) stack.push(...level(next.group, next.depth + 1));
  }
  return rows;
}
