import { dominatorOf, retainedTogether } from "../../heap/index.ts";
import { formatBytes, formatCount, Role } from "../../terms/index.ts";
import type { Finding } from "../results/index.ts";
import { objectsOf } from "./objects-of.ts";
import { LEAST_COUNT, LEAST_SHARE, NOT_TOLD, type PatternInput, whereaboutsOf } from "./pattern.ts";

/** Of what holds a context, so many objects are looked at. */
const MOST_HOLDERS = 16;

/** Contexts that were copied for timers and callbacks, and what has them. Those of tasks are told with the tasks. */
export function* contextsPattern(input: PatternInput): Generator<Finding> {
  const { heap, parts } = input;
  const { traits } = heap.references;
  if (traits === null) return;
  const contexts = objectsOf(heap, (type) => traits.isContext(type));
  if (contexts.length < LEAST_COUNT) return;
  const byType = new Map<string, number[]>();
  for (const context of contexts)
    for (const holder of holdersOf(input, context)) {
      const name = heap.labels.typeName(holder);
      const others = byType.get(name);
      if (others === undefined) byType.set(name, [holder]);
      else others.push(holder);
    }
  for (const [name, holders] of byType) {
    if (holders.length < LEAST_COUNT) continue;
    const { bytes } = retainedTogether(heap.tree, holders);
    if (bytes < LEAST_SHARE * parts.memory) continue;
    const where = whereaboutsOf(input, holders);
    const each = formatBytes(Math.round(bytes / holders.length));
    yield {
      ...NOT_TOLD,
      kind: "contexts",
      verdict: "looks like a leak",
      path: where?.path ?? null,
      type: name,
      length: holders.length,
      bytes,
      why: `${formatCount(holders.length)} of ${name}, each with a context of its own and what it was set to: ${each} each`,
      next: where?.next ?? null,
    };
  }
}

/**
 * Attributes are what has a context for itself; a list of contexts is an owner as any other. The future that a task waits for
 * calls back in the task's context, and is told with it.
 */
function holdersOf({ heap: { graph, tree } }: PatternInput, context: number): number[] {
  const { firsts, ends } = graph.reverse;
  const first = firsts[context] ?? 0;
  return [...ends.subarray(first, Math.min(firsts[context + 1] ?? 0, first + MOST_HOLDERS))].filter(
    (node) => {
      if (node >= graph.objects || graph.roles[node] !== Role.attributes) return false;
      const above = dominatorOf(tree, node);
      return above === null || graph.roles[above] !== Role.task;
    },
  );
}
