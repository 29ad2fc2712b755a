import type { Graph } from "./graph.ts";
import type { Labels } from "./labels.ts";
import type { Paths } from "./paths.ts";
import { Ways } from "./ways.ts";

/** Objects of one type that are held in the same way. */
export interface Holders {
  /** Where they are, items folded: `app.Profiler.results[*][0]`; or by the type that holds them, see `byType`. */
  readonly path: string;
  /** Whether these are many small groups as one, `<code>.co_consts`: in a part of any object of that type. */
  readonly byType: boolean;
  readonly count: number;
  /** Of these objects alone, not of what they hold. */
  readonly bytes: number;
  /** One of them: at the lowest address. */
  readonly example: number;
}

export interface HoldersAnswer {
  /** Most bytes first, then most objects, then by path. Sum to all objects of the type. */
  readonly rows: readonly Holders[];
  readonly count: number;
  readonly bytes: number;
}

/** A group of less than a hundredth of the objects says little: it is put together with others by its holder's type. */
const LEAST_SHARE = 0.01;
/**
 * Who holds the objects of a type, each by one of its shortest paths, in groups of the same folded path. O(nodes),
 * 4 bytes a node; the names asked for and the groups are bounded.
 */
export function holdersOfType(graph: Graph, paths: Paths, labels: Labels, type: number): HoldersAnswer {
  const ways = new Ways(graph, paths, labels);
  const groups = new Map<number, { count: number; bytes: number; example: number }>();
  let count = 0;
  let bytes = 0;
  for (let node = 0; node < graph.nodes; ++node) {
    if (graph.types[node] !== type) continue;
    const way = ways.of(node);
    const size = graph.sizes[node] ?? 0;
    const group = groups.get(way);
    if (group === undefined) groups.set(way, { count: 1, bytes: size, example: node });
    else {
      ++group.count;
      group.bytes += size;
    }
    ++count;
    bytes += size;
  }
  const rows = new Map<string, Holders>();
  for (const [way, group] of groups) {
    const byType = group.count < LEAST_SHARE * count;
    const path = byType ? ways.byType(group.example) : ways.text(way);
    const key = `${byType} ${path}`;
    const other = rows.get(key);
    rows.set(key, {
      path,
      byType,
      count: group.count + (other?.count ?? 0),
      bytes: group.bytes + (other?.bytes ?? 0),
      example: Math.min(group.example, other?.example ?? group.example),
    });
  }
  const sorted = [...rows.values()].sort(
    (a, b) =>
      b.bytes - a.bytes ||
      b.count - a.count ||
      (a.path < b.path ? -1 : a.path > b.path ? 1 : Number(a.byType) - Number(b.byType)),
  );
  return { rows: sorted, count, bytes };
}
