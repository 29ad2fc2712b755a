import { formatBytes, formatCount } from "../../terms/index.ts";
import type { Finding } from "../results/index.ts";
import { coreWord } from "../subject.ts";
import { objectsOf } from "./objects-of.ts";
import { LEAST_WASTE, NOT_TOLD, type PatternInput, whereaboutsOf } from "./pattern.ts";

/** What is in a container that is mostly empty takes less than this part of its tables. */
const MOST_USED = 1 / 8;

/** Smaller ones are looked at up to so many, drawn by their numbers. */
const LARGE = 4096;
const MOST_SMALL = 2 ** 14;

/** Containers that have much more room than items: emptied by hand, or made one for each of many things and hardly used. */
export function* emptyPattern(input: PatternInput): Generator<Finding> {
  const { heap, parts, core } = input;
  const { traits } = heap.references;
  if (traits === null) return;
  const types = new Map<string, { nodes: number[]; count: number; unused: number }>();
  const containers = objectsOf(heap, (type) => traits.isContainer(type));
  const isLarge = (node: number) => (heap.graph.sizes[node] ?? 0) >= LARGE;
  const small = containers.reduce((sum, node) => sum + (isLarge(node) ? 0 : 1), 0);
  const each = Math.max(1, small / MOST_SMALL);
  let [count, unused] = [0, 0];
  for (const node of containers) {
    const stands = isLarge(node) ? 1 : each;
    if ((Math.imul(node, 0x9e3779b1) >>> 0) * stands >= 2 ** 32) continue;
    const { used, bytes } = traits.roomOf(node);
    if (bytes === 0 || used > MOST_USED * bytes) continue;
    count += stands;
    unused += (bytes - used) * stands;
    const name = heap.labels.typeName(node);
    const own = types.get(name) ?? { nodes: [], count: 0, unused: 0 };
    types.set(name, own);
    own.nodes.push(node);
    own.count += stands;
    own.unused += (bytes - used) * stands;
  }
  const [most] = [...types].sort(([a, x], [b, y]) => y.unused - x.unused || (a < b ? -1 : 1));
  if (most === undefined || unused < LEAST_WASTE * parts.memory) return;
  const [name, { nodes, count: ofType, unused: own }] = most;
  const about = each > 1 ? "about " : "";
  const rounded = (number: number) => formatCount(Math.round(number));
  const where = whereaboutsOf(input, nodes);
  yield {
    ...NOT_TOLD,
    kind: "empty",
    verdict: "not a leak",
    type: name,
    length: Math.round(count),
    bytes: Math.round(unused),
    why: `of room that nothing is in: ${about}${rounded(count)} of ${formatCount(containers.length)} containers are less than an eighth full, ${about}${rounded(ofType)} of them ${name} with ${formatBytes(Math.round(own))} unused${where === null ? "" : `, most of these in ${where.path}`}`,
    next: where?.next ?? `coregram types ${coreWord(core)} --containers`,
  };
}
