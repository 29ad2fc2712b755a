import { addedUp, chooseOwners, foldAlike } from "../heap/index.ts";
import { identifyTarget, type Target, type TargetContents } from "../image/index.ts";
import { CoregramError, type Listener, type NoteEvent, type WarningEvent } from "../terms/index.ts";
import { linesIfTraced } from "./allocation-lines.ts";
import { amountsOfHeap } from "./amounts.ts";
import { diagnoseFrame, heapBefore } from "./diagnose.ts";
import { withHeap } from "./heap.ts";
import { answerInfo } from "./info.ts";
import { type ModuleOptions, type ResourceOptions, rootOf } from "./options.ts";
import { orNone } from "./or-none.ts";
import { ownerRows, ownersTotals } from "./owners.ts";
import type { Heap } from "./read-heap.ts";
import type { Frame, OwnersTotals, SummaryRow } from "./results/index.ts";
import { stacksFrame } from "./stacks.ts";
import { inputOf, requireElfCore } from "./subject.ts";
import { answerTraces } from "./traces.ts";
import { typesFrame } from "./types.ts";
import { type Occurrences, occurrencesIn } from "./unnamed.ts";
import { type WordsOptions, wordsFrame } from "./words.ts";

export interface SummaryOptions extends ModuleOptions, ResourceOptions {
  /** When a process was read, in ISO 8601; of a core it is when the file was written last. */
  readonly time?: string | undefined;
  /** What it is kept under. */
  readonly tags?: SummaryRow["tags"] | undefined;
  /** As of `answerWords`. */
  readonly only?: WordsOptions["only"];
}

/** What is kept of each answer: some hundred kilobytes, whatever the core's size. */
const SUMMARY_ROWS = {
  words: { limit: 1000 },
  types: { limit: 10_000 },
  owners: { limit: 2000, holds: 5 },
  traces: { by: "line", limit: 2000 },
  stacks: { locals: false, unfold: false, paths: true },
  diagnose: { limit: Number.POSITIVE_INFINITY },
} as const;

/** Owners that later cores are compared with. */
const MOST_COMPARED = 2000;

/** What is kept of objects, where they can be read. */
export type OfObjects = Pick<
  SummaryRow,
  "diagnose" | "types" | "owners" | "stacks" | "amounts" | "restAmounts" | "leastAmount" | "baseline"
>;

/**
 * A core's answers as one row, to be put with those of others: the heap is read once for all of it. No values of the process
 * are in it. Of what has no objects that can be read, its words and what it says of itself.
 * @throws CoregramError `io` or `changed` where the target cannot be read, `limit` where memory runs out, `format` where it
 * is empty
 */
export async function answerSummary(
  target: Target,
  options: SummaryOptions = {},
  listener: Listener = () => {},
): Promise<SummaryRow> {
  const remarks: (NoteEvent | WarningEvent)[] = [];
  const hear: Listener = (event) => {
    if (event.kind !== "progress") remarks.push(event);
    listener(event);
  };
  const info = await answerInfo(target, options);
  const words = await wordsFrame(target, { ...options, ...SUMMARY_ROWS.words }, hear);
  const { objects, unread } = await readObjects(target, options, hear);
  return summaryOf(target, { info, words, objects, unread }, remarks, options, hear);
}

/** What a summary is made of. */
interface Parts {
  readonly info: Frame<"coregram/info@1">;
  readonly words: Frame<"coregram/words@1">;
  readonly objects: OfObjects;
  readonly unread: string | null;
}

/** The row of what was read. */
export async function summaryOf(
  target: Target,
  { info, words, objects, unread }: Parts,
  remarks: readonly (NoteEvent | WarningEvent)[],
  options: SummaryOptions,
  listener: Listener,
): Promise<SummaryRow> {
  const { time, randomDigest } = await identifyTarget(target);
  const traces = await orNone(() => answerTraces(target, { ...options, ...SUMMARY_ROWS.traces }, listener));
  return {
    subject: inputOf(target),
    time: time ?? options.time ?? null,
    tags: options.tags ?? [],
    randomDigest,
    info: { totals: info.totals, rows: info.rows },
    words: { totals: words.totals, rows: words.rows },
    unread,
    ...objects,
    traces: traces && { totals: traces.totals, rows: traces.rows },
    remarks: remarks.map(({ kind, text }) => ({ kind, text })),
  };
}

async function readObjects(
  target: Target,
  options: SummaryOptions,
  listener: Listener,
): Promise<{ readonly objects: OfObjects; readonly unread: string | null }> {
  try {
    const objects = await withHeap(
      target,
      { ...options, arenas: true },
      listener,
      async (heap, totals, lent) => {
        const occurrences = occurrencesIn(lent, options, listener);
        const lines = await linesIfTraced(heap, requireElfCore(lent), rootOf(options), target.name, listener);
        const diagnosed = { newer: target, older: null, before: null, lines };
        const { diagnose: rows } = SUMMARY_ROWS;
        const diagnose = await diagnoseFrame(diagnosed, heap, totals, lent, occurrences, rows);
        const stacks = await stacksOf(target, lent, heap, options, listener);
        return objectsOf(target, lent, heap, totals, { diagnose, stacks, occurrences });
      },
    );
    return { objects, unread: null };
  } catch (error) {
    if (!(error instanceof CoregramError) || error.code !== "format") throw error;
    const stacks = await target.ask((lent) => stacksOf(target, lent, null, options, listener));
    return { objects: { ...NO_OBJECTS, stacks }, unread: error.message };
  }
}

/** What is kept of a heap. */
export async function objectsOf(
  target: Target,
  { image }: TargetContents,
  heap: Heap,
  totals: OwnersTotals,
  read: {
    readonly diagnose: Frame<"coregram/diagnose@1">;
    readonly stacks: SummaryRow["stacks"];
    readonly occurrences: Occurrences;
  },
): Promise<OfObjects> {
  const { diagnose, stacks, occurrences } = read;
  const types = typesFrame(target, heap.found, image, SUMMARY_ROWS.types);
  const rows = await ownerRows(heap, SUMMARY_ROWS.owners, occurrences, null);
  return {
    diagnose: { totals: diagnose.totals, rows: diagnose.rows },
    types: { totals: types.totals, rows: types.rows },
    owners: { totals: ownersTotals(totals, rows), rows },
    stacks,
    ...comparedOf(heap),
  };
}

/** What is kept of what has none. */
export const NO_OBJECTS = {
  diagnose: null,
  types: null,
  owners: null,
  amounts: null,
  restAmounts: null,
  leastAmount: null,
  baseline: null,
} as const;

/** Stacks without variables. */
export async function stacksOf(
  target: Target,
  contents: TargetContents,
  heap: Heap | null,
  options: SummaryOptions,
  listener: Listener,
): Promise<SummaryRow["stacks"]> {
  const asked = { ...options, ...SUMMARY_ROWS.stacks, paths: heap !== null };
  const stacks = await orNone(() => stacksFrame(target, contents, heap, asked, listener));
  return stacks && { totals: stacks.totals, rows: stacks.rows };
}

/** What later cores are compared with: owners as they are compared by diff, and by diagnose. */
function comparedOf(heap: Heap): Pick<OfObjects, "amounts" | "restAmounts" | "leastAmount" | "baseline"> {
  const owners = chooseOwners(heap.graph, heap.tree, 0);
  // What is alike is one there as well, and so is not cut apart.
  const [folded = []] = foldAlike([amountsOfHeap(heap, owners, "owner")]);
  const likes = new Map(folded.map(({ name, like = null }) => [name, like]));
  const amounts = [...addedUp(folded).values()]
    .map(({ name, count, bytes, blockBytes = null, length = null }) => ({
      ...{ name, key: likes.get(name) ?? null, count, bytes, nativeBytes: blockBytes, length },
    }))
    .sort((a, b) => allBytes(b) - allBytes(a) || (a.name < b.name ? -1 : 1));
  const [next] = amounts.slice(MOST_COMPARED);
  return {
    amounts: amounts.slice(0, MOST_COMPARED),
    restAmounts: Math.max(0, amounts.length - MOST_COMPARED),
    leastAmount: next === undefined ? 0 : allBytes(next),
    baseline: [...heapBefore(heap, owners).owners]
      .map(([key, { bytes, items }]) => ({ key, bytes, items }))
      .sort((a, b) => b.bytes - a.bytes || (a.key < b.key ? -1 : 1))
      .slice(0, MOST_COMPARED),
  };
}

function allBytes({ bytes, nativeBytes }: { readonly bytes: number; readonly nativeBytes: number | null }) {
  return bytes + (nativeBytes ?? 0);
}
