import type { Finding } from "../results/index.ts";
import { cachesPattern } from "./caches.ts";
import { callbacksPattern } from "./callbacks.ts";
import { classesPattern } from "./classes.ts";
import { contextsPattern } from "./contexts.ts";
import { duplicatesPattern } from "./duplicates.ts";
import { emptyPattern } from "./empty.ts";
import { exceptionsPattern } from "./exceptions.ts";
import { garbagePattern } from "./garbage.ts";
import type { Pattern, PatternInput } from "./pattern.ts";
import { stuckPattern } from "./stuck.ts";

/** All that are looked for; of two that say the same of one owner, the first is told. */
const PATTERNS: readonly Pattern[] = [
  garbagePattern,
  cachesPattern,
  exceptionsPattern,
  classesPattern,
  contextsPattern,
  callbacksPattern,
  duplicatesPattern,
  emptyPattern,
  stuckPattern,
];

/** A pattern of which an owner has this part is what that owner is. */
const MOST_OF_OWNER = 0.5;
/** A variable of what runs now, or waits: gone when that returns. */
const LOCAL = /^<(thread|stack|task|coroutine)s? in |^<(thread|stack|task|coroutine) /;

/**
 * Findings with what patterns say: an owner of which one says more is told by that, with its own evidence besides. What lies
 * in an owner is no finding of its own, as its bytes are the owner's: the smaller part is told with it.
 */
export function withPatterns(input: PatternInput, owners: readonly Finding[]): Finding[] {
  const told = new Map<string, Finding>();
  const unnamed: Finding[] = [];
  for (const found of PATTERNS.flatMap((find) => [...find(input)])) {
    const isLocal = found.verdict === "looks like a leak" && LOCAL.test(found.path ?? "");
    const finding: Finding = isLocal ? { ...found, verdict: "biggest" } : found;
    const path = finding.path === null ? null : (ownerOf(owners, finding)?.path ?? finding.path);
    if (path === null) unnamed.push(finding);
    else if (!told.has(path)) told.set(path, finding);
  }
  const rest: Finding[] = [];
  for (const owner of owners) {
    const path = owner.path === null ? null : told.has(owner.path) ? owner.path : patternAround(told, owner);
    const found = path === null ? undefined : told.get(path);
    if (path === null || found === undefined) rest.push(owner);
    else told.set(path, joined(owner, found, path));
  }
  return [...told.values(), ...unnamed, ...rest];
}

/** The owner that has what a pattern was found in, by its path: that itself, or a container; of several, the nearest. */
function ownerOf(owners: readonly Finding[], { path, bytes }: Finding): Finding | undefined {
  const around = owners.filter(
    (owner) =>
      owner.path !== null &&
      path !== null &&
      (path === owner.path ||
        (owner.length !== null && bytes <= owner.bytes && /^[.[]/.test(restOf(path, owner.path) ?? ""))),
  );
  return around.sort((a, b) => (b.path?.length ?? 0) - (a.path?.length ?? 0))[0];
}

/** Where a pattern was found that is little else than the owner in it: a cached function is told, and not its cache again. */
function patternAround(told: ReadonlyMap<string, Finding>, { path, bytes }: Finding): string | null {
  for (const [around, found] of told)
    if (
      path !== null &&
      /^[.[]/.test(restOf(path, around) ?? "") &&
      bytes <= found.bytes &&
      bytes >= MOST_OF_OWNER * found.bytes
    )
      return around;
  return null;
}

/** What follows the owner's path; null where the path is none of what it holds. */
function restOf(path: string, owner: string): string | null {
  return path.startsWith(owner) ? path.slice(owner.length) : null;
}

/**
 * Whether an owner's verdict stands, whatever a pattern in it says: by growth, by code that may bound it, by the function that it
 * is a variable of. Of callbacks, the code that adds them tells whether they pile up.
 */
function decidesItself({ verdict, path, places }: Finding, found: Finding): boolean {
  if (verdict === "leak" || found.verdict !== "looks like a leak" || LOCAL.test(path ?? "")) return true;
  const mayBound = places.some(({ removes, replaces, mayRemove }) => (removes && !replaces) || mayRemove);
  return mayBound || (found.kind === "callbacks" && places.some(({ adds }) => adds));
}

/** @param path of which of them what is told goes by */
function joined(owner: Finding, found: Finding, path: string): Finding {
  const why = [found.why, owner.why].filter((text) => text !== "");
  if (found.path !== owner.path && found.bytes < MOST_OF_OWNER * owner.bytes)
    return { ...owner, why: [...why].reverse().join("; in it ") };
  return {
    ...found,
    path,
    verdict: decidesItself(owner, found) ? owner.verdict : found.verdict,
    bytes: Math.max(found.bytes, owner.bytes),
    folded: owner.folded,
    grewBytes: owner.grewBytes,
    grewItems: owner.grewItems,
    itemBytes: owner.itemBytes,
    fanOut: owner.fanOut,
    places: owner.places,
    allocatedAt: owner.allocatedAt,
    why: why.join("; "),
    next: owner.next ?? found.next,
  };
}
