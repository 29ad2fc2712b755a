import { frameLine } from "../../views/index.ts";
import { requireFolder } from "../shell/answer-folder.ts";
import { openDescriptorOutput } from "../shell/descriptor-output.ts";
import { Notes } from "../shell/notes.ts";
import { type RedactArgs, redactorOf, refuseRedacted } from "../shell/redaction.ts";
import { memoryOf, modulesOf } from "../shell/settings.ts";
import { requirePid } from "../shell/subject.ts";
import { parseCondition } from "../watch/condition.ts";
import { Control } from "../watch/control.ts";
import { describeNeverHolds } from "../watch/never-holds.ts";
import { onReaderGone } from "../watch/on-reader-gone.ts";
import { Printer } from "../watch/printer.ts";
import { Screen } from "../watch/screen.ts";
import { describeShared } from "../watch/shared-cgroup.ts";
import { type Onlooker, Watcher, type WatcherOptions } from "../watch/watcher.ts";

export interface WatchArgs extends RedactArgs {
  readonly pid: string | undefined;
  readonly interval: number | undefined;
  readonly count: number | undefined;
  readonly owners: number | undefined;
  readonly children: boolean | undefined;
  readonly values: boolean | undefined;
  readonly memory: number | undefined;
  readonly when: readonly string[] | undefined;
  readonly output: string | undefined;
  readonly dump: boolean | undefined;
  readonly once: boolean | undefined;
  readonly top: number | undefined;
  readonly sysroot: string | undefined;
  readonly noModules: boolean | undefined;
  readonly quiet: boolean | undefined;
  readonly threads: number | undefined;
}

const DEFAULT = { intervalMillis: 2000, ownersEvery: 10, rows: 10 } as const;
const STDOUT = 1;

/** `coregram watch PID`: a living process, again and again. */
export async function runWatch(args: WatchArgs): Promise<undefined> {
  const redactor = await redactorOf(args);
  if (args.dump)
    refuseRedacted(args, "a core is all that the process had in memory: watch --dump takes no --redact");
  const options = { ...watcherOptions(args), redactor };
  const notes = new Notes(args.quiet === true);
  if (options.conditions.length > 0) {
    requireFolder(options.folder);
    const shared = describeShared(options.pid);
    if (shared !== null) notes.warn(shared);
    for (const never of describeNeverHolds(options.pid, options.conditions, options.children))
      notes.warn(never);
  }
  const control = new Control();
  const isDumb = process.stdout.isTTY && process.env.TERM === "dumb";
  if (!process.stdout.isTTY || isDumb) {
    const release = onReaderGone(STDOUT, () => control.end());
    try {
      await new Watcher(options, isDumb ? new Printer(notes) : lines(notes), control).run();
    } finally {
      release();
    }
    return undefined;
  }
  const screen = new Screen(control);
  screen.open();
  try {
    // It sorts and filters by itself.
    await new Watcher({ ...options, rows: args.top ?? Number.POSITIVE_INFINITY }, screen, control).run();
  } finally {
    screen.close();
  }
  for (const note of screen.notes) notes.say(note);
  return undefined;
}

function watcherOptions(args: WatchArgs): Omit<WatcherOptions, "redactor"> {
  const pid = requirePid(args.pid, "coregram watch PID");
  const rows = args.top ?? DEFAULT.rows;
  return {
    pid,
    children: args.children === true,
    intervalMillis: args.interval ?? DEFAULT.intervalMillis,
    count: args.count ?? Number.POSITIVE_INFINITY,
    ownersEvery: args.owners ?? DEFAULT.ownersEvery,
    ...{ rows, limit: rows },
    values: args.values === true,
    memory: memoryOf(args.memory),
    conditions: (args.when ?? []).map(parseCondition),
    folder: args.output ?? ".",
    dump: args.dump === true,
    once: args.once === true,
    ...modulesOf(args),
    threads: args.threads,
  };
}

/** A frame a line, for programs. */
function lines(notes: Notes): Onlooker {
  const output = openDescriptorOutput(STDOUT, "standard output", false);
  return {
    frame: async (frame) => {
      await output.write(frameLine(frame));
    },
    note: (text) => notes.say(text),
  };
}
