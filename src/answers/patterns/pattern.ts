import { dominatorOf, type Owners } from "../../heap/index.ts";
import { withoutInterpreter } from "../../runtimes/index.ts";
import { formatAddress, Role, shellWord } from "../../terms/index.ts";
import type { OwnerGroup } from "../owner-groups.ts";
import type { Heap } from "../read-heap.ts";
import type { Finding } from "../results/index.ts";
import { coreWord } from "../subject.ts";

/** What patterns are looked for in. */
export interface PatternInput {
  readonly heap: Heap;
  readonly owners: Owners;
  readonly groups: readonly OwnerGroup[];
  readonly parts: {
    /** Bytes of the process's memory, and those that are free. */
    readonly memory: number;
    readonly free: number;
  };
  /** The core, as the next command takes it. */
  readonly core: string;
}

/** One thing that goes wrong in programs, told by its form in memory: a finding for each time that it is large. */
export type Pattern = (input: PatternInput) => Iterable<Finding>;

/** What is told has this share of the process's memory at the least, and is there so often. */
export const LEAST_SHARE = 0.05;
export const LEAST_COUNT = 100;
/** The same share of what is no leak, and would only take less: every program has some. */
export const LEAST_WASTE = 0.1;
/** From here on free memory is what is to be said of a process. */
export const LEAST_FREE = 0.4;
/** Of objects that are alike, so many are looked at for who holds them. */
const MOST_LOOKED_AT = 64;

/** The fields of a finding that it does not tell. */
export const NOT_TOLD = {
  path: null,
  holders: null,
  type: null,
  length: null,
  folded: null,
  grewBytes: null,
  grewItems: null,
  itemBytes: null,
  fanOut: null,
  places: [],
  allocatedAt: null,
} as const satisfies Partial<Finding>;

/** Where objects that are alike are, and the command that shows more. */
export interface Whereabouts {
  /** Of what holds most of them, or of the one that there is. */
  readonly path: string;
  readonly next: string;
}

/** Who holds most of the objects: the container that they are in, or each by itself, items folded where there are several. */
export function whereaboutsOf({ heap, core }: PatternInput, nodes: readonly number[]): Whereabouts | null {
  const places = new Map<string, { count: number; node: number; isOne: boolean }>();
  const step = Math.max(1, Math.floor(nodes.length / MOST_LOOKED_AT));
  for (let index = 0; index < nodes.length; index += step) {
    const node = holderOf(heap, nodes[index] ?? 0);
    const { folded } = heap.paths.foldedPathOf(node);
    const place = places.get(folded) ?? { count: 0, node, isOne: true };
    place.count += 1;
    place.isOne &&= place.node === node;
    places.set(folded, place);
  }
  const [first] = [...places].sort(([, a], [, b]) => b.count - a.count || a.node - b.node);
  if (first === undefined) return null;
  const [folded, { node, isOne }] = first;
  const own = heap.paths.pathOf(node);
  const subject = withoutInterpreter(own).startsWith("<") ? formatAddress(BigInt(heap.addressOf(node))) : own;
  return {
    path: isOne ? own : folded,
    next: `coregram owners ${coreWord(core)} --of ${shellWord(subject)}`,
  };
}

/** What an object is in, where that is a container; else the object. */
function holderOf({ graph, tree }: Heap, node: number): number {
  const above = dominatorOf(tree, node);
  return above !== null && above < graph.objects && graph.roles[above] === Role.items ? above : node;
}
