import { retainedTogether } from "../../heap/index.ts";
import { formatBytes, formatCount, Role } from "../../terms/index.ts";
import type { Heap } from "../read-heap.ts";
import type { Finding } from "../results/index.ts";
import { objectsOf } from "./objects-of.ts";
import { LEAST_COUNT, LEAST_SHARE, NOT_TOLD, type PatternInput, whereaboutsOf } from "./pattern.ts";

/** Of what holds a context, so many objects are looked at. */
const MOST_HOLDERS = 16;

/** What waits for its time, of asyncio and what stands in for it. */
const TIMER = /\bTimerHandle$/;
/** Of what a timer calls, so many objects are looked at, and what is in each. */
const MOST_CALLED = 8;

/**
 * Contexts that were copied for timers, and what has them. Those of tasks are told with the tasks; what waits for a connection has
 * one as well, and goes with that.
 */
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

/** Timers that have a context; what wakes a task up is told with that. */
function holdersOf({ heap }: PatternInput, context: number): number[] {
  const { graph, labels } = heap;
  const { firsts, ends } = graph.reverse;
  const first = firsts[context] ?? 0;
  return [...ends.subarray(first, Math.min(firsts[context + 1] ?? 0, first + MOST_HOLDERS))].filter(
    (node) => {
      if (node >= graph.objects || graph.roles[node] !== Role.attributes) return false;
      return TIMER.test(labels.typeName(node)) && !wakesTask(heap, node);
    },
  );
}

/** Whether a timer is set to a future that a task waits for: `asyncio.sleep()`. */
function wakesTask({ graph }: Heap, timer: number): boolean {
  const { edges, reverse, roles, objects } = graph;
  const near = ({ firsts, ends }: typeof edges, node: number, most: number) => {
    const first = firsts[node] ?? 0;
    return [...ends.subarray(first, Math.min(firsts[node + 1] ?? 0, first + most))];
  };
  const set = near(edges, timer, MOST_CALLED);
  const called = set.flatMap((node) =>
    node < objects && roles[node] === Role.items ? near(edges, node, MOST_CALLED) : [node],
  );
  return called.some(
    (node) =>
      node < objects && near(reverse, node, MOST_HOLDERS).some((holder) => roles[holder] === Role.task),
  );
}
