import {
  DIAGNOSE,
  type DiagnoseLine,
  type DiagnoseTotals,
  type Finding,
  type Result,
} from "../answers/results/index.ts";
import { formatBytes, formatNames, printable } from "../terms/index.ts";
import { tableColumn } from "./column.ts";
import type { Presentation } from "./view.ts";

/** How the screen says them of the first finding: leaks come before all else. */
const VERDICTS: Readonly<Record<Finding["verdict"], string>> = {
  leak: "leak",
  "looks like a leak": "looks like a leak",
  "not a leak": "nothing looks like a leak",
  biggest: "nothing looks like a leak; biggest",
};
/** Of a screen, columns of a share and of bytes. */
const SHARE = 5;
const BYTES = 10;

/** `coregram diagnose`: one screen. */
export function presentDiagnose({ totals, rows }: Result<"coregram/diagnose@1">): Presentation<DiagnoseLine> {
  return {
    lines: screen(totals, [...rows]),
    plain: ({ text }) => text,
    table: { columns: [tableColumn(DIAGNOSE.lines, "text")], foot: [] },
  };
}

function* screen(totals: DiagnoseTotals, findings: readonly Finding[]): Generator<DiagnoseLine> {
  const { command, pid, runtime, memoryBytes, grewBytes } = totals;
  const grown =
    grewBytes === null
      ? ""
      : `, ${grewBytes < 0 ? "less by" : "more by"} ${formatBytes(Math.abs(grewBytes))}`;
  const who = [command ?? "a process", runtime, ...(pid === null ? [] : [`pid ${pid}`])];
  yield { text: `${who.join(", ")}, ${formatBytes(memoryBytes)} of memory saved${grown}` };
  for (const text of partLines(totals)) yield { text };
  const [first, ...others] = findings;
  if (first === undefined) {
    yield { text: noLeak(totals) };
    return;
  }
  yield { text: `${VERDICTS[first.verdict]}: ${sentence(first, memoryBytes)}` };
  for (const finding of others) yield { text: `also: ${finding.verdict}: ${sentence(finding, memoryBytes)}` };
  if (first.next !== null) yield { text: `next: ${first.next}` };
}

/** What is said where there is no finding. */
export function noLeak(totals: DiagnoseTotals): string {
  const { bytes, what } = biggestPart(totals);
  const part = `${what} (${shareOf(bytes, totals.memoryBytes)}, ${formatBytes(bytes)})`;
  return `nothing looks like a leak: no owner holds 5 % of it; its biggest part is ${part}`;
}

function biggestPart({ liveBytes, nativeBytes, garbageBytes, freeBytes, otherBytes }: DiagnoseTotals) {
  const parts = [
    { bytes: liveBytes, what: "live Python objects, of many owners" },
    { bytes: nativeBytes, what: "native memory held by these" },
    { bytes: garbageBytes, what: "garbage not collected" },
    { bytes: freeBytes, what: "free memory" },
    { bytes: otherBytes, what: "stacks, modules' data and headers" },
  ];
  return parts.reduce((most, part) => (part.bytes > most.bytes ? part : most));
}

function* partLines(totals: DiagnoseTotals): Generator<string> {
  const { memoryBytes, liveBytes, nativeBytes, garbageBytes, freeBytes, otherBytes } = totals;
  const line = (bytes: number, what: string) =>
    `${shareOf(bytes, memoryBytes).padStart(SHARE)} ${formatBytes(bytes).padStart(BYTES)}  ${what}`;
  yield line(liveBytes, "live Python objects");
  yield line(nativeBytes, "native memory held by them");
  yield line(garbageBytes, "garbage not collected");
  const back = formatBytes(totals.returnableBytes);
  yield line(
    freeBytes,
    `free, kept by the allocators (${back} of it could go back at the least: malloc_trim)`,
  );
  yield line(
    otherBytes,
    `the rest: stacks, modules' data, headers; unknown ${formatBytes(totals.unknownBytes)}`,
  );
}

function sentence(finding: Finding, memory: number): string {
  const { path, holders, bytes, why } = finding;
  const size = `${shareOf(bytes, memory)} (${formatBytes(bytes)})`;
  const name = path ?? (holders === null ? null : formatNames(holders));
  if (name === null) return `${size} ${why}`;
  const held = `${printable(name)} holds ${size}`;
  return why === "" ? held : `${held}: ${printable(why)}`;
}

function shareOf(bytes: number, memory: number): string {
  return `${Math.round((100 * bytes) / Math.max(1, memory))} %`;
}
