import { Role } from "../terms/index.ts";
import type { Graph } from "./graph.ts";
import { HeldTogether } from "./held-together.ts";
import { blocksIn, garbagePosition, type Retained, type RetainedTree } from "./retained.ts";

/**
 * An owner: `bytes` and `count` are what it holds less what owners among what it holds have for their own, so that
 * they add up over owners; the retained ones are all that it holds, itself included.
 */
export interface Owner extends Retained {
  /** Of what several hold together, the object at the lowest address. */
  readonly node: number;
  /** The same of blocks that are no objects, which are in neither bytes nor count. */
  readonly blockBytes: number;
  readonly retainedBytes: number;
  readonly retainedCount: number;
  readonly retainedBlockBytes: number;
  /** The number in `Owners.shared` of the containers that hold it together; null where no such containers do. */
  readonly set: number | null;
  /** Whether it is all that these containers hold together, and not the node alone. */
  readonly isSet: boolean;
}

export interface Owners {
  /** Most bytes first, those of blocks among them, then most objects, then by node. */
  readonly rows: readonly Owner[];
  /** What no root reaches; never split up, since nothing in it has a name. */
  readonly garbage: Retained;
  readonly garbageBlockBytes: number;
  /** What is held by owners of less than the least bytes, or by no single object. */
  readonly rest: Retained;
  /** Positions in the tree where an owner starts, pass-throughs and made nodes included, ascending. */
  readonly starts: Uint32Array;
  readonly shared: HeldTogether;
}

/** A structure of this many like levels, one in the other, is recursive: a linked list, a tree. */
const LEVELS = 8;
/** Up to so many nodes make a level (a node, its slot, a tuple …). */
const LONGEST_PERIOD = 4;

/**
 * Picks the objects to name as owners, top down in the dominator tree:
 * - a scope's parts and an instance's attributes are owners each, if they hold `least` bytes: they have names in
 *   the source. So is what no single object holds;
 * - a container's items are not, however many: the container is the owner, being where the memory fans out. Only an
 *   item that holds half of what the container does is an owner too: the container just passes it on;
 * - what has no name of its own (`Role.part`) stands for its holder, blocks of memory that are no objects among it; what
 *   is in those is as a container's items are;
 * - objects that several containers hold together are one owner by the set of these, see `HeldTogether`; a single one is as any
 *   other;
 * - a task is an owner wherever it is and however small: its function's name says more than who keeps it;
 * - a recursive structure is one owner, named at its first node: see LEVELS. Scopes are never recursive.
 * An owner that keeps less than `least` for itself is a mere pass-through: it is no row, and goes to the rest.
 * Rows, garbage and rest sum to the heap. O(nodes), 4 bytes a node.
 * @param least bytes; with 0, every named part of every scope is a row, however small
 */
export function chooseOwners(graph: Graph, tree: RetainedTree, least: number): Owners {
  const { roles } = graph;
  const { order, spans, bytes, parents } = tree;
  const end = garbagePosition(tree);
  const heaviest = heaviestParts(tree);
  const open = new OpenOwners();
  const shared = new HeldTogether(graph, tree);
  const sets = new Map<number, Owner | null>();
  const rows: Owner[] = [];
  const starts: number[] = [];
  let restBytes = 0;
  let restCount = 0;
  const close = () => {
    const owner = open.pop();
    const node = order[owner.position] ?? 0;
    const { bytes: blockBytes } = owner.blocks;
    const objectBytes = owner.bytes - blockBytes;
    const objects = owner.count - owner.blocks.count;
    if (node < tree.nodes && (owner.bytes >= least || roles[node] === Role.task)) {
      const all = blocksIn(tree, owner.position);
      rows.push({
        node,
        bytes: objectBytes,
        count: objects,
        blockBytes,
        retainedBytes: (bytes[owner.position] ?? 0) - all.bytes,
        retainedCount: (spans[owner.position] ?? 0) - all.count,
        retainedBlockBytes: all.bytes,
        set: shared.setAt(owner.position),
        isSet: false,
      });
    } else {
      restBytes += objectBytes;
      // The top and the layers are no objects.
      restCount += objects - (node < tree.nodes ? 0 : 1);
    }
  };
  const garbage = blocksIn(tree, end);
  const all = blocksIn(tree, 0);
  open.push(0, end, (bytes[0] ?? 0) - (bytes[end] ?? 0), end, true, {
    bytes: all.bytes - garbage.bytes,
    count: all.count - garbage.count,
  });
  let position = 1;
  while (position < end) {
    while (position >= open.end) close();
    const node = order[position] ?? 0;
    const span = spans[position] ?? 0;
    const held = bytes[position] ?? 0;
    const made = node >= tree.nodes;
    const role = made ? Role.scope : (roles[node] ?? 0);
    const set = made ? null : shared.setAt(position);
    if (set !== null && shared.headsOf(set).length > 1) {
      // Its heads are all in the same owner, at any depth of parts: the set was looked at with the first.
      if (!sets.has(set)) sets.set(set, ownerOf(shared, tree, set, least));
      if (sets.get(set) !== null) {
        open.take(held, span, blocksIn(tree, position));
        starts.push(position);
        position += span;
        continue;
      }
    }
    const above = order[parents[position] ?? 0] ?? 0;
    // A block that several owners hold has no holder to stand for.
    const isShared = node >= tree.objects && !made && above >= tree.nodes;
    // What is in a block has no name.
    const isNamed = open.named && !(above >= tree.objects && above < tree.nodes);
    if (role === Role.part && !isShared) {
      // Its parts are looked at as its holder's, unless none can be an owner.
      position += held >= least ? 1 : span;
      continue;
    }
    const isOwner = role === Role.task || (held >= least && (isNamed || 2 * held >= open.retained));
    if (!made && !isOwner) {
      position += span;
      continue;
    }
    const blocks = blocksIn(tree, position);
    open.take(held, span, blocks);
    starts.push(position);
    open.push(position, position + span, held, span, role !== Role.items && !isShared, blocks);
    position += !made && isRecursive(graph, tree, heaviest, position) ? span : 1;
  }
  while (open.depth > 0) close();
  for (const owner of sets.values()) if (owner !== null) rows.push(owner);
  const weight = (owner: Owner) => owner.bytes + owner.blockBytes;
  rows.sort((a, b) => weight(b) - weight(a) || b.count - a.count || a.node - b.node);
  return {
    rows,
    garbage: {
      bytes: (bytes[end] ?? 0) - garbage.bytes,
      count: (spans[end] ?? 1) - 1 - garbage.count,
    },
    garbageBlockBytes: garbage.bytes,
    rest: { bytes: restBytes, count: restCount },
    starts: Uint32Array.from(starts),
    shared,
  };
}

// Null where all that the set's heads hold is too little for a row.
function ownerOf(shared: HeldTogether, tree: RetainedTree, set: number, least: number): Owner | null {
  const held = shared.retainedBy(set);
  if (held.bytes < least) return null;
  let blockBytes = 0;
  let blocks = 0;
  // Positions depend on the order of edges.
  let node = Number.POSITIVE_INFINITY;
  for (const head of shared.headsOf(set)) {
    node = Math.min(node, tree.order[head] ?? 0);
    const own = blocksIn(tree, head);
    blockBytes += own.bytes;
    blocks += own.count;
  }
  const [bytes, count] = [held.bytes - blockBytes, held.count - blocks];
  return {
    ...{ node, bytes, count, blockBytes, set, isSet: true },
    ...{ retainedBytes: bytes, retainedCount: count, retainedBlockBytes: blockBytes },
  };
}

// By position, the position of the part that holds most, then has the least node; 0 where there is none.
function heaviestParts(tree: RetainedTree): Uint32Array {
  const { parents, bytes, order } = tree;
  const heaviest = new Uint32Array(order.length);
  for (let position = 1; position < order.length; ++position) {
    const parent = parents[position] ?? 0;
    const other = heaviest[parent] ?? 0;
    const more = (bytes[position] ?? 0) - (other === 0 ? -1 : (bytes[other] ?? 0));
    if (more > 0 || (more === 0 && (order[position] ?? 0) < (order[other] ?? 0))) heaviest[parent] = position;
  }
  return heaviest;
}

// Whether types and roles repeat with a short period on the way down along the heaviest parts.
function isRecursive(graph: Graph, tree: RetainedTree, heaviest: Uint32Array, start: number): boolean {
  const kinds: number[] = [];
  let position = start;
  for (
    let steps = 0;
    steps < 2 * LEVELS * LONGEST_PERIOD && kinds.length <= LEVELS * LONGEST_PERIOD;
    ++steps
  ) {
    const node = tree.order[position] ?? 0;
    const role = graph.roles[node] ?? 0;
    if (role === Role.scope) break;
    if (role !== Role.part) kinds.push((graph.types[node] ?? 0) * 4 + role);
    position = heaviest[position] ?? 0;
    if (position === 0) break;
  }
  for (let period = 1; period <= LONGEST_PERIOD && period * LEVELS < kinds.length; ++period)
    if (repeats(kinds, period, period * LEVELS)) return true;
  return false;
}

function repeats(kinds: readonly number[], period: number, length: number): boolean {
  for (let i = 0; i + period <= length; ++i) if (kinds[i] !== kinds[i + period]) return false;
  return true;
}

interface Open {
  readonly position: number;
  readonly bytes: number;
  readonly count: number;
  readonly blocks: Retained;
}

// Owners around the position that is looked at, outermost first, in columns: there can be as many as objects.
class OpenOwners {
  readonly #positions: number[] = [];
  readonly #ends: number[] = [];
  readonly #bytes: number[] = [];
  readonly #counts: number[] = [];
  readonly #named: boolean[] = [];
  readonly #retained: number[] = [];
  readonly #blockBytes: number[] = [];
  readonly #blockCounts: number[] = [];
  /** Where the innermost ends. */
  end = 0;
  /** What it holds in all. */
  retained = 0;
  /** Whether its parts have names in the source. */
  named = false;

  get depth(): number {
    return this.#positions.length;
  }

  push(position: number, end: number, bytes: number, count: number, named: boolean, blocks: Retained): void {
    this.#positions.push(position);
    this.#ends.push(end);
    this.#bytes.push(bytes);
    this.#counts.push(count);
    this.#named.push(named);
    this.#retained.push(bytes);
    this.#blockBytes.push(blocks.bytes);
    this.#blockCounts.push(blocks.count);
    this.#look();
  }

  /** Takes away from the innermost what an owner in it has for its own. */
  take(bytes: number, count: number, blocks: Retained): void {
    const last = this.depth - 1;
    this.#blockBytes[last] = (this.#blockBytes[last] ?? 0) - blocks.bytes;
    this.#blockCounts[last] = (this.#blockCounts[last] ?? 0) - blocks.count;
    this.#bytes[last] = (this.#bytes[last] ?? 0) - bytes;
    this.#counts[last] = (this.#counts[last] ?? 0) - count;
  }

  pop(): Open {
    const position = this.#positions.pop() ?? 0;
    const bytes = this.#bytes.pop() ?? 0;
    const count = this.#counts.pop() ?? 0;
    const blocks = { bytes: this.#blockBytes.pop() ?? 0, count: this.#blockCounts.pop() ?? 0 };
    this.#ends.pop();
    this.#named.pop();
    this.#retained.pop();
    this.#look();
    return { position, bytes, count, blocks };
  }

  #look(): void {
    const last = this.depth - 1;
    this.end = this.#ends[last] ?? 0;
    this.retained = this.#retained[last] ?? 0;
    this.named = this.#named[last] ?? false;
  }
}
