import {
  type Amount,
  countAlike,
  type FoldedOwner,
  type FoldedPath,
  foldOwners,
  type Owner,
  type Owners,
  type RetainedTree,
  retainedBy,
  together,
  type Way,
} from "../heap/index.ts";
import { UNNAMED_ROOTS } from "../runtimes/index.ts";
import { formatAddress, formatNames } from "../terms/index.ts";
import { type HeapNames, holdersOfSet } from "./holder-paths.ts";
import { type Heap, NATIVE } from "./read-heap.ts";

/** Owners as rows show them: one, or several that are alike. */
export interface OwnerGroup extends FoldedOwner {
  /** What all that are alike go by, in every core: `<threads in fetch app.py:10>.rows`. */
  readonly like: string;
}

/** Owners of less than this share of the heap say something only where all are asked for. */
const LEAST_SHARE = 1e-4;

/** Bytes from which an owner is one, where not all are wanted. */
export function leastOwner(tree: RetainedTree): number {
  return Math.max(1, Math.floor(retainedBy(tree, tree.nodes).bytes * LEAST_SHARE));
}

const UNNAMED: readonly string[] = Object.values(UNNAMED_ROOTS);

/** Whether a path tells nothing from others: it is that of whatever nothing found holds. */
export function isUnnamed(path: string): boolean {
  return UNNAMED.includes(path);
}

/** What a row says of the owners that it stands for. */
export interface OwnerDescription {
  readonly path: string | null;
  readonly type: string | null;
  readonly address: string | null;
  readonly length: number | null;
  readonly holders: string[] | null;
  readonly folded: number | null;
}

/**
 * Owners with those that are alike as one: whose paths differ only in which item, thread or task it is. Largest first.
 * @param unfold each alone
 */
export function groupOwners(heap: HeapNames, owners: Owners, unfold = false): OwnerGroup[] {
  if (unfold)
    return owners.rows.map((owner) => ({
      ...together(heap.tree, owners, [owner]),
      like: nameOf(namesOf(heap, owners, owner, folded)),
    }));
  const likes = new Map<Owner, string>();
  const groups = foldOwners(heap.tree, owners, (owner) => {
    const like = nameOf(namesOf(heap, owners, owner, folded));
    likes.set(owner, like);
    // Where nothing but the type tells what they are.
    const type = isUnnamed(like) ? heap.graph.types[owner.node] : "";
    return `${owner.isSet && owner.set !== null} ${type} ${like}`;
  });
  return groups.map((group) => {
    const [first] = group.members;
    return { ...group, like: (first && likes.get(first)) ?? "" };
  });
}

/** What the owners of a group are called in this core: as `like`, but with how many they are, or which it is. */
export function nameGroup(heap: HeapNames, owners: Owners, group: OwnerGroup): string {
  const { path, holders } = pathsOf(heap, owners, group);
  return path ?? formatNames(holders ?? []);
}

/** What an owner alone is called in this core: its path, or those of the containers that hold it together. */
export function ownerName(heap: HeapNames, owners: Owners, owner: Owner): string {
  return nameOf(namesOf(heap, owners, owner, plain));
}

export function describeGroup(heap: Heap, owners: Owners, group: OwnerGroup): OwnerDescription {
  const { members } = group;
  const [first] = members;
  // Of what they hold together besides, the type says less.
  const alone = members.filter(({ isSet }) => !isSet);
  const types = new Set((alone.length > 0 ? alone : members).map((owner) => typeOf(heap, owners, owner)));
  const [type = null] = types.size === 1 ? types : [];
  const isOne = members.length === 1 && first?.isSet === false;
  return {
    ...pathsOf(heap, owners, group),
    type,
    address: isOne ? formatAddress(BigInt(heap.addressOf(first.node))) : null,
    length: lengthOf(heap, owners, group),
    folded: members.length === 1 ? null : alone.length || members.length,
  };
}

/** All owners by their paths, and by what they have in common with others. */
export function ownerAmounts(heap: Heap, owners: Owners): Amount[] {
  return owners.rows.map((owner) => {
    const { bytes, count, blockBytes } = owner;
    const length = lengthOf(heap, owners, { members: [owner] });
    const name = nameOf(namesOf(heap, owners, owner, plain));
    if (isUnnamed(name))
      return { name: `${name} ${typeOf(heap, owners, owner)}`, bytes, count, blockBytes, length: 1 };
    return {
      name,
      like: nameOf(namesOf(heap, owners, owner, folded)),
      ...{ bytes, count, blockBytes },
      ...(length === null ? {} : { length }),
    };
  });
}

/** Items of all of them; null where none has any. */
export function lengthOf(
  { lengthOf, labels }: Pick<Heap, "lengthOf" | "labels">,
  { shared }: Owners,
  { members }: Pick<FoldedOwner, "members">,
): number | null {
  let sum: number | null = null;
  for (const { node, set, isSet } of members) {
    const length = isSet && set !== null ? shared.itemsOf(set, isItem(labels)).count : lengthOf(node);
    if (length !== null) sum = (sum ?? 0) + length;
  }
  return sum;
}

function typeOf({ found, labels }: Heap, { shared }: Owners, { node, set, isSet }: Owner): string | null {
  if (set === null || !isSet) return labels.typeName(node);
  const { type } = shared.itemsOf(set, isItem(labels));
  return type === null ? null : (found.types[type]?.name ?? NATIVE);
}

/** A dict's keys, and what else has no name in the source, are no items: `.<key>`. */
const isItem =
  ({ edgeName }: Heap["labels"]) =>
  ({ from, to }: Way): boolean =>
    !edgeName(from, to).startsWith(".<");

/** What an owner is called: its path, and the holders of what is held together. */
interface Names {
  readonly path: string | null;
  readonly holders: readonly string[] | null;
}

const folded = (path: FoldedPath) => path.folded;
const plain = ({ path }: FoldedPath) => path;
const nameOf = ({ path, holders }: Names) => path ?? formatNames(holders ?? []);

function namesOf(heap: HeapNames, owners: Owners, owner: Owner, text: (path: FoldedPath) => string): Names {
  const { set, isSet, node } = owner;
  const pathOf = (of: number) => text(heap.paths.foldedPathOf(of));
  if (set === null) return { path: pathOf(node), holders: null };
  const found = holdersOfSet(heap, owners.shared, set);
  if (isSet) {
    const bases = new Set(found.map(({ holder }) => pathOf(holder)));
    // What like owners hold together is theirs.
    const [only] = bases;
    if (bases.size === 1 && only !== undefined) return { path: only, holders: null };
  }
  const holders = found.map(({ holder, pieces }) => pathOf(holder) + pieces);
  return { path: isSet ? null : pathOf(node), holders: [...new Set(holders)].sort() };
}

function pathsOf(heap: HeapNames, owners: Owners, { members }: FoldedOwner) {
  const [first] = members;
  if (first === undefined) return { path: null, holders: null };
  if (members.length === 1) {
    const { path, holders } = namesOf(heap, owners, first, plain);
    return { path, holders: holders === null ? null : [...holders] };
  }
  const distinct = new Map<string, Names>();
  const whiches = new Map<string, Set<number>>();
  const count = (of: number, pieces = "") => {
    const { folded: name, which } = heap.paths.foldedPathOf(of);
    const known = whiches.get(name + pieces);
    if (which === null) return;
    if (known === undefined) whiches.set(name + pieces, new Set([which]));
    else known.add(which);
  };
  for (const owner of members) {
    const names = namesOf(heap, owners, owner, plain);
    distinct.set(JSON.stringify(names), names);
    if (!owner.isSet) count(owner.node);
    if (owner.set !== null)
      for (const { holder, pieces } of holdersOfSet(heap, owners.shared, owner.set)) {
        count(holder);
        count(holder, pieces);
      }
  }
  const [only] = distinct.values();
  const areSeveral = [...whiches.values()].some(({ size }) => size > 1);
  const { path, holders } =
    distinct.size === 1 && only !== undefined && !areSeveral ? only : namesOf(heap, owners, first, folded);
  const counted = (name: string) => countAlike(name, whiches.get(name)?.size ?? 0);
  return {
    path: path === null ? null : counted(path),
    holders: holders === null ? null : holders.map(counted),
  };
}
