import { garbageHolds, holdsOf, type Owner, type Owners, type TypeShare } from "../heap/index.ts";
import type { Core } from "../image/index.ts";
import type { TracedMemory } from "../runtimes/index.ts";
import type { Listener } from "../terms/index.ts";
import { tracedOrSay } from "./allocated-at.ts";
import type { Heap } from "./read-heap.ts";
import type { AllocatedLine, AllocatedPlace } from "./results/index.ts";
import { TraceJoin } from "./trace-join.ts";

/** Of a suspect, lines are told until they make up this part of it, and so many at the most. */
const MOST_OF_IT = 0.75;
const MOST_PLACES = 3;

/** The lines that allocated what is held, by what tracemalloc wrote down. */
export class AllocationLines {
  readonly #heap: Heap;
  readonly #join: TraceJoin;

  private constructor(heap: Heap, join: TraceJoin) {
    this.#heap = heap;
    this.#join = join;
  }

  /** Null where nothing was traced. */
  static from(heap: Heap, memory: TracedMemory): AllocationLines | null {
    return memory.blocks === null
      ? null
      : new AllocationLines(heap, new TraceJoin(heap, memory, memory.blocks));
  }

  /** Of what owners keep for themselves, by type, most bytes first. */
  heldBy(members: readonly Owner[], owners: Owners, most: number): AllocatedLine[] {
    return this.#linesOf(holdsOf(this.#join.graph, this.#heap.tree, members, owners), most);
  }

  /** Of garbage. */
  ofGarbage(most: number): AllocatedLine[] {
    return this.#linesOf(garbageHolds(this.#join.graph, this.#heap.tree), most);
  }

  /** Of all objects of a type, by its index, most bytes first. */
  ofTypes(most: number): (type: number) => AllocatedPlace[] {
    const { graph } = this.#heap;
    const sums = new Map<number, Map<number, { bytes: number; count: number }>>();
    for (let node = 0; node < graph.objects; node += 1) {
      const kind = this.#join.graph.types[node] ?? 0;
      const type = graph.types[node] ?? 0;
      const kinds = sums.get(type) ?? new Map<number, { bytes: number; count: number }>();
      sums.set(type, kinds);
      const sum = kinds.get(kind) ?? { bytes: 0, count: 0 };
      sum.bytes += this.#join.graph.sizes[node] ?? 0;
      sum.count += 1;
      kinds.set(kind, sum);
    }
    return (type) => {
      const shares = [...(sums.get(type) ?? [])].map(([kind, sum]) => ({ type: kind, ...sum }));
      shares.sort((a, b) => b.bytes - a.bytes || b.count - a.count);
      return this.#linesOf(shares, most).map(({ type: _, ...place }) => place);
    };
  }

  /**
   * The few lines that allocated most of what owners keep for themselves, whatever the types.
   * @param bytes of it
   */
  mostOf(members: readonly Owner[], owners: Owners, bytes: number): AllocatedPlace[] {
    const places = new Map<string, AllocatedPlace>();
    for (const { file, line, bytes, count } of this.heldBy(members, owners, Number.POSITIVE_INFINITY)) {
      const key = `${file}:${line}`;
      const known = places.get(key);
      places.set(key, {
        ...{ file, line },
        bytes: bytes + (known?.bytes ?? 0),
        count: count + (known?.count ?? 0),
      });
    }
    const told: AllocatedPlace[] = [];
    let sum = 0;
    for (const place of [...places.values()].sort((a, b) => b.bytes - a.bytes || b.count - a.count)) {
      if (told.length === MOST_PLACES || sum >= MOST_OF_IT * bytes) break;
      told.push(place);
      sum += place.bytes;
    }
    return told;
  }

  #linesOf(shares: readonly TypeShare[], most: number): AllocatedLine[] {
    return this.#join
      .rowsOf(shares, null)
      .slice(0, most)
      .map(({ type, file, line, count, bytes }) => ({ type, file, line, count, bytes }));
  }
}

/**
 * The lines of a heap, null where tracemalloc was not tracing.
 * @param root where modules' files are looked for; null for nowhere
 * @throws CoregramError `io` as reading does
 */
export async function linesIfTraced(
  heap: Heap,
  core: Core,
  root: string | null,
  name: string,
  listener: Listener,
): Promise<AllocationLines | null> {
  const memory = await tracedOrSay(core, root, name, listener);
  return memory && AllocationLines.from(heap, memory);
}
