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

/** Findings with what patterns say: an owner of which one says more is told by that, with its own evidence besides. */
export function withPatterns(input: PatternInput, owners: readonly Finding[]): Finding[] {
  const told = new Map<string, Finding>();
  const unnamed: Finding[] = [];
  for (const finding of PATTERNS.flatMap((find) => [...find(input)])) {
    if (finding.path === null) unnamed.push(finding);
    else if (!told.has(finding.path)) told.set(finding.path, finding);
  }
  const rest: Finding[] = [];
  for (const owner of owners) {
    const same = owner.path === null ? undefined : told.get(owner.path);
    if (owner.path === null || same === undefined) rest.push(owner);
    else
      told.set(owner.path, {
        ...same,
        verdict: owner.verdict === "leak" ? owner.verdict : same.verdict,
        bytes: Math.max(same.bytes, owner.bytes),
        folded: owner.folded,
        grewBytes: owner.grewBytes,
        grewItems: owner.grewItems,
        itemBytes: owner.itemBytes,
        fanOut: owner.fanOut,
        places: owner.places,
        why: owner.why === "" ? same.why : `${same.why}; ${owner.why}`,
      });
  }
  return [...told.values(), ...unnamed, ...rest];
}
