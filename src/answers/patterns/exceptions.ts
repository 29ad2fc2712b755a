import { retainedTogether } from "../../heap/index.ts";
import type { ObjectTraits } from "../../runtimes/index.ts";
import { formatBytes, formatCount } from "../../terms/index.ts";
import type { Finding } from "../results/index.ts";
import { objectsOf } from "./objects-of.ts";
import { LEAST_COUNT, LEAST_SHARE, NOT_TOLD, type PatternInput, whereaboutsOf } from "./pattern.ts";

/** From here on exceptions are a chain, and not one that was handled while another was. */
const LONG_CHAIN = 16;

/**
 * Exceptions that are kept, and by their tracebacks the frames that they came through, with all variables there; or that keep each
 * other, in a chain that no handler makes.
 */
export function* exceptionsPattern(input: PatternInput): Generator<Finding> {
  const { references, tree, labels } = input.heap;
  const { traits } = references;
  if (traits === null) return;
  const kept = objectsOf(input.heap, (type) => traits.isException(type));
  const withFrames = kept.filter((node) => traits.exceptionOf(node).traceback >= 0);
  const keepFrames = withFrames.length >= LEAST_COUNT;
  const told = keepFrames ? withFrames : kept;
  if (told.length < LEAST_COUNT) return;
  const { bytes } = retainedTogether(tree, told);
  if (bytes < LEAST_SHARE * input.parts.memory) return;
  const { depth, heads } = chainsOf(traits, told);
  if (!keepFrames && depth < LEAST_COUNT) return;
  const where = whereaboutsOf(input, heads.length > 0 ? heads : told);
  const types = new Set(told.map((node) => labels.typeName(node)));
  const [type = null] = types.size === 1 ? types : [];
  const each = formatBytes(Math.round(bytes / told.length));
  const chain =
    depth >= LONG_CHAIN ? `, up to ${formatCount(depth)} one behind the other by __context__` : "";
  yield {
    ...NOT_TOLD,
    kind: "exceptions",
    verdict: "looks like a leak",
    path: where?.path ?? null,
    type,
    length: told.length,
    bytes,
    why: keepFrames
      ? `${formatCount(told.length)} exceptions keep tracebacks, and with them frames and their variables${chain}: ${each} each, which exception.with_traceback(None) or traceback.clear_frames() let go`
      : `${formatCount(told.length)} exceptions without tracebacks${chain}: ${each} each`,
    next: where?.next ?? null,
  };
}

/** How long the longest chain is, and the exceptions that are in no other's: O(exceptions), and no recursion. */
function chainsOf(
  traits: ObjectTraits,
  exceptions: readonly number[],
): { readonly depth: number; readonly heads: number[] } {
  const contexts = new Map(exceptions.map((node) => [node, traits.exceptionOf(node).context]));
  const held = new Set(contexts.values());
  const depths = new Map<number, number>();
  let longest = 0;
  for (const first of exceptions) {
    const way: number[] = [];
    let node = first;
    // What is on the way has 0 until its end was found: a circle ends there.
    for (; contexts.has(node) && !depths.has(node); node = contexts.get(node) ?? -1) {
      depths.set(node, 0);
      way.push(node);
    }
    let depth = depths.get(node) ?? 0;
    for (let step = way.pop(); step !== undefined; step = way.pop()) depths.set(step, ++depth);
    longest = Math.max(longest, depth);
  }
  return { depth: longest, heads: exceptions.filter((node) => !held.has(node)) };
}
