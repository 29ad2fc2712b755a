import type { SharedSource } from "../../bytes/index.ts";
import { CoregramError, formatBytes, formatCount, type Listener } from "../../terms/index.ts";
import { openCore } from "../core.ts";
import { Target } from "../target.ts";
import { readAboutProcess, rootOfProcess } from "./about.ts";
import { MemoryFile } from "./memory-file.ts";
import { accessError, requireProcess } from "./no-access.ts";
import { procFolder } from "./proc-file.ts";
import type { CopyRoom } from "./room.ts";
import {
  copyProcess,
  coreOf,
  makeRoom,
  type ProcessPlan,
  planProcess,
  readInPlace,
  type TakenMemory,
} from "./take.ts";

/** How a process is read. */
export interface ProcessOptions {
  /**
   * Bytes of its memory that may be copied: about what it takes here. One that has more, and is stopped, is read where it
   * stands, and stays stopped until the target is closed.
   */
  readonly memory: number;
  /** Copies of it that share that; one unless told. */
  readonly copies?: number | undefined;
  /** Stops the process before it is read; what comes of it lets the process go on, once it is copied. */
  readonly stop?: ((pid: number) => Promise<() => void>) | undefined;
  /** Where to copy: of what is read again and again, each copy takes the place of the last. */
  readonly room?: CopyRoom | undefined;
}

/**
 * Copies a living process to a core that is held in memory: nothing runs in the process, nothing is written, and all
 * answers are of that one copy. Pages that it never touched are not read: they are zeros. One that is stopped, and has
 * more memory than may be copied, is no copy, but read as it stays stopped.
 * @param listener hears notes, warnings and progress
 * @throws CoregramError `io` where there is no such process, or it may not be read, `changed` where it ends meanwhile,
 * `limit` where it has more memory than may be copied
 */
export async function openProcess(
  pid: number,
  options: ProcessOptions,
  listener: Listener = () => {},
): Promise<Target> {
  return openTaken(await takeWithNotes(pid, options, listener)).target;
}

/** It as what is asked, which closes it, and the core's file that it is. */
export function openTaken(taken: TakenMemory): { readonly target: Target; readonly source: SharedSource } {
  const { pid } = taken.about.status;
  const name = `--pid ${pid}`;
  try {
    const source = coreOf(taken, name);
    const core = openCore(source);
    if (core === null) throw new RangeError("a process was read, and is no core");
    const process = { pid, folder: procFolder(pid), root: rootOfProcess(pid) };
    const contents = { source, core: { ...core, process }, image: core.image, broken: null, cut: null };
    return { target: new Target(contents, null), source };
  } catch (error) {
    taken.memory.close();
    throw error;
  }
}

/** Takes a process, and says what of it is not known. */
export async function takeWithNotes(
  pid: number,
  options: ProcessOptions,
  listener: Listener,
): Promise<TakenMemory> {
  const target = `--pid ${pid}`;
  const taken = await take(pid, options, (event) => listener({ ...event, target }));
  warnOf(taken, (text) => listener({ kind: "warning", target, text }));
  return taken;
}

/** Says what of a process is not known. */
export function warnOf(
  { lostBytes, threads }: Pick<TakenMemory, "lostBytes" | "threads">,
  warn: (text: string) => void,
): void {
  if (lostBytes > 0) warn(`${formatBytes(lostBytes)} went away while it was read, and is not known`);
  const running = threads.filter(({ registers }) => registers === null).length;
  if (running > 0)
    warn(
      `${formatCount(running)} of ${formatCount(threads.length)} threads ran while it was read: what only their stacks hold is not seen`,
    );
}

async function take(
  pid: number,
  { memory: most, copies = 1, stop, room }: ProcessOptions,
  listener: (event: OwnEvent) => void,
): Promise<TakenMemory> {
  requireProcess(pid);
  let memory: MemoryFile | null = null;
  let resume: (() => void) | undefined;
  try {
    memory = new MemoryFile(pid);
    // Its state is what it was before.
    const about = readAboutProcess(pid);
    const fits = (plan: ProcessPlan) => {
      const isEnough = plan.bytes * copies <= most;
      // Several copies are of several moments, and it cannot stay as it is in between.
      if (!isEnough && (!stop || copies > 1)) throw noRoom(plan, most, copies);
      return isEnough;
    };
    const before = planProcess(about, memory);
    const made = fits(before) && stop && !room ? await makeRoom(before) : null;
    resume = await stop?.(pid);
    const plan = stop ? planProcess(about, memory) : before;
    if (fits(plan)) {
      const progress = (done: number, all: number) =>
        listener({ kind: "progress", stage: "copying", done, all, bytes: done });
      const to = room?.clear(plan) ?? made;
      return await copyProcess(plan, memory, { made: to, isAwaited: stop !== undefined, progress });
    }
    listener({
      kind: "note",
      text: `pid ${pid} has ${formatBytes(plan.bytes)} of memory, and ${formatBytes(most)} may be copied: it stays stopped while it is read`,
    });
    const taken = readInPlace(plan, memory, resume ?? (() => {}));
    // These are its own to close.
    memory = null;
    resume = undefined;
    return taken;
  } catch (error) {
    throw accessError(pid, error);
  } finally {
    resume?.();
    memory?.close();
  }
}

/** What is heard of a process that is taken, without its name. */
type OwnEvent =
  | { readonly kind: "note"; readonly text: string }
  | {
      readonly kind: "progress";
      readonly stage: string;
      readonly done: number;
      readonly all: number;
      readonly bytes: number;
    };

function noRoom({ about, bytes }: ProcessPlan, most: number, copies: number): CoregramError {
  const { pid } = about.status;
  const all = copies > 1 ? `, of which ${copies} copies are made` : "";
  const needed = `--memory ${Math.ceil((bytes * copies) / 2 ** 20)}M`;
  const other = copies > 1 ? "" : ", and with --pause it is read where it stands";
  return new CoregramError(
    "limit",
    `pid ${pid} has ${formatBytes(bytes)} of memory${all}, and ${formatBytes(most)} may be copied: ${needed} allows more${other}`,
  );
}
