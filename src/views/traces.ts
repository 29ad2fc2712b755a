import { type Result, TRACES, type TraceRow, type TracesTotals } from "../answers/results/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import { plainBytes, plainCount, tableColumn } from "./column.ts";
import type { Presentation } from "./view.ts";

/** `coregram traces`: a place a line; a traceback is its frames, the most recent first. */
export function presentTraces({ totals, rows }: Result<"coregram/traces@1">): Presentation<TraceRow> {
  const { row } = TRACES;
  return {
    lines: rows,
    plain: (line) =>
      `${plainBytes(line.bytes)} ${plainCount(line.count)} ${plainCount(line.averageBytes)}  ${textOf(line)}`,
    table: {
      columns: [
        tableColumn(row, "bytes"),
        tableColumn(row, "count"),
        tableColumn(row, "averageBytes"),
        { header: HEADERS[totals.by], align: "left", cell: textOf },
      ],
      foot: [...tableFoot(totals)],
    },
  };
}

const HEADERS = { line: "Line", file: "File", traceback: "Most recent call first" } as const;
const UNKNOWN = "?";

function textOf({ frames, ...place }: TraceRow): string {
  if (frames === null) return placeText(place);
  const text = frames.map(placeText).join(" < ");
  return text;
}

function placeText({ file, line }: Pick<TraceRow, "file" | "line">): string {
  return line === null ? (file ?? UNKNOWN) : `${file ?? UNKNOWN}:${line}`;
}

function* tableFoot(totals: TracesTotals): Generator<string[]> {
  const { restRows, restCount, restBytes, domains } = totals;
  if (restRows > 0)
    yield [formatBytes(restBytes), formatCount(restCount), "", `… ${formatCount(restRows)} more`];
  yield [formatBytes(totals.bytes), formatCount(totals.traces), "", "traced in all"];
  for (const { domain, traces, bytes } of domains)
    if (domain !== 0)
      yield [formatBytes(bytes), formatCount(traces), "", `of that in domain ${domain}, an extension's`];
  if (totals.peakBytes !== null) yield [formatBytes(totals.peakBytes), "", "", "at the peak"];
  yield [formatBytes(totals.overheadBytes), "", "", "that tracemalloc itself takes"];
  if (totals.limit !== null) yield ["", "", "", `tracebacks have ${framesText(totals.limit)} at the most`];
}

function framesText(frames: number): string {
  return frames === 1 ? "1 frame" : `${formatCount(frames)} frames`;
}
