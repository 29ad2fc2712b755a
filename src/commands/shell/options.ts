import type { Options } from "yargs";
import {
  type Address,
  CoregramError,
  formatBytes,
  parseAddress,
  parseDuration,
  parseSize,
} from "../../terms/index.ts";
import { FORMATS, type Format } from "../../views/index.ts";
import { LEAST_MEMORY } from "../../words/index.ts";

/** A whole number from `least` to `most`, for yargs to coerce. */
export function wholeNumber(
  option: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): (value: unknown) => number | undefined {
  return (value) => {
    if (value === undefined) return undefined;
    const text = String(last(value));
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    // Where there is no end that a user would meet, none is named.
    const range = most < Number.MAX_SAFE_INTEGER || number > most ? `to ${most}` : "on";
    throw new CoregramError(
      "usage",
      `--${option} takes a whole number from ${least} ${range}, not "${text}"`,
    );
  };
}

/** Of an option given twice the last one counts, as everywhere on a command line. */
function last(value: unknown): unknown {
  return Array.isArray(value) ? value.at(-1) : value;
}

/** The same of a text: empty for an option whose value may be left out, and was. */
export function lastText(value: unknown): string | undefined {
  return value === undefined ? undefined : String(last(value));
}

/** The last of the choices given; yargs has checked each of them. */
export function lastChoice<Choice>(value: unknown): Choice {
  return last(value) as Choice;
}

/** An amount of memory of at least so many bytes, for yargs to coerce. */
function memorySize(least: number, option = "memory"): (value: unknown) => number | undefined {
  return (value) => {
    if (value === undefined) return undefined;
    const text = String(last(value));
    const bytes = parseSize(text);
    if (bytes === null)
      throw new CoregramError("usage", `--${option} takes a size such as 512M or 2G, not "${text}"`);
    if (bytes >= least) return bytes;
    throw new CoregramError("usage", `--${option} is ${formatBytes(least)} at the least, not "${text}"`);
  };
}

/** An option that takes a size of at least so many bytes. */
export function sizeOption(option: string, least: number) {
  return { type: "string", requiresArg: true, coerce: memorySize(least, option) } as const;
}

/** Less than the smallest process has is a slip. */
const LEAST_COPIED = 2 ** 20;

/** A time in milliseconds, for yargs to coerce. */
export function duration(option: string): (value: unknown) => number | undefined {
  return (value) => {
    if (value === undefined) return undefined;
    const text = String(last(value));
    const millis = parseDuration(text);
    if (millis !== null && millis > 0 && millis <= MOST_MILLIS) return millis;
    throw new CoregramError(
      "usage",
      `--${option} takes a time such as 60s, 5m or 1h, up to 24h, not "${text}"`,
    );
  };
}

const MOST_MILLIS = 24 * 3_600_000;

function baseAddress(value: unknown): Address | undefined {
  if (value === undefined) return undefined;
  const text = String(last(value));
  const at = parseAddress(text);
  if (at === null)
    throw new CoregramError(
      "usage",
      `--base takes an address of up to 16 hex digits, such as 0x7f0000000000, not "${text}"`,
    );
  return at;
}

/** pid_t is a signed number of 32 bits (System V ABI). */
const MOST_PID = 2 ** 31 - 1;

/** The file that a command is about. */
export const coreArgument = {
  type: "string",
  describe: "an ELF core or any file of words, compressed or not; - for stdin",
} as const;

/** What may be copied of a process. */
export const copyOption = {
  type: "string",
  requiresArg: true,
  coerce: memorySize(LEAST_COPIED),
  describe: "copy no more than SIZE (512M, 2G) [default: a quarter of what there is]",
  group: "Process:",
} satisfies Options;

/** A living process in place of a core, and what is made of a core that was cut short. */
export const targetOptions = {
  pid: {
    type: "string",
    requiresArg: true,
    coerce: wholeNumber("pid", 1, MOST_PID),
    describe: "in place of CORE: the living process PID, whose memory is copied; nothing runs in it",
    group: "Process:",
  },
  pause: {
    type: "boolean",
    implies: "pid",
    describe: "stop the process while it is copied: it goes on whatever becomes of this program",
    group: "Process:",
  },
  strict: {
    type: "boolean",
    describe: "refuse a core that was cut short, compressed or not, where as much as there is would be read",
    group: "Input:",
  },
} satisfies Record<string, Options>;

/** The same of what takes little memory itself. */
export const processOptions = {
  ...targetOptions,
  memory: { ...copyOption, implies: "pid" },
} satisfies Record<string, Options>;

/** Which rows of words are printed. */
export const rowOptions = {
  top: {
    alias: "n",
    type: "string",
    requiresArg: true,
    coerce: wholeNumber("top", 1),
    describe: "print the N most frequent words [default: 10]",
    group: "Rows:",
  },
  all: { type: "boolean", describe: "print every different word", conflicts: "top", group: "Rows:" },
  "min-count": {
    type: "string",
    requiresArg: true,
    coerce: wholeNumber("min-count", 1),
    describe: "print words that occur at least N times: all of them, without --top",
    group: "Rows:",
  },
} satisfies Record<string, Options>;

/** Where names come from. */
export const nameOptions = {
  symbols: {
    alias: "s",
    type: "string",
    array: true,
    nargs: 1,
    describe:
      "name words by a symbol map (nm, System.map, kallsyms, readelf, objdump, perf, ADDRESS NAME, gdb's info symbol) or an ELF file (FILE@BIAS where it was loaded); repeatable",
    group: "Names:",
  },
  nearest: {
    type: "boolean",
    describe: "where a symbol has no size, give its name to all addresses up to the next (a guess)",
    group: "Names:",
  },
  sysroot: {
    type: "string",
    requiresArg: true,
    coerce: lastText,
    describe: "look for the program and its libraries under DIR [default: /]",
    group: "Names:",
  },
  "no-modules": {
    type: "boolean",
    describe: "do not read the program and its libraries for names",
    group: "Names:",
  },
  "no-demangle": { type: "boolean", describe: "leave C++ and Rust names as they are", group: "Names:" },
  "no-names": {
    type: "boolean",
    describe: "no names at all: just counts and words",
    conflicts: "resolved",
    group: "Names:",
  },
} satisfies Record<string, Options>;

export const resolvedOption = {
  resolved: { type: "boolean", describe: "print only words that have a name", group: "Names:" },
} satisfies Record<string, Options>;

/** Which bytes of the input are counted, and how they are cut into words. */
export const wordOptions = {
  scope: {
    choices: ["all", "memory", "writable"],
    coerce: lastChoice<string | undefined>,
    requiresArg: true,
    describe:
      "count all of the file, the memory saved in it, or only writable memory that is not a shared file's [default: all; of a process memory]",
    group: "Words:",
  },
  word: { choices: [4, 8], requiresArg: true, describe: "bytes in a word [default: 8]", group: "Words:" },
  endian: {
    choices: ["little", "big"],
    coerce: lastChoice<string | undefined>,
    requiresArg: true,
    describe: "byte order of a word [default: little]",
    group: "Words:",
  },
  base: {
    type: "string",
    requiresArg: true,
    coerce: baseAddress,
    describe: "the input is raw memory that begins at ADDR",
    group: "Words:",
  },
} satisfies Record<string, Options>;

/** What the counting may take. */
export const resourceOptions = {
  memory: {
    type: "string",
    requiresArg: true,
    coerce: memorySize(LEAST_MEMORY),
    describe:
      "use SIZE of memory (512M, 2G), then files in TMPDIR, and copy no more of a process [default: a quarter of what there is]",
    group: "Resources:",
  },
  threads: {
    type: "string",
    requiresArg: true,
    coerce: wholeNumber("threads", 1),
    describe: "count with N threads [default: one a processor, 8 at most]",
    group: "Resources:",
  },
} satisfies Record<string, Options>;

/** Which owners are printed, and what of them. */
export const ownerOptions = {
  holds: {
    type: "string",
    requiresArg: true,
    coerce: wholeNumber("holds", 0),
    describe: "below each owner, the N types that it keeps most of",
    group: "Rows:",
  },
  type: {
    type: "string",
    requiresArg: true,
    coerce: lastText,
    describe:
      "who holds the objects of the type NAME (Product where only one type is called so), items folded",
    conflicts: ["of", "tree", "depth", "suspects"],
    group: "Rows:",
  },
  of: {
    type: "string",
    requiresArg: true,
    coerce: lastText,
    describe:
      "the object at the address, or of the path, what refers to it, and what it cannot be reached without",
    conflicts: ["tree", "depth", "suspects"],
    group: "Rows:",
  },
  tree: { type: "boolean", describe: "owners below those that they are held by", group: "Rows:" },
  depth: {
    type: "string",
    requiresArg: true,
    coerce: wholeNumber("depth", 1),
    describe: "the same, N levels deep [default: 3]",
    group: "Rows:",
  },
  unfold: {
    type: "boolean",
    describe: "a row each for owners that differ only in which item, thread or task they are",
    conflicts: ["type", "of"],
    group: "Rows:",
  },
  suspects: {
    type: "boolean",
    describe: "only what looks like a leak, and why",
    conflicts: ["tree", "depth"],
    group: "Rows:",
  },
  lines: {
    type: "boolean",
    describe: "below each owner, the lines that allocated what it keeps: where tracemalloc was tracing",
    conflicts: ["type", "of"],
    group: "Rows:",
  },
} satisfies Record<string, Options>;

/** How and where a command prints. */
export const outputOptions = {
  format: {
    alias: "f",
    choices: FORMATS.map(({ name }) => name),
    coerce: lastChoice<string>,
    requiresArg: true,
    default: "plain",
    describe: "how rows are printed",
    group: "Output:",
  },
  output: {
    alias: "o",
    type: "string",
    requiresArg: true,
    coerce: lastText,
    describe: "write to FILE instead of stdout; FILE changes only once all is written",
    group: "Output:",
  },
  color: {
    choices: ["auto", "always", "never"],
    coerce: lastChoice<string>,
    requiresArg: true,
    default: "auto",
    describe: "colour in tables; auto: on a terminal without NO_COLOR",
    group: "Output:",
  },
  quiet: {
    alias: "q",
    type: "boolean",
    describe: "no notes, no progress: errors only",
    group: "Output:",
  },
} satisfies Record<string, Options>;

/** What may leave the house. */
export const redactOptions = {
  redact: {
    type: "boolean",
    describe:
      "no values (texts, numbers, variables, command lines, paths of files), and stand-ins for names of your own code: what is printed can be sent",
    group: "Output:",
  },
  "redact-key": {
    type: "string",
    requiresArg: true,
    coerce: lastText,
    describe: "the same, with the key in FILE: its stand-ins are the same in every run with it",
    group: "Output:",
  },
} satisfies Record<string, Options>;

/** The same of a command whose rows have other forms, too. */
export function formatOption(...more: readonly Format[]) {
  const { choices, ...rest } = outputOptions.format;
  return { ...rest, choices: [...choices, ...more.map(({ name }) => name)] };
}
