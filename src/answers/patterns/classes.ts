import { retainedTogether } from "../../heap/index.ts";
import { formatBytes, formatCount } from "../../terms/index.ts";
import type { Finding } from "../results/index.ts";
import { LEAST_COUNT, LEAST_SHARE, NOT_TOLD, type PatternInput, whereaboutsOf } from "./pattern.ts";

/** Classes that are made again and again: many of one name. */
export function* classesPattern(input: PatternInput): Generator<Finding> {
  const { found, references, tree } = input.heap;
  const named = new Map<string, number[]>();
  for (const { name, address } of found.types) {
    const node = references.objects.find(address);
    const others = named.get(name);
    if (node < 0) continue;
    if (others === undefined) named.set(name, [node]);
    else others.push(node);
  }
  for (const [name, nodes] of named) {
    if (nodes.length < LEAST_COUNT) continue;
    const { bytes } = retainedTogether(tree, nodes);
    if (bytes < LEAST_SHARE * input.parts.memory) continue;
    const where = whereaboutsOf(input, nodes);
    const each = formatBytes(Math.round(bytes / nodes.length));
    yield {
      ...NOT_TOLD,
      kind: "classes",
      verdict: "looks like a leak",
      path: where?.path ?? null,
      type: name,
      length: nodes.length,
      bytes,
      why: `${formatCount(nodes.length)} classes called ${name}, ${each} each: made again and again, where one would do`,
      next: where?.next ?? null,
    };
  }
}
