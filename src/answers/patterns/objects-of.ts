import type { Heap } from "../read-heap.ts";

/** Live objects whose types are wanted, by address. */
export function objectsOf({ graph, found }: Heap, isWanted: (type: number) => boolean): number[] {
  const wanted = found.types.map((_, type) => isWanted(type));
  const nodes: number[] = [];
  if (!wanted.includes(true)) return nodes;
  for (let node = 0; node < graph.objects; node += 1) if (wanted[graph.types[node] ?? 0]) nodes.push(node);
  return nodes;
}
