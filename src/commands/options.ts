import { availableParallelism, tmpdir, totalmem } from "node:os";
import type { Options } from "yargs";
import { CoregramError, parseSize, type WordShape } from "../terms/index.ts";
import { FORMATS, type Format, findFormat } from "../views/index.ts";

/** A whole number of at least `least`, for yargs to coerce. */
export function wholeNumber(option: string, least: number): (value: unknown) => number | undefined {
  return (value) => {
    if (value === undefined) return undefined;
    const text = String(last(value));
    const number = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least)
      throw new CoregramError("usage", `--${option} takes a whole number from ${least} on, not "${text}"`);
    return number;
  };
}

/** Of an option given twice the last one counts, as everywhere on a command line. */
function last(value: unknown): unknown {
  return Array.isArray(value) ? value.at(-1) : value;
}

function size(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const text = String(last(value));
  const bytes = parseSize(text);
  if (bytes === null)
    throw new CoregramError("usage", `--memory takes a size such as 512M or 2G, not "${text}"`);
  return bytes;
}

/** Options of every command that prints rows. */
export const commonOptions = {
  format: {
    alias: "f",
    choices: FORMATS.map(({ name }) => name),
    default: "plain",
    describe: "how rows are printed",
    group: "Output:",
  },
  output: {
    alias: "o",
    type: "string",
    requiresArg: true,
    describe: "write to FILE (beside it, then renamed) instead of stdout",
    group: "Output:",
  },
  color: {
    choices: ["auto", "always", "never"],
    default: "auto",
    describe: "colour in tables; auto: on a terminal without NO_COLOR",
    group: "Output:",
  },
  quiet: { alias: "q", type: "boolean", describe: "no notes, no progress: errors only", group: "Output:" },
  memory: {
    type: "string",
    requiresArg: true,
    coerce: size,
    describe: "memory before temporary files are used [default: a quarter of what there is]",
    group: "Resources:",
  },
  threads: {
    type: "string",
    requiresArg: true,
    coerce: wholeNumber("threads", 1),
    describe: "threads to count with [default: all processors, 8 at most]",
    group: "Resources:",
  },
} satisfies Record<string, Options>;

/** How the input's bytes are cut into words. */
export const inputOptions = {
  word: { choices: [4, 8], default: 8, describe: "bytes of a word", group: "Words:" },
  endian: {
    choices: ["little", "big"],
    default: "little",
    describe: "byte order of a word",
    group: "Words:",
  },
} satisfies Record<string, Options>;

export function formatNamed(name: string): Format {
  const format = findFormat(name);
  if (!format) throw new CoregramError("usage", `--format ${name} is not known`);
  return format;
}

export function shapeOf(args: { word: number; endian: string }): WordShape {
  return { bytes: args.word === 4 ? 4 : 8, endian: args.endian === "big" ? "big" : "little" };
}

/** Where temporary files go: TMPDIR, as the whole system has it. */
export const temporaryFolder = (): string => tmpdir();

/** More than 8 threads wait for the memory, not for a processor. */
const MOST_THREADS = 8;

/** A kernel memory ends at 4 GiB, and each thread needs some of it. */
const THREAD_LIMIT = 64;

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
