import { availableParallelism, tmpdir, totalmem } from "node:os";
import { CoregramError, type WordShape } from "../../terms/index.ts";
import { type Format, findFormat } from "../../views/index.ts";

/** The format of --format, which yargs has checked. */
export function formatNamed(name: string): Format {
  const format = findFormat(name);
  if (!format) throw new CoregramError("usage", `--format ${name} is not known`);
  return format;
}

/** 8-byte little-endian words unless something else is asked for. */
export function shapeOf(args: { word: number | undefined; endian: string | undefined }): WordShape {
  return { bytes: args.word === 4 ? 4 : 8, endian: args.endian === "big" ? "big" : "little" };
}

/** Where temporary files go: TMPDIR, as the whole system has it. */
export const temporaryFolder = (): string => tmpdir();

/** More than 8 threads wait for the memory, not for a processor. */
const MOST_THREADS = 8;

/** A kernel memory ends at 4 GiB, and each thread needs some of it. */
const THREAD_LIMIT = 64;

/** Threads to count with, the main one included. */
export function threadsOf(threads: number | undefined): number {
  return Math.min(threads ?? Math.min(availableParallelism(), MOST_THREADS), THREAD_LIMIT);
}

/** A quarter of what the machine or the cgroup allows, whichever is less. */
export function memoryOf(memory: number | undefined): number {
  if (memory !== undefined) return memory;
  // Without a limit it is 0 or near 2^64.
  const constrained = process.constrainedMemory();
  const all = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.floor(all / 4);
}

/** Whether tables are coloured: the option decides, else NO_COLOR (no-color.org), else whether it is a terminal. */
export function colorOf(color: string, toTerminal: boolean): boolean {
  if (color !== "auto") return color === "always";
  return toTerminal && !process.env.NO_COLOR;
}
