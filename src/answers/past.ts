import { chooseOwners, type Owners } from "../heap/index.ts";
import { byKey, type Listener } from "../terms/index.ts";
import type { AllocationLines } from "./allocation-lines.ts";
import { amountsOfHeap, type CoreAmounts, suspectsSince } from "./amounts.ts";
import { heapBefore } from "./diagnose.ts";
import { compareCores, foldCores } from "./diff.ts";
import { processBytes } from "./memory-parts.ts";
import type { Heap } from "./read-heap.ts";
import type { Frame, SubjectInput } from "./results/index.ts";
import { amountsOfSummary, type Summary } from "./summarized.ts";
import { beforeOfSummary } from "./summary-findings.ts";
import type { HeapBefore } from "./suspects.ts";

/** What is told the growth of. */
const GROWN = [{ key: "owner" }, { key: "type" }, { key: "balance" }] as const;
export type Grown = (typeof GROWN)[number]["key"];

/** Of two cores what changed, of more their course. */
export type Growth = Frame<"coregram/diff@1"> | Frame<"coregram/trend@1">;

/** What is kept of a heap, for others to be compared with. */
export interface Past {
  readonly amounts: { readonly [Of in Grown]: CoreAmounts };
  readonly before: HeapBefore;
}

export function readPast(heap: Heap): Past {
  return { amounts: amountsOf(heap, allOwners(heap)), before: heapBefore(heap) };
}

/** The same of a summary. */
export function pastOfSummary(summary: Summary, listener: Listener): Past {
  const amounts = (by: "owner" | "type" | "balance") => amountsOfSummary(summary, by, new Map(), listener);
  return {
    amounts: { owner: amounts("owner"), type: amounts("type"), balance: amounts("balance") },
    before: beforeOfSummary(summary),
  };
}

/**
 * What is compared of the newest heap: its suspects too, and by how much they grew since the oldest.
 * @param lines those that allocated, where that was traced
 */
export function newestAmounts(heap: Heap, oldest: Past, lines: AllocationLines | null): Past["amounts"] {
  const owners = allOwners(heap);
  const { owner, type, balance } = amountsOf(heap, owners);
  return {
    owner: { ...owner, suspects: suspectsSince(heap, owners, oldest.amounts.owner, lines) },
    type: { ...type, suspects: suspectsSince(heap, owners, null, lines) },
    balance,
  };
}

const allOwners = ({ graph, tree }: Heap) => chooseOwners(graph, tree, 0);

function amountsOf(heap: Heap, owners: Owners): Past["amounts"] {
  const rest = {
    balance: heap.found.balance.parts,
    memory: processBytes(heap.found),
    leftOutBytes: 0,
    suspects: null,
    addressed: null,
    typeNames: new Map<number, string>(),
  };
  return byKey(GROWN, ({ key }) => ({ ...rest, amounts: amountsOfHeap(heap, owners, key) }));
}

/** What became of the amounts of heaps, the oldest first. */
export function growthOf(
  inputs: readonly SubjectInput[],
  cores: readonly Past["amounts"][],
  options: { readonly limit: number; readonly sameProcess: boolean },
): { readonly [Of in Grown]: Growth } {
  return byKey(GROWN, ({ key: by }) =>
    compareCores(inputs, foldCores(cores.map((core) => core[by])), { ...options, by }),
  );
}
