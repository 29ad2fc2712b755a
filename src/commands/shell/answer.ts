import type { Redactor } from "../../answers/redact.ts";
import type { Result, SchemaName } from "../../answers/results/index.ts";
import type { Compared } from "../../answers/summarized.ts";
import { isParquet } from "../../bytes/index.ts";
import { type Identity, identifyTarget, type Target, type TargetOptions } from "../../image/index.ts";
import { type AnswerEvent, CoregramError, type Listener } from "../../terms/index.ts";
import {
  type Format,
  type FormatOptions,
  findFormat,
  type RenderOptions,
  render,
} from "../../views/index.ts";
import { Notes } from "./notes.ts";
import { openOutput } from "./open-output.ts";
import { type Chunks, type Output, type Places, writeChunks } from "./output.ts";
import { ProgressLine } from "./progress.ts";
import { type RedactArgs, redactorOf, refuseRedacted } from "./redaction.ts";
import { colorOf } from "./settings.ts";
import { onSignals } from "./signals.ts";
import { openSubject, type Subject } from "./subject.ts";

/** Standard output's descriptor. */
const STDOUT = 1;

/** The options that decide where an answer goes, and what is said beside it. */
export interface AnswerArgs extends RedactArgs {
  /** A path; `-` is standard output, as elsewhere, and so is undefined. */
  readonly output: string | undefined;
  readonly color?: string;
  readonly sysroot?: string | undefined;
  readonly noModules?: boolean | undefined;
  /** Whether a new file is for its user alone. */
  readonly isSecret?: boolean;
  readonly quiet: boolean | undefined;
  readonly format?: string;
  /** What an answer without a row means; by default that nothing matches. */
  readonly nothing?: (() => string) | undefined;
  /** The targets of a command that has several: its warnings name the one they are about. */
  readonly cores?: readonly string[] | undefined;
}

/** Those of every question that module files help to answer. */
export interface ModulesArgs extends AnswerArgs {
  readonly sysroot: string | undefined;
  readonly noModules: boolean | undefined;
  readonly format: string;
  readonly color: string;
}

/** The parsed options that every question about a heap has. */
export interface HeapArgs extends ModulesArgs {
  readonly top: number | undefined;
  readonly all: boolean | undefined;
  readonly threads: number | undefined;
}

/** What is open until the answer is written. */
export interface Closable {
  close(): void | Promise<void>;
}

/** `render` of any format. */
type Render = <Name extends SchemaName>(
  format: Format,
  result: Result<Name>,
  options?: RenderOptions,
) => ReturnType<Format["render"]>;

/** What a command has at hand while it makes its answer. */
export interface Desk {
  /** Prints notes and warnings, and moves the progress line. */
  readonly listener: Listener;
  /** Moves the progress line, and is deaf to all else. */
  readonly progressOnly: Listener;
  /** How the answer is shown: whether in colour, and of what it is, which `open` has seen. */
  readonly looks: FormatOptions;
  /** Says below the answer what to ask next, to a person alone: on a terminal. */
  readonly hint: (text: () => Promise<string | null>) => Promise<void>;
  /** Opens what the command is about, to be closed as what is kept. */
  open(subject: Subject, options: TargetOptions, listener?: Listener): Promise<Target>;
  /** The same of what may be a summary in place of a core. */
  openCompared(subject: Subject): Promise<Compared>;
  /** Has the result printed in the format, without names and values where that is asked for. */
  readonly render: Render;
  /** What takes them out of other things than results; null where that is not asked for. */
  readonly redactor: Redactor | null;
  /** The answer's file, where it is one of ours: what is put there is skipped in the chunks, by a number. */
  readonly places: Places | null;
  /** Has it closed once the answer is written, or cannot be. */
  keep<Thing extends Closable>(thing: Thing): Thing;
}

/**
 * Opens the output, lets `work` make the answer's chunks, writes them. Opened first, so that an output that cannot be
 * written is known before the long work. Whatever happens, no temporary file stays, and no progress line.
 * @throws what `work` throws, CoregramError `io` where the answer cannot be written
 */
export async function answer(args: AnswerArgs, work: (desk: Desk) => Promise<Chunks>): Promise<undefined> {
  const path = args.output === "-" ? null : (args.output ?? null);
  if (path === null) refuseBytes(args.format);
  const notes = new Notes(args.quiet === true);
  const progress = new ProgressLine(notes);
  const color = colorOf(args.color ?? "never", path === null && process.stdout.isTTY === true);
  const kept: Closable[] = [];
  const cores: Identity[] = [];
  const looks = { color, cores };
  const progressOnly = (event: AnswerEvent) => {
    if (event.kind === "progress") progress.update(event.stage, event.done, event.all, event.bytes);
  };
  const listener = (event: AnswerEvent) => {
    if (event.kind === "note") notes.say(event.text);
    else if (event.kind === "warning")
      notes.warn(args.cores === undefined ? event.text : `${event.target}: ${event.text}`);
    else progressOnly(event);
  };
  const keep = <Thing extends Closable>(thing: Thing): Thing => {
    kept.push(thing);
    return thing;
  };
  const redactor = await redactorOf(args);
  const open = async (subject: Subject, options: TargetOptions, hears: Listener = listener) => {
    const target = keep(await openSubject(subject, options, hears));
    await redactor?.know(target, { sysroot: args.sysroot, modules: args.noModules !== true });
    // By then it may be closed.
    if (args.format === "parquet") cores.push(await identifyTarget(target));
    return target;
  };
  const keys: (string | null)[] = [];
  const requireSameNames = (key: string | null) => {
    keys.push(key);
    if (keys[0] !== key)
      throw new CoregramError(
        "usage",
        "one has stand-ins for names, and another has none, or others: summaries are compared that were made with the same --redact-key",
      );
  };
  const openCompared = async (subject: Subject) => {
    if ("pid" in subject || subject.core === undefined || !isParquet(subject.core)) {
      requireSameNames(null);
      return open(subject, {});
    }
    refuseRedacted(args, "a summary is as it was written: summary --redact");
    const { Summary } = await import("../../answers/summarized.ts");
    const summary = await Summary.open(subject.core);
    requireSameNames(summary.redactedBy);
    cores.push(summary.identity);
    return summary;
  };
  const print: Render = (format, result, options) =>
    redactor === null
      ? render(format, result, options)
      : // What the cores are may be told by no format.
        render(format, redactor.result(result), { ...options, cores: [] });
  let hinted: string | null = null;
  const hint = async (text: () => Promise<string | null>) => {
    if (!notes.quiet && process.stderr.isTTY) hinted = await text();
  };
  try {
    const isThere = await writeOutput(path, args.isSecret, async ({ places = null }) => {
      const aids = { listener, progressOnly, looks, hint, keep, open, openCompared, render: print, redactor };
      const chunks = await work({ ...aids, places });
      progress.stop();
      return chunks;
    });
    if (redactor !== null) notes.say(describeRedacted(redactor));
    if (!isThere) notes.say(`no rows: ${args.nothing?.() ?? "nothing matches"}`);
    if (hinted !== null) notes.say(hinted);
  } finally {
    progress.stop();
    for (const thing of kept.reverse()) await thing.close();
  }
  return undefined;
}

/** @throws CoregramError `usage` where a terminal would get what is no text */
function refuseBytes(format: string | undefined): void {
  if (format === undefined || !process.stdout.isTTY || findFormat(format)?.isBinary !== true) return;
  throw new CoregramError(
    "usage",
    `--format ${format} is not for a terminal: -o FILE writes it to a file, | to a program`,
  );
}

/** What is left out is said, and what is kept that might be the user's own after all. */
function describeRedacted({ packages }: Redactor): string {
  const kept =
    packages.length === 0
      ? "names of Python's own library are kept"
      : `names of Python's own library are kept, and of packages that are installed beside it: ${packages.join(", ")}`;
  return `redacted: no values, and stand-ins for the names of your own code, files and threads; ${kept}`;
}

/**
 * Writes the chunks that `chunks` makes once the output is open. Returns whether there was anything in them; at a signal, or
 * where it fails, nothing of it stays.
 */
export async function writeOutput(
  path: string | null,
  isSecret: boolean | undefined,
  chunks: (output: Output) => Promise<Chunks>,
): Promise<boolean> {
  let output: Output | null = null;
  // Before the temporary file is there, so that no signal falls between the two.
  const release = path === null ? () => {} : onSignals(() => output?.abandon());
  try {
    output = await openOutput({ path, stdoutFd: STDOUT, isSecret });
    if (output.temporaryPath === null) release();
    const isThere = await writeChunks(output, await chunks(output));
    output.finish();
    return isThere;
  } catch (error) {
    output?.abandon();
    throw error;
  } finally {
    release();
  }
}
