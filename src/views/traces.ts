import { type Result, TRACES, type TraceRow, type TracesTotals } from "../answers/results/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import { plainBytes, plainCount, tableColumn } from "./column.ts";
import { placeText } from "./place.ts";
import type { Presentation } from "./view.ts";

/** `coregram traces`: a place a line; a traceback is its frames, the most recent first. */
export function presentTraces({ totals, rows }: Result<"coregram/traces@1">): Presentation<TraceRow> {
  const { row } = TRACES;
  const hasPath = totals.by === "owner";
  const hasType = hasPath || totals.by === "type";
  return {
    lines: rows,
    plain: (line) =>
      [
        `${plainBytes(line.bytes)} ${plainCount(line.count)} ${plainCount(line.averageBytes)}`,
        ...(hasPath ? [line.path ?? NONE] : []),
        ...(hasType ? [line.type ?? NONE] : []),
        textOf(line),
      ].join("  "),
    table: {
      columns: [
        tableColumn(row, "bytes"),
        tableColumn(row, "count"),
        tableColumn(row, "averageBytes"),
        ...(hasPath ? [tableColumn(row, "path", ({ path }: TraceRow) => path ?? NONE)] : []),
        ...(hasType ? [tableColumn(row, "type", ({ type }: TraceRow) => type ?? NONE)] : []),
        { header: HEADERS[totals.by], align: "left", cell: textOf },
      ],
      foot: [...tableFoot(totals)],
    },
  };
}

const HEADERS = {
  line: "Line",
  file: "File",
  traceback: "Most recent call first",
  type: "Line",
  owner: "Line",
} as const;
/** Stands for no type, or for no single owner. */
const NONE = "-";

function textOf({ frames, ...place }: TraceRow): string {
  if (frames === null) return placeText(place);
  return frames.map(placeText).join(" < ");
}

function* tableFoot(totals: TracesTotals): Generator<string[]> {
  const { restRows, restCount, restBytes, domains } = totals;
  if (restRows > 0)
    yield [formatBytes(restBytes), formatCount(restCount), "", `… ${formatCount(restRows)} more`];
  yield [formatBytes(totals.bytes), formatCount(totals.traces), "", "traced in all"];
  for (const { domain, traces, bytes } of domains)
    if (domain !== 0)
      yield [formatBytes(bytes), formatCount(traces), "", `of that in domain ${domain}, an extension's`];
  if (totals.untraced !== null)
    yield [
      formatBytes(totals.untraced.bytes),
      formatCount(totals.untraced.count),
      "",
      "in live objects that were not traced, by sys.getsizeof",
    ];
  if (totals.peakBytes !== null) yield [formatBytes(totals.peakBytes), "", "", "at the peak"];
  yield [formatBytes(totals.overheadBytes), "", "", "that tracemalloc itself takes"];
  if (totals.limit !== null) yield ["", "", "", `tracebacks have ${framesText(totals.limit)} at the most`];
}

function framesText(frames: number): string {
  return frames === 1 ? "1 frame" : `${formatCount(frames)} frames`;
}
