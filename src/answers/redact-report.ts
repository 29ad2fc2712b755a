import type { Growth } from "./past.ts";
import type { Redactor } from "./redact.ts";
import type { Report, ReportHeap } from "./report-result.ts";

/** A report without names and values: of a page that is sent. */
export function redactReport(report: Report, redactor: Redactor): Report {
  const { info, words, stacks, heap, unread, remarks } = report;
  const shown = redactor.frame(info);
  return {
    info: shown,
    words: redactor.frame(words),
    stacks: stacks && redactor.frame(stacks),
    heap: heap && redactHeap(heap, redactor),
    unread: unread === null ? null : redactor.prose(unread),
    remarks: remarks.map((remark) => ({
      ...remark,
      target: shown.input.path,
      text: redactor.prose(remark.text),
    })),
    summary: null,
    redacted: shown.redacted ?? null,
  };
}

function redactHeap(
  { diagnose, types, owners, containers, tasks, suspects, growth }: ReportHeap,
  redactor: Redactor,
): ReportHeap {
  return {
    diagnose: redactor.frame(diagnose),
    types: redactor.frame(types),
    owners: redactor.frame(owners),
    // There is nothing to a text but its content.
    strings: null,
    containers: containers && redactor.frame(containers),
    tasks: tasks && redactor.frame(tasks),
    // Nor to an object's items.
    suspects: {
      chains: suspects.chains.map(({ finding, chain }) => ({ finding, chain: redactor.frame(chain) })),
      objects: null,
    },
    growth: growth && {
      owner: redactGrowth(growth.owner, redactor),
      type: redactGrowth(growth.type, redactor),
      balance: redactGrowth(growth.balance, redactor),
    },
  };
}

function redactGrowth(growth: Growth, redactor: Redactor): Growth {
  return growth.schema === "coregram/diff@1" ? redactor.frame(growth) : redactor.frame(growth);
}
