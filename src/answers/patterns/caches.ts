import { retainedTogether } from "../../heap/index.ts";
import { formatBytes, formatCount } from "../../terms/index.ts";
import type { Finding } from "../results/index.ts";
import { objectsOf } from "./objects-of.ts";
import { LEAST_COUNT, LEAST_SHARE, NOT_TOLD, type PatternInput, whereaboutsOf } from "./pattern.ts";

/** Caches of functions' results that have no bound: functools.cache, functools.lru_cache(maxsize=None). */
export function* cachesPattern(input: PatternInput): Generator<Finding> {
  const { found, references, tree } = input.heap;
  const { traits } = references;
  if (traits === null) return;
  const caches = objectsOf(input.heap, (type) => /\b_lru_cache_wrapper$/.test(found.types[type]?.name ?? ""));
  const unbound = caches.flatMap((node) => {
    const cache = traits.cacheOf(node);
    return cache === null || Number.isFinite(cache.limit) ? [] : [{ node, length: cache.length }];
  });
  const { bytes } = retainedTogether(
    tree,
    unbound.map(({ node }) => node),
  );
  const length = unbound.reduce((sum, cache) => sum + cache.length, 0);
  if (bytes < LEAST_SHARE * input.parts.memory || length < LEAST_COUNT) return;
  unbound.sort((a, b) => b.length - a.length || a.node - b.node);
  const [largest] = unbound;
  const where = largest === undefined ? null : whereaboutsOf(input, [largest.node]);
  const others = unbound.filter(({ length: own }) => own > 0).length - 1;
  const more = others > 0 ? `, ${formatCount(others)} more like it among them` : "";
  yield {
    ...NOT_TOLD,
    kind: "cache",
    verdict: "looks like a leak",
    path: where?.path ?? null,
    type: largest === undefined ? null : input.heap.labels.typeName(largest.node),
    length,
    bytes,
    why: `${formatCount(length)} results of ${formatBytes(Math.round(bytes / length))} in a cache of a function that has no bound (maxsize=None)${more}`,
    next: where?.next ?? null,
  };
}
