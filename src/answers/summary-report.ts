import type { Listener, NoteEvent, WarningEvent } from "../terms/index.ts";
import { isSameProcess } from "./diff.ts";
import { growthOf, type Past, pastOfSummary } from "./past.ts";
import type { Report, ReportHeap } from "./report-result.ts";
import { inputOf } from "./subject.ts";
import type { Compared, Summary } from "./summarized.ts";
import { diagnoseSummary, suspectsOfSummary } from "./summary-findings.ts";

/** Older cores, the oldest first, and what was read of each. */
export interface Older {
  readonly cores: readonly Compared[];
  readonly past: readonly Past[];
}

const LACKS =
  "the page is of a summary: it has no texts, containers, variables and tasks, nor what leads to objects that look like leaks";

/**
 * What a summary kept of a page. What was remarked when it was made is put with the page's own remarks.
 * @param rows of each table of growth
 */
export async function reportOfSummary(
  summary: Summary,
  older: Older,
  rows: { readonly limit: number },
  remarks: (NoteEvent | WarningEvent)[],
  listener: Listener,
): Promise<Report> {
  const { unread, remarks: earlier } = summary.row;
  const target = summary.name;
  for (const { kind, text } of earlier) remarks.push({ kind, target, text });
  listener({ kind: "note", target, text: LACKS });
  const { info, words, stacks } = summary;
  const heap = unread === null ? await heapOf(summary, older, rows, listener) : null;
  return { ...{ info, words, stacks, heap, unread, remarks }, summary: null, redacted: null };
}

async function heapOf(
  summary: Summary,
  { cores, past }: Older,
  rows: { readonly limit: number },
  listener: Listener,
): Promise<ReportHeap> {
  const { types, owners } = summary.objects;
  const inputs = cores.map(inputOf);
  const [oldest] = past;
  const [first] = inputs;
  const before = oldest && first ? { input: first, before: oldest.before } : null;
  return {
    diagnose: diagnoseSummary(summary, before),
    ...{ types, owners },
    ...{ strings: null, containers: null, tasks: null },
    suspects: { chains: [], objects: null },
    growth:
      oldest === undefined
        ? null
        : growthOf(
            [...inputs, inputOf(summary)],
            [...past.map(({ amounts }) => amounts), newest(summary, oldest, listener)],
            { ...rows, sameProcess: await isSameProcess([...cores, summary]) },
          ),
  };
}

function newest(summary: Summary, oldest: Past, listener: Listener): Past["amounts"] {
  const { owner, type, balance } = pastOfSummary(summary, listener).amounts;
  return {
    owner: { ...owner, suspects: suspectsOfSummary(summary, oldest.amounts.owner) },
    type: { ...type, suspects: suspectsOfSummary(summary, null) },
    balance,
  };
}
