import { GARBAGE } from "../heap/index.ts";
import { formatBytes, formatCount, formatNames } from "../terms/index.ts";
import type { CoreAmounts, ToldSuspect } from "./amounts.ts";
import { compareFindings } from "./findings.ts";
import { STACKS } from "./memory-parts.ts";
import { isUnnamed } from "./owner-groups.ts";
import { NOT_TOLD } from "./patterns/pattern.ts";
import { NATIVE, UNHELD } from "./read-heap.ts";
import type { Finding, Frame, SubjectInput } from "./results/index.ts";
import { inputOf } from "./subject.ts";
import type { Summary } from "./summarized.ts";
import { type HeapBefore, hasGrown, type OwnerBefore, ownersBefore } from "./suspects.ts";

/** What a summary says of leaks; of two, with what grew since the older one. */
export function diagnoseSummary(
  summary: Summary,
  older: { readonly input: SubjectInput; readonly before: HeapBefore } | null,
): Frame<"coregram/diagnose@1"> {
  const { diagnose } = summary.objects;
  if (older === null) return diagnose;
  const grewBytes = diagnose.totals.memoryBytes - older.before.memory;
  return {
    ...diagnose,
    input: { new: inputOf(summary), old: older.input },
    totals: { ...diagnose.totals, grewBytes },
    rows: grownFindings(summary, older.before.owners, grewBytes),
  };
}

/** What later heaps are compared with. */
export function beforeOfSummary(summary: Summary): HeapBefore {
  const { diagnose, baseline } = summary.objects;
  return {
    memory: diagnose.totals.memoryBytes,
    owners: new Map(baseline.map(({ key, bytes, items }) => [key, { bytes, items }])),
  };
}

const MOST_SUSPECTS = 5;

/** What looked like a leak when it was summarized; with the owners of an older core, by what grew since. */
export function suspectsOfSummary(summary: Summary, past: CoreAmounts | null): ToldSuspect[] {
  const { totals, rows } = summary.objects.diagnose;
  const grew = past === null ? null : totals.memoryBytes - past.memory;
  const found = past === null ? rows : grownFindings(summary, ownersBefore(past.amounts), grew);
  return found
    .filter(({ kind, verdict }) => kind === "owner" && verdict !== "biggest")
    .slice(0, MOST_SUSPECTS)
    .map((finding) => toldSuspect(finding, totals.memoryBytes));
}

function toldSuspect(finding: Finding, memoryBytes: number): ToldSuspect {
  const { path, holders, type, bytes, length, verdict, why } = finding;
  const { places, itemBytes, fanOut, grewItems, grewBytes, allocatedAt } = finding;
  const share = ((100 * bytes) / Math.max(1, memoryBytes)).toFixed(1);
  return {
    named: {
      ...{ path, holders, type, bytes, memoryBytes, items: length },
      // What frees it is no suspect.
      verdict: verdict === "not a leak" ? "biggest" : verdict,
      ...{ places, itemBytes, fanOut, grewItems, allocatedAt, grewBytes },
    },
    text: `holds ${share} % of memory (${formatBytes(bytes)}), ${why}`,
  };
}

/** Kinds that are a leak where they are why a process grew. */
const MAY_LEAK: readonly Finding["kind"][] = ["owner", "lost", "interned", "native", "stacks"];

/**
 * Its findings, with what grew since, and what was too small to be one and is why the process grew. Code that adds to what was
 * no finding is not kept.
 */
function grownFindings(
  summary: Summary,
  before: ReadonlyMap<string, OwnerBefore>,
  grew: number | null,
): Finding[] {
  const { diagnose, owners } = summary.objects;
  const now = beforeOfSummary(summary).owners;
  const bound = new Set(owners.rows.filter(({ mostItems }) => mostItems !== null).map(({ key }) => key));
  const growth = (key: string | null) => {
    const amount = key === null ? undefined : now.get(key);
    if (key === null || amount === undefined) return { grewBytes: null, grewItems: null, isGrown: false };
    const old = before.get(key);
    const grewBytes = amount.bytes - (old?.bytes ?? 0);
    return {
      grewBytes,
      grewItems: amount.items === null ? null : amount.items - (old?.items ?? 0),
      isGrown: hasGrown({ grew }, grewBytes) && !bound.has(key),
    };
  };
  const keys = new Map(owners.rows.map(({ path, holders, key }) => [nameOf({ path, holders }), key]));
  const told = new Set<string | null>();
  const findings = diagnose.rows.map((finding): Finding => {
    const key = keyOf(finding, keys);
    told.add(key);
    const { isGrown, ...grown } = growth(key);
    const verdict = isGrown && MAY_LEAK.includes(finding.kind) ? "leak" : finding.verdict;
    return { ...finding, ...grown, verdict, why: [finding.why, ...grewText(grown)].join(", ") };
  });
  for (const owner of owners.rows) {
    const { isGrown, ...grown } = growth(owner.key);
    const { path, holders, type, length, folded } = owner;
    if (!isGrown || told.has(owner.key) || path === GARBAGE || (path !== null && isUnnamed(path))) continue;
    // As of a core, of native memory that has an owner the owner is told.
    if (type === NATIVE && path !== UNHELD) continue;
    told.add(owner.key);
    const kind = path === UNHELD ? "native" : "owner";
    findings.push({
      ...NOT_TOLD,
      ...{ kind, verdict: "leak", path, holders, type, length, folded, ...grown, next: null },
      bytes: owner.retainedBytes + owner.retainedNativeBytes,
      why: [...grewText(grown)].join(", "),
    });
  }
  return findings.sort(compareFindings);
}

function* grewText({ grewBytes, grewItems }: Pick<Finding, "grewBytes" | "grewItems">): Generator<string> {
  if (grewBytes === null || grewBytes <= 0) return;
  const items = grewItems !== null && grewItems > 0 ? `${formatCount(grewItems)} items, ` : "";
  yield `grew by ${items}${formatBytes(grewBytes)}`;
}

const nameOf = ({ path, holders }: Pick<Finding, "path" | "holders">) => path ?? formatNames(holders ?? []);

/** What a finding goes by in every core; null for what is not compared. */
function keyOf(finding: Finding, keys: ReadonlyMap<string, string>): string | null {
  const { kind, path, type } = finding;
  if (kind === "stacks") return STACKS;
  if (kind === "native") return path;
  if (kind === "lost" || kind === "interned") return `${path} ${type ?? ""}`;
  return keys.get(nameOf(finding)) ?? null;
}
