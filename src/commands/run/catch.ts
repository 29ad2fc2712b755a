import { appendFileSync, mkdirSync, readFileSync, readSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { answerReport } from "../../answers/report.ts";
import type { Report } from "../../answers/report-result.ts";
import { SUMMARY, type SummaryRow } from "../../answers/results/index.ts";
import { compressedMembers, gzipMember, zstdFrame } from "../../bytes/index.ts";
import { type TakenProcess, takeProcess } from "../../image/index.ts";
import { reportPage } from "../../report/index.ts";
import { formatBytes, formatCount, type Listener, printable } from "../../terms/index.ts";
import { parquetTable } from "../../views/index.ts";
import { removeOldest } from "../catch/oldest.ts";
import { patternOf, setupLines } from "../catch/setup-lines.ts";
import { type AnswerFile, bothOf, requireFolder, writeAnswers } from "../shell/answer-folder.ts";
import { memoryOf, modulesOf } from "../shell/settings.ts";
import { requirePid } from "../shell/subject.ts";

export interface CatchArgs {
  readonly pid: string | undefined;
  readonly ownPid: string | undefined;
  readonly signal: string | undefined;
  readonly time: string | undefined;
  readonly name: string | undefined;
  readonly printSetup: boolean | undefined;
  readonly output: string | undefined;
  readonly dump: boolean | undefined;
  readonly keep: number | undefined;
  readonly within: number | undefined;
  readonly memory: number | undefined;
  readonly sysroot: string | undefined;
  readonly threads: number | undefined;
}

const DEFAULT = { folder: "/var/lib/coregram", keep: 2 ** 30, withinMillis: 60_000 } as const;
const CORE_PATTERN = "/proc/sys/kernel/core_pattern";
const LOG = "catch.log";
const STDIN = 0;
const PIECE_BYTES = 2 ** 20;

/** `coregram catch -- %P %p %s %t %e`: what a process that crashes has, while the kernel keeps it. */
export async function runCatch(args: CatchArgs): Promise<undefined> {
  const folder = args.output ?? DEFAULT.folder;
  if (args.printSetup) {
    // Not where a link leads: that may be too long.
    const program = [process.execPath, process.argv[1] ?? ""];
    process.stdout.write(setupLines(patternOf(program), folder, currentPattern()));
    return undefined;
  }
  const pid = requirePid(args.pid, "coregram catch -- %P %p %s %t %e");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  requireFolder(folder);
  const log = (text: string) =>
    appendFileSync(
      join(folder, LOG),
      `${new Date().toISOString()} ${printable(crashOf(args))}: ${printable(text)}\n`,
      {
        mode: 0o600,
      },
    );
  const millis = args.within ?? DEFAULT.withinMillis;
  const end = Date.now() + millis;
  // Its folder that is not whole goes with it, as at any signal.
  const timer = setTimeout(() => {
    log(`let go after ${Math.round(millis / 1000)} s without an answer: --within allows more`);
    process.kill(process.pid, "SIGTERM");
  }, millis);
  try {
    log(`answers in ${await answerCrash(pid, folder, args)}`);
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    clearTimeout(timer);
    drain(end);
  }
  const { folders, bytes } = removeOldest(folder, args.keep ?? DEFAULT.keep);
  if (folders > 0) log(`removed the oldest ${formatCount(folders)} answers, ${formatBytes(bytes)}`);
  return undefined;
}

/** Reads the process, and writes what there is to say of it. Returns the new folder's path. */
async function answerCrash(pid: number, folder: string, args: CatchArgs): Promise<string> {
  const remarks: string[] = [crashOf(args)];
  const listener: Listener = (event) => {
    if (event.kind !== "progress") remarks.push(`${event.kind}: ${event.text}`);
  };
  const memory = memoryOf(args.memory);
  // The kernel has stopped it for good: what has more memory is read where it stands.
  const taken = await takeProcess(pid, { memory, stop: async () => () => {} }, listener);
  try {
    const options = {
      ...modulesOf({ sysroot: args.sysroot, noModules: false }),
      memory,
      threads: args.threads,
    };
    const at = args.time === undefined ? Date.now() : 1000 * Number(args.time);
    const summary = { time: new Date(at).toISOString() };
    const report = await answerReport(taken.target, { ...options, summary }, listener);
    return await writeAnswers(folder, { pid, at }, crashFiles(report, remarks, args, taken));
  } finally {
    taken.target.close();
  }
}

function* crashFiles(
  report: Report,
  remarks: readonly string[],
  { pid, dump, signal }: CatchArgs,
  taken: TakenProcess,
): Generator<AnswerFile> {
  const { info, words, stacks, heap } = report;
  yield ["crash.txt", [remarks.map((line) => `${line}\n`).join("")]];
  yield* bothOf("info", "plain", info);
  yield* bothOf("words", "table", words);
  if (stacks !== null) yield* bothOf("stacks", "table", stacks);
  if (heap !== null) {
    yield* bothOf("diagnose", "plain", heap.diagnose);
    yield* bothOf("owners", "table", heap.owners);
    yield* bothOf("types", "table", heap.types);
  }
  if (report.summary !== null)
    yield ["summary.parquet", parquetTable(summaryTable(report.summary, taken.target.name, signal), [])];
  yield ["report.html", reportPage(report, { command: `coregram report --pid ${pid}` })];
  if (dump)
    yield zstdFrame === null
      ? ["core.gz", compressedMembers(taken.core().chunks, gzipMember)]
      : ["core.zst", compressedMembers(taken.core().chunks, zstdFrame)];
}

/** The process itself does not say yet which signal it is that ends it. */
function summaryTable(row: SummaryRow, path: string, signal: string | undefined) {
  const { info } = row;
  const [found] = info.rows;
  const ended = signal === undefined ? {} : { signal: Number(signal), signalName: signalNameOf(signal) };
  const rows = found?.process ? [{ ...found, process: { ...found.process, ...ended } }] : info.rows;
  return { name: "summary", columns: SUMMARY, input: { path }, rows: [{ ...row, info: { ...info, rows } }] };
}

function signalNameOf(signal: string): string | null {
  const [name = null] = Object.entries(constants.signals).find(([, each]) => each === Number(signal)) ?? [];
  return name;
}

/** `worker, pid 4711 (12 in its container), SIGSEGV` */
function crashOf({ pid, ownPid, signal, name }: CatchArgs): string {
  const called = (signal === undefined ? null : signalNameOf(signal)) ?? `signal ${signal}`;
  const own = ownPid === undefined || ownPid === pid ? "" : ` (${ownPid} in its container)`;
  return `${name ?? "a process"}, pid ${pid}${own}${signal === undefined ? "" : `, ${called}`}`;
}

/** Takes what the kernel has written of the core, which waits for its reader, and keeps none of it. */
function drain(end: number): void {
  if (process.stdin.isTTY) return;
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  try {
    while (Date.now() < end && readSync(STDIN, piece) > 0);
  } catch {
    // No reader is no harm: the kernel stops to write.
  }
}

function currentPattern(): string | null {
  try {
    return readFileSync(CORE_PATTERN, "utf8").trimEnd();
  } catch {
    return null;
  }
}
