import type { Target, TargetOptions } from "../../image/index.ts";
import { CoregramError, type Listener } from "../../terms/index.ts";
import { openCore, requireCore } from "./input.ts";
import { memoryOf } from "./settings.ts";

/** The options of a living process, and of a file. */
export interface ProcessArgs {
  readonly pid: number | undefined;
  /** Whether it is stopped while it is copied. */
  readonly pause?: boolean | undefined;
  readonly memory: number | undefined;
  /** Whether a core that was cut short is refused. */
  readonly strict?: boolean | undefined;
}

/** What names what a command is about. */
export interface SubjectArgs extends ProcessArgs {
  readonly core: string | undefined;
}

/** The same of a command that takes several. */
export interface SubjectsArgs extends ProcessArgs {
  readonly cores?: readonly string[] | undefined;
  /** Whether --pid stands before the first of them. */
  readonly pidFirst?: boolean;
}

/** What a command is about: a file, or a process of which so much memory may be copied. */
export type Subject = FileSubject | LiveSubject;

interface FileSubject {
  readonly core: string | undefined;
  readonly strict?: boolean | undefined;
}

interface LiveSubject {
  readonly pid: number;
  readonly memory: number;
  /** Copies that have to find room in that; one unless told. */
  readonly copies?: number;
  readonly pause: boolean;
}

/**
 * The CORE argument or --pid.
 * @throws CoregramError `usage` where it is neither, or both
 */
export function requireSubject({ core, pid, memory, pause, strict }: SubjectArgs): Subject {
  if (pid !== undefined && core !== undefined)
    throw new CoregramError("usage", `--pid ${pid} stands in place of CORE: not both it and ${core}`);
  if (pid !== undefined) return { pid, memory: memoryOf(memory), pause: pause === true };
  requireCore(core);
  return { core, strict };
}

/**
 * The PID argument of what is about a living process alone.
 * @param usage how the command is called
 * @throws CoregramError `usage` where it is none
 */
export function requirePid(given: string | undefined, usage: string): number {
  if (given === undefined) throw new CoregramError("usage", `no PID given: ${usage}; ps -e lists processes`);
  if (/^[1-9]\d{0,9}$/.test(given)) return Number(given);
  throw new CoregramError("usage", `"${given}" is no PID: ${usage}; ps -e lists processes`);
}

/** The subjects in their order on the command line, the older first. */
export function subjectsOf({ cores = [], pid, memory, pause, pidFirst, strict }: SubjectsArgs): Subject[] {
  const files = cores.map((core) => ({ core, strict }));
  if (pid === undefined) return files;
  const living = { pid, memory: memoryOf(memory), pause: pause === true };
  return pidFirst ? [living, ...files] : [...files, living];
}

/** The file; empty for a process, which has none. */
export function pathOf(subject: Subject): string {
  return "pid" in subject ? "" : requireCore(subject.core);
}

/** The files among the subjects. */
export function pathsOf(subjects: readonly Subject[]): string[] {
  return subjects.filter((subject) => !("pid" in subject)).map(pathOf);
}

/** Opens it, as `openTarget` and `openProcess` do. */
export async function openSubject(
  subject: Subject,
  options: TargetOptions,
  listener: Listener,
): Promise<Target> {
  if (!("pid" in subject)) return openCore(subject.core, { ...options, strict: subject.strict }, listener);
  if (options.base !== undefined)
    throw new CoregramError("usage", "--base is for raw files: a process says where its memory is");
  const { pid, memory, copies, pause } = subject;
  // Loaded here: most runs are of a core.
  const { openProcess } = await import("../../image/live/open.ts");
  const { stopProcess } = await import("../pause/stop-process.ts");
  const target = `--pid ${pid}`;
  const say = (text: string) => listener({ kind: "note", target, text: `pid ${pid} ${text}` });
  return openProcess(
    pid,
    { memory, copies, stop: pause ? () => stopProcess(pid, say) : undefined },
    listener,
  );
}
