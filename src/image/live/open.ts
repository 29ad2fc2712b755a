import { heldSource } from "../../bytes/index.ts";
import { formatBytes, formatCount, type Listener } from "../../terms/index.ts";
import { openCore } from "../core.ts";
import { Target } from "../target.ts";
import { readAboutProcess, rootOfProcess } from "./about.ts";
import { MemoryFile } from "./memory-file.ts";
import { accessError, requireProcess } from "./no-access.ts";
import { procFolder } from "./proc-file.ts";
import type { CopyRoom } from "./room.ts";
import { copyProcess, frameCopy, makeRoom, type ProcessCopy, planProcess } from "./take.ts";

/** How a process is read. */
export interface ProcessOptions {
  /** Bytes of its memory that may be copied: about what it takes here. */
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
 * answers are of that one copy. Pages that it never touched are not read: they are zeros.
 * @param listener hears notes, warnings and progress
 * @throws CoregramError `io` where there is no such process, or it may not be read, `changed` where it ends meanwhile,
 * `limit` where it has more memory than may be copied
 */
export async function openProcess(
  pid: number,
  options: ProcessOptions,
  listener: Listener = () => {},
): Promise<Target> {
  return targetOf(await copyWithNotes(pid, options, listener));
}

/** A copy as what is asked: its frame is written. */
export function targetOf(copy: ProcessCopy): Target {
  const { pid } = copy.about.status;
  const source = heldSource(`--pid ${pid}`, copy.bytes, frameCopy(copy));
  const core = openCore(source);
  if (core === null) throw new RangeError("a process was copied, and is no core");
  const process = { pid, folder: procFolder(pid), root: rootOfProcess(pid) };
  return new Target({ source, core: { ...core, process }, image: core.image, broken: null, cut: null }, null);
}

/** Copies a process, and says what of it is not known. */
export async function copyWithNotes(
  pid: number,
  options: ProcessOptions,
  listener: Listener,
): Promise<ProcessCopy> {
  const target = `--pid ${pid}`;
  const copy = await takeCopy(pid, options, (done, all) =>
    listener({ kind: "progress", target, stage: "copying", done, all, bytes: done }),
  );
  const warn = (text: string) => listener({ kind: "warning", target, text });
  if (copy.lostBytes > 0)
    warn(`${formatBytes(copy.lostBytes)} went away while it was read, and is not known`);
  const running = copy.threads.filter(({ registers }) => registers === null).length;
  if (running > 0)
    warn(
      `${formatCount(running)} of ${formatCount(copy.threads.length)} threads ran while it was read: what only their stacks hold is not seen`,
    );
  return copy;
}

async function takeCopy(
  pid: number,
  { memory: most, copies = 1, stop, room }: ProcessOptions,
  progress: (done: number, all: number) => void,
): Promise<ProcessCopy> {
  requireProcess(pid);
  let memory: MemoryFile | null = null;
  let resume: (() => void) | undefined;
  try {
    memory = new MemoryFile(pid);
    // Its state is what it was before.
    const about = readAboutProcess(pid);
    const made = stop && !room ? await makeRoom(planProcess(about, memory, most, copies)) : null;
    resume = await stop?.(pid);
    const plan = planProcess(about, memory, most, copies);
    return await copyProcess(plan, memory, progress, room?.clear(plan) ?? made);
  } catch (error) {
    throw accessError(pid, error);
  } finally {
    resume?.();
    memory?.close();
  }
}
