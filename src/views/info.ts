import { formatBytes, formatCount } from "../terms/index.ts";
import type { Result } from "./result.ts";
import type { InfoRow, MemoryTotals, SubjectInput } from "./schema.ts";

/** Threads and modules that are named one by one: the rest is in JSON. */
const MOST_LINES = 12;

/** Digits of a build ID that tell modules apart; JSON has all. */
const SHOWN_DIGITS = 12;

/** One line of what people read. */
interface Line {
  /** What the line is about; empty where it goes on. */
  readonly part: string;
  readonly text: string;
}

/** `coregram info` as a result: one row with lists in it for programs, lines that fit a screen for people. */
export function infoResult(
  input: SubjectInput,
  totals: MemoryTotals,
  row: InfoRow,
): Result<"coregram/info@1", Line> {
  return {
    schema: "coregram/info@1",
    input,
    totals,
    rows: [row],
    entries: [...infoLines(row, totals)],
    plain: ({ part, text }) => `${part.padEnd(10)}${text}`,
    fields: [
      { key: "part", value: ({ part }) => part },
      { key: "text", value: ({ text }) => text },
    ],
    table: {
      columns: [
        { header: "Part", align: "left", cell: ({ part }) => part },
        { header: "What", align: "left", cell: ({ text }) => text },
      ],
      foot: [],
    },
  };
}

function* infoLines(row: InfoRow, totals: MemoryTotals): Generator<Line> {
  yield { part: "file", text: fileText(row.file) };
  if (row.process) yield { part: "process", text: processText(row.process) };
  if (row.process?.signal) yield { part: "signal", text: signalText(row.process) };
  yield* listed("threads", row.threads, threadText);
  yield { part: "memory", text: memoryText(row, totals) };
  yield* permissionLines(row);
  if (totals.notSavedBytes !== 0) yield* notSavedLines(row, totals);
  const files = row.modules.filter(({ reason }) => reason !== NO_ELF);
  yield* listed("modules", files, moduleText);
  const data = row.modules.length - files.length;
  if (data > 0) yield { part: "", text: `and ${formatCount(data)} mapped files that are no ELF files` };
  for (const warning of row.warnings) yield { part: "warning", text: warning };
}

/** What `locateModule` says of a mapped data file. */
const NO_ELF = "is no ELF file";

function* listed<Item>(part: string, items: readonly Item[], text: (item: Item) => string): Generator<Line> {
  if (items.length === 0) return;
  yield { part, text: formatCount(items.length) };
  for (const item of items.slice(0, MOST_LINES)) yield { part: "", text: text(item) };
  const more = items.length - MOST_LINES;
  if (more > 0) yield { part: "", text: `… and ${formatCount(more)} more: --format json has all` };
}

function fileText(file: InfoRow["file"]): string {
  const size = `${formatBytes(file.bytes)} (${formatCount(file.bytes)} bytes)`;
  if (file.kind === "raw") return `no ELF core: plain bytes, ${size}`;
  const missing = file.missingBytes === null ? "many bytes" : formatBytes(file.missingBytes);
  const whole = file.truncated ? `cut short, ${missing} missing` : "complete";
  return `ELF core, ${file.class}-bit ${file.endian}-endian ${file.machine}, ${size}, ${whole}`;
}

function processText(process: NonNullable<InfoRow["process"]>): string {
  const { pid, uid, commandLine, name, executable } = process;
  const ids = [pid === null ? "" : `pid ${pid}`, uid === null ? "" : `uid ${uid}`].filter(Boolean);
  const command = commandLine ?? name ?? executable ?? "unknown";
  return ids.length > 0 ? `${command} (${ids.join(", ")})` : command;
}

function signalText({ signal, signalName, faultAddress }: NonNullable<InfoRow["process"]>): string {
  const name = signalName ? `${signalName} (${signal})` : String(signal);
  return faultAddress ? `${name} at ${faultAddress}` : name;
}

function threadText({ pid, pc, sp, symbol }: InfoRow["threads"][number]): string {
  const registers = `pc ${pc ?? "unknown"}  sp ${sp ?? "unknown"}`;
  return symbol ? `${pid}  ${registers}  ${symbol}` : `${pid}  ${registers}`;
}

function memoryText({ segments }: InfoRow, totals: MemoryTotals): string {
  const saved = `${formatBytes(totals.savedBytes)} saved in ${formatCount(segments.length)} segments`;
  if (totals.notSavedBytes === 0) return `${saved}, nothing left out`;
  const missing = totals.notSavedBytes === null ? "very much" : formatBytes(totals.notSavedBytes);
  return `${saved}, ${missing} mapped but not saved`;
}

function* permissionLines({ segments }: InfoRow): Generator<Line> {
  const sums = new Map<string, { count: number; saved: number }>();
  for (const { permissions, savedBytes } of segments) {
    const sum = sums.get(permissions) ?? { count: 0, saved: 0 };
    sums.set(permissions, { count: sum.count + 1, saved: sum.saved + savedBytes });
  }
  const order = [...sums].sort(([a, x], [b, y]) => y.saved - x.saved || (a < b ? -1 : 1));
  for (const [permissions, { count, saved }] of order)
    yield { part: "", text: `${permissions}  ${formatBytes(saved)} in ${formatCount(count)}` };
}

function* notSavedLines(row: InfoRow, totals: MemoryTotals): Generator<Line> {
  const kinds = row.notSaved.map(
    ({ kind, bytes }) => `${kind} ${bytes === null ? "very much" : formatBytes(bytes)}`,
  );
  const all = totals.notSavedBytes === null ? "very much" : formatBytes(totals.notSavedBytes);
  yield { part: "not saved", text: `${all}: ${kinds.join(", ")}` };
  if (row.betterFilter)
    yield {
      part: "",
      text: `echo ${row.betterFilter} > /proc/PID/coredump_filter, before the next dump, saves more`,
    };
}

function moduleText(module: InfoRow["modules"][number]): string {
  const { path, start, buildId, deleted, found, matches, reason, debugFile } = module;
  const state = matches ? "matches" : found ? `not used: ${reason}` : reason;
  const debug = debugFile ? ", with its debug file" : "";
  const gone = deleted ? " (deleted)" : "";
  const id = buildId?.slice(0, SHOWN_DIGITS) ?? "no build ID";
  return `${start}  ${id}  ${path}${gone}  ${state}${debug}`;
}
