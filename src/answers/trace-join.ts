import { chooseOwners, GARBAGE, type Graph, garbageHolds, holdsOf, type TypeShare } from "../heap/index.ts";
import type { TracedBlocks, TracedMemory, TraceFrame } from "../runtimes/index.ts";
import { describeGroup, groupOwners, leastOwner } from "./owner-groups.ts";
import { type Heap, NATIVE } from "./read-heap.ts";
import { compareFrames } from "./trace-statistics.ts";
import { TracedBlockFinder } from "./traced-blocks.ts";

/** What objects of one type were allocated at a line, and who holds them. */
export interface JoinedTrace {
  /** Who holds them; null where that was not asked for, and of what no single owner has. */
  readonly path: string | null;
  /** Null of blocks that are no objects: tables of containers, buffers, what C code has for itself. */
  readonly type: string | null;
  readonly file: string | null;
  readonly line: number;
  /** Of the traced blocks that they lie in. */
  readonly bytes: number;
  readonly count: number;
}

/** Traces and the objects in their blocks. */
export interface JoinedTraces {
  /** The largest first. */
  readonly rows: readonly JoinedTrace[];
  /** Live objects that were not traced: allocated before, or static. */
  readonly untraced: { readonly count: number; readonly bytes: number };
}

/**
 * Joins what tracemalloc wrote down with the objects that lie in the blocks, by type and line, and by owner where asked for:
 * each traced block counts once, so that all rows add up to what was traced.
 */
export function joinTraces(
  heap: Heap,
  memory: TracedMemory,
  blocks: TracedBlocks,
  byOwner: boolean,
): JoinedTraces {
  const join = new TraceJoin(heap, memory, blocks);
  const rows = byOwner ? ownerRows(heap, join) : join.rowsOf(join.all(), null);
  return { rows: [...rows, ...join.rowsOf(join.others(), null)].sort(compareRows), untraced: join.untraced };
}

function compareRows(a: JoinedTrace, b: JoinedTrace): number {
  return (
    b.bytes - a.bytes ||
    b.count - a.count ||
    compareFrames([a], [b]) ||
    compareNames(a.type, b.type) ||
    compareNames(a.path, b.path)
  );
}

function compareNames(a: string | null, b: string | null): number {
  const [first, second] = [a ?? "", b ?? ""];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** What each owner keeps for itself, garbage, and what is too small for a row of its own or held by no single object. */
function ownerRows(heap: Heap, join: TraceJoin): JoinedTrace[] {
  const { tree } = heap;
  const owners = chooseOwners(heap.graph, tree, leastOwner(tree));
  const rows: JoinedTrace[] = [];
  const rest = new Map(join.all().map((share) => [share.type, { ...share }]));
  const take = (shares: readonly TypeShare[], path: string) => {
    const own = shares.filter(({ type }) => type !== UNTRACED);
    for (const { type, bytes, count } of own) {
      const left = rest.get(type);
      if (left !== undefined) rest.set(type, { type, bytes: left.bytes - bytes, count: left.count - count });
    }
    rows.push(...join.rowsOf(own, path));
  };
  for (const group of groupOwners(heap, owners)) {
    const { path, holders } = describeGroup(heap, owners, group);
    take(holdsOf(join.graph, tree, group.members, owners), path ?? (holders ?? []).join(", "));
  }
  take(garbageHolds(join.graph, tree), GARBAGE);
  return [
    ...rows,
    ...join.rowsOf(
      [...rest.values()].filter(({ count }) => count > 0),
      null,
    ),
  ];
}

/** The kind of nodes that were not traced. */
const UNTRACED = 0;

/** A type and the line that allocated. */
interface Kind {
  readonly type: string | null;
  readonly frame: TraceFrame;
}

/** Nodes of the heap by type and line. */
export class TraceJoin {
  /** The heap's graph, with kinds for types, and bytes of blocks for sizes. */
  readonly graph: Graph;
  readonly untraced: { count: number; bytes: number } = { count: 0, bytes: 0 };
  readonly #kinds: (Kind | null)[] = [null];
  readonly #numbers = new Map<TraceFrame, Map<string | null, number>>();
  readonly #sums: TypeShare[];
  readonly #others: TypeShare[];

  constructor(heap: Heap, memory: TracedMemory, blocks: TracedBlocks) {
    const { graph } = heap;
    const kinds = new Uint32Array(graph.nodes);
    const sizes = new Float64Array(graph.nodes);
    const frames = memory.tracebacks.map((traceback) => traceback.frames[0] ?? UNREAD);
    const frameOf = (block: number) => frames[blocks.tracebacks[block] ?? 0] ?? UNREAD;
    const finder = new TracedBlockFinder(blocks);
    const isTaken = new Uint8Array(blocks.starts.length);
    for (let node = 0; node < graph.nodes; node += 1) {
      const block = finder.find(heap.addressOf(node));
      const isObject = node < graph.objects;
      if (block < 0 || isTaken[block] === 1) {
        if (isObject && block < 0) {
          this.untraced.count += 1;
          this.untraced.bytes += graph.sizes[node] ?? 0;
        }
        continue;
      }
      isTaken[block] = 1;
      const type = isObject ? (heap.found.types[graph.types[node] ?? 0]?.name ?? null) : NATIVE;
      kinds[node] = this.#numberOf(type, frameOf(block));
      sizes[node] = blocks.bytes[block] ?? 0;
    }
    this.#sums = this.#addUp(kinds, (node) => sizes[node] ?? 0);
    const others = new Uint32Array(blocks.starts.length);
    for (let block = 0; block < others.length; block += 1)
      if (isTaken[block] === 0) others[block] = this.#numberOf(null, frameOf(block));
    this.#others = this.#addUp(others, (block) => blocks.bytes[block] ?? 0);
    this.graph = { ...graph, types: kinds, sizes, typeCount: this.#kinds.length };
  }

  /** Traced objects and blocks that the heap's objects hold. */
  all(): readonly TypeShare[] {
    return this.#sums;
  }

  /** Traced blocks that are a part of objects, or that nothing found holds. */
  others(): readonly TypeShare[] {
    return this.#others;
  }

  rowsOf(shares: readonly TypeShare[], path: string | null): JoinedTrace[] {
    return shares.flatMap(({ type, bytes, count }) => {
      const kind = this.#kinds[type];
      return kind ? [{ path, type: kind.type, ...kind.frame, bytes, count }] : [];
    });
  }

  #numberOf(type: string | null, frame: TraceFrame): number {
    let types = this.#numbers.get(frame);
    if (types === undefined) {
      types = new Map();
      this.#numbers.set(frame, types);
    }
    let number = types.get(type);
    if (number === undefined) {
      number = this.#kinds.length;
      this.#kinds.push({ type, frame });
      types.set(type, number);
    }
    return number;
  }

  #addUp(kinds: Uint32Array, bytesOf: (index: number) => number): TypeShare[] {
    const bytes = new Float64Array(this.#kinds.length);
    const counts = new Float64Array(this.#kinds.length);
    kinds.forEach((kind, index) => {
      bytes[kind] = (bytes[kind] ?? 0) + bytesOf(index);
      counts[kind] = (counts[kind] ?? 0) + 1;
    });
    return this.#kinds.flatMap((kind, type) => {
      const count = counts[type] ?? 0;
      return kind === null || count === 0 ? [] : [{ type, bytes: bytes[type] ?? 0, count }];
    });
  }
}

const UNREAD: TraceFrame = { file: null, line: 0 };
