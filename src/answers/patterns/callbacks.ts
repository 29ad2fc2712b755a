import type { ObjectTraits } from "../../runtimes/index.ts";
import { formatBytes, formatCount, Role, shellWord } from "../../terms/index.ts";
import { describeGroup } from "../owner-groups.ts";
import type { Heap } from "../read-heap.ts";
import type { Finding } from "../results/index.ts";
import { coreWord } from "../subject.ts";
import { LEAST_COUNT, LEAST_SHARE, NOT_TOLD, type PatternInput } from "./pattern.ts";

/** Of a container's items so many are looked at, and of what an item is made of. */
const MOST_ITEMS = 256;
const MOST_PARTS = 4;
/** A program has a table of some handlers; from here on they pile up. */
const LEAST_PILED = 1000;
/** This part of what it holds is to be called: of a dict, keys are half. */
const LEAST_PART = 0.4;

/** Containers of functions and handlers that pile up: listeners that nobody takes off again. */
export function* callbacksPattern({ heap, owners, groups, parts, core }: PatternInput): Generator<Finding> {
  const { traits } = heap.references;
  if (traits === null) return;
  for (const group of groups) {
    // They come by what they have for themselves.
    if (group.bytes + group.blockBytes < LEAST_SHARE * parts.memory) return;
    const [first] = group.members;
    if (first === undefined || first.isSet || heap.graph.roles[first.node] !== Role.items) continue;
    // The last few that were called.
    if (traits.mostItems(first.node) !== null) continue;
    const { path, type, length } = describeGroup(heap, owners, group);
    if (path === null || length === null || length < LEAST_COUNT || !holdsCallbacks(heap, traits, first.node))
      continue;
    const bytes = group.retainedBytes + group.retainedBlockBytes;
    const each = formatBytes(Math.round(bytes / length));
    yield {
      ...NOT_TOLD,
      kind: "callbacks",
      verdict: length < LEAST_PILED ? "biggest" : "looks like a leak",
      path,
      type,
      length,
      bytes,
      why: `${formatCount(length)} functions or handlers of ${each} each, with what they keep`,
      next: `coregram owners ${coreWord(core)} --of ${shellWord(path)}`,
    };
  }
}

function holdsCallbacks({ graph }: Heap, traits: ObjectTraits, container: number): boolean {
  const { firsts, ends } = graph.edges;
  const held = (node: number, most: number) => {
    const first = firsts[node] ?? 0;
    return [...ends.subarray(first, Math.min(firsts[node + 1] ?? 0, first + most))].filter(
      (other) => other < graph.objects,
    );
  };
  const isCallback = (node: number) => traits.isCallback(graph.types[node] ?? 0);
  const items = held(container, MOST_ITEMS);
  // A callback and its arguments, or its context, make a tuple.
  const called = items.filter(
    (item) =>
      isCallback(item) || (graph.roles[item] === Role.items && held(item, MOST_PARTS).some(isCallback)),
  );
  return called.length >= LEAST_PART * items.length && items.length > 0;
}
