import type { Owner, RetainedTree } from "../heap/index.ts";

/** An owner, and how many owners it is in. */
export interface NestedOwner {
  readonly owner: Owner;
  readonly depth: number;
}

/**
 * Owners with those that are among what they hold below them, those that hold most first.
 * @param depth owners in more than this many others are left out
 * @param most of each level
 */
export function nestOwners(
  tree: RetainedTree,
  owners: readonly Owner[],
  depth: number,
  most: number,
): NestedOwner[] {
  const start = (owner: Owner) => tree.positions[owner.node] ?? 0;
  const end = (owner: Owner) => start(owner) + (tree.spans[start(owner)] ?? 0);
  const inOrder = [...owners].sort((a, b) => start(a) - start(b));
  const inner = new Map<Owner | null, Owner[]>();
  const open: Owner[] = [];
  for (const owner of inOrder) {
    for (let last = open.at(-1); last !== undefined && end(last) <= start(owner); last = open.at(-1))
      open.pop();
    const holder = open.at(-1) ?? null;
    const siblings = inner.get(holder);
    if (siblings) siblings.push(owner);
    else inner.set(holder, [owner]);
    open.push(owner);
  }
  const rows: NestedOwner[] = [];
  const level = (holder: Owner | null, at: number): NestedOwner[] =>
    (inner.get(holder) ?? [])
      .sort((a, b) => b.retainedBytes - a.retainedBytes || a.node - b.node)
      .slice(0, most)
      .map((owner) => ({ owner, depth: at }))
      .reverse();
  const stack = level(null, 0);
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    rows.push(next);
    if (next.depth + 1 < depth) stack.push(...level(next.owner, next.depth + 1));
  }
  return rows;
}
