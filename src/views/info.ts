import {
  AS_DATA,
  INFO,
  type InfoRecord,
  type InfoRow,
  type MemoryTotals,
  NO_ELF,
  NOT_LOOKED_FOR,
  type Result,
  type SubjectInput,
} from "../answers/results/index.ts";
import { formatBytes, formatCount, printable, SHOWN_DIGITS, shortenIds } from "../terms/index.ts";
import { tableColumn } from "./column.ts";
import { objectLines } from "./info-objects.ts";
import { pythonLines } from "./info-python.ts";
import type { Presentation } from "./view.ts";

/** Threads that are named one by one, modules, files and the like, and kinds of segments: a screen holds them, JSON has the rest. */
const MOST_THREADS = 8;
const MOST_MODULES = 12;
const MOST_OBJECTS = 8;
const MOST_PERMISSIONS = 6;

/** Columns of a screen, and of them those that say what a line is about. */
const SCREEN = 100;
const PART = 10;

/** A line of a screen. */
type InfoLine = Pick<InfoRecord, "part" | "text">;

/** `coregram info`: lines that fit a screen; csv and tsv have all threads and modules, one a row. */
export function presentInfo({ input, totals, rows }: Result<"coregram/info@1">): Presentation<InfoLine> {
  const { lines } = INFO;
  return {
    lines: allLines(input, rows, totals),
    records: allRecords(input, rows, totals),
    plain: ({ part, text }) => `${part.padEnd(PART)}${text}`,
    table: { columns: [tableColumn(lines, "part"), tableColumn(lines, "text")], foot: [] },
  };
}

function* allLines(input: SubjectInput, rows: Iterable<InfoRow>, totals: MemoryTotals): Generator<InfoLine> {
  for (const row of rows) yield* infoLines(input, row, totals);
}

function* allRecords(
  input: SubjectInput,
  rows: Iterable<InfoRow>,
  totals: MemoryTotals,
): Generator<InfoRecord> {
  const noModule = { path: null, start: null, end: null, buildId: null, matches: null };
  for (const row of rows) {
    for (const line of memoryLines(input, row, totals, Number.POSITIVE_INFINITY))
      yield { ...line, ...noModule };
    for (const line of pythonLines(row)) yield { ...line, ...noModule };
    for (const line of objectLines(row, Number.POSITIVE_INFINITY)) yield { ...line, ...noModule };
    for (const { path, start, end, buildId, matches, reason } of row.modules)
      yield { part: "module", text: reason, path, start, end, buildId, matches };
    for (const line of warningLines(row)) yield { ...line, ...noModule };
  }
}

function* infoLines(input: SubjectInput, row: InfoRow, totals: MemoryTotals): Generator<InfoLine> {
  yield* memoryLines(input, row, totals, MOST_THREADS);
  yield* pythonLines(row);
  yield* objectLines(row, MOST_OBJECTS);
  yield* moduleLines(row);
  yield* warningLines(row);
}

function* memoryLines(
  input: SubjectInput,
  row: InfoRow,
  totals: MemoryTotals,
  threads: number,
): Generator<InfoLine> {
  yield { part: "file", text: fileText(input, row.file) };
  if (row.file.truncated) yield { part: "", text: missingText(row.file) };
  if (row.process) yield { part: "process", text: processText(row.process) };
  if (row.process?.signal) yield { part: "signal", text: signalText(row.process) };
  yield* threadLines(row, threads);
  if (row.file.kind !== "raw") yield { part: "memory", text: memoryText(row, totals) };
  yield* permissionLines(row);
  if (row.allocator !== null && row.allocator.name !== "glibc")
    yield { part: "allocator", text: `${row.allocator.name}, ${printable(row.allocator.path)}` };
  if (totals.notSavedBytes !== 0) yield* notSavedLines(row, totals);
}

function* warningLines({ warnings }: InfoRow): Generator<InfoLine> {
  for (const warning of warnings) yield { part: "warning", text: warning };
}

function* threadLines({ threads }: InfoRow, most: number): Generator<InfoLine> {
  if (threads.length === 0) return;
  yield { part: "threads", text: formatCount(threads.length) };
  for (const thread of threads.slice(0, most)) yield { part: "", text: threadText(thread) };
  yield* restLine(threads.length - most);
}

// Of many, the first is the program; then those that something is wrong with are worth a line.
function* moduleLines({ modules }: InfoRow): Generator<InfoLine> {
  const files = modules.filter(({ reason }) => reason !== NO_ELF && reason !== AS_DATA);
  const data = modules.length - files.length;
  const matching = files.filter(({ matches }) => matches).length;
  const guessed = files.filter(({ how }) => how === "layout").length;
  const guesses = guessed > 0 ? `, ${formatCount(guessed)} by layout, not proven` : "";
  const found = files.every(({ reason }) => reason === NOT_LOOKED_FOR)
    ? ""
    : `: ${formatCount(matching)} with their files${guesses}`;
  const others = data > 0 ? `; and ${countOf(data, "mapped file")} of another kind` : "";
  if (modules.length > 0) yield { part: "modules", text: `${formatCount(files.length)}${found}${others}` };
  const first = files.slice(0, 1);
  const rest = files.slice(1);
  const shown = new Set(
    [...first, ...rest.filter(({ matches }) => !matches), ...rest.filter(({ matches }) => matches)].slice(
      0,
      MOST_MODULES,
    ),
  );
  for (const module of files) if (shown.has(module)) yield { part: "", text: moduleText(module) };
  yield* restLine(files.length - shown.size);
}

function* restLine(more: number): Generator<InfoLine> {
  if (more > 0) yield { part: "", text: `… and ${formatCount(more)} more: --format json has all` };
}

function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function fileText({ compression }: SubjectInput, file: InfoRow["file"]): string {
  const packed = compression === null ? "" : `, from ${compression}`;
  const size = `${formatBytes(file.bytes)} (${formatCount(file.bytes)} bytes${packed})`;
  if (file.kind === "raw") return `no ELF core: plain bytes, ${size}`;
  if (file.kind === "process")
    return `a living process, ${file.class}-bit ${file.endian}-endian ${file.machine}, ${size}`;
  const whole = file.truncated ? "" : ", complete";
  return `ELF core, ${file.class}-bit ${file.endian}-endian ${file.machine}, ${size}${whole}`;
}

function missingText({ missingBytes }: InfoRow["file"]): string {
  const missing = missingBytes === null ? "very many bytes" : formatBytes(missingBytes);
  return `cut short: at least ${missing} are missing`;
}

function processText(process: NonNullable<InfoRow["process"]>): string {
  const { pid, uid, commandLine, name, executable } = process;
  const ids = [pid === null ? "" : `pid ${pid}`, uid === null ? "" : `uid ${uid}`].filter(Boolean).join(", ");
  const room = SCREEN - PART - ids.length - 3;
  const command = shortenEnd(commandLine ?? name ?? executable ?? "unknown", room);
  return ids === "" ? command : `${command} (${ids})`;
}

function signalText({ signal, signalName, faultAddress }: NonNullable<InfoRow["process"]>): string {
  const name = signalName ? `${signalName} (${signal})` : String(signal);
  return faultAddress ? `${name} at ${faultAddress}` : name;
}

function threadText({ pid, pc, sp, symbol }: InfoRow["threads"][number]): string {
  const registers = `${pid}  pc ${pc ?? "unknown"}  sp ${sp ?? "unknown"}`;
  return symbol ? shortenEnd(`${registers}  ${symbol}`, SCREEN - PART) : registers;
}

function memoryText({ segments }: InfoRow, totals: MemoryTotals): string {
  const saved = `${formatBytes(totals.savedBytes)} saved in ${countOf(segments.length, "segment")}`;
  if (totals.notSavedBytes === 0) return `${saved}, nothing left out`;
  const missing = totals.notSavedBytes === null ? "very much" : formatBytes(totals.notSavedBytes);
  return `${saved}, ${missing} mapped but not saved`;
}

function* permissionLines({ segments }: InfoRow): Generator<InfoLine> {
  const sums = new Map<string, { count: number; saved: number }>();
  for (const { permissions, savedBytes } of segments) {
    const sum = sums.get(permissions) ?? { count: 0, saved: 0 };
    sums.set(permissions, { count: sum.count + 1, saved: sum.saved + savedBytes });
  }
  const order = [...sums].sort(([a, x], [b, y]) => y.saved - x.saved || (a < b ? -1 : 1));
  for (const [permissions, { count, saved }] of order.slice(0, MOST_PERMISSIONS))
    yield { part: "", text: `${permissions}  ${formatBytes(saved)} in ${formatCount(count)}` };
}

function* notSavedLines(row: InfoRow, totals: MemoryTotals): Generator<InfoLine> {
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
  const { path, start, buildId, deleted, found, matches, how, reason, debugFile } = module;
  const debug = debugFile ? " + debug file" : "";
  const used = matches
    ? `matches${debug}`
    : found && how === null
      ? `not used: it ${shortenIds(reason)}`
      : `${reason}${debug}`;
  const state = reason === NOT_LOOKED_FOR ? "" : `  ${used}`;
  const gone = deleted ? " (deleted)" : "";
  const head = `${start.padEnd(14)}  ${(buildId?.slice(0, SHOWN_DIGITS) ?? "no build ID").padEnd(SHOWN_DIGITS)}  `;
  const room = SCREEN - PART - head.length - state.length - gone.length;
  return `${head}${shortenPath(path || NO_PATH, room)}${gone}${state}`;
}

function shortenEnd(text: string, room: number): string {
  const shown = printable(text);
  return shown.length <= room ? shown : `${shown.slice(0, room - 1)}…`;
}

/** The end of a path tells more than its start. */
function shortenPath(path: string, room: number): string {
  const most = Math.max(room, LEAST_PATH);
  const shown = printable(path);
  return shown.length <= most ? shown : `…${shown.slice(shown.length - most + 1)}`;
}

/** Of a program whose notes are lost. */
const NO_PATH = "(name lost)";
/** However long the rest of the line, a file's own name is seen. */
const LEAST_PATH = 24;
