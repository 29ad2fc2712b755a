import { MOST_PARTS, type PartNumber } from "../answers/part-info.ts";
import { CoregramError } from "../terms/index.ts";
import { defineCommand } from "./shell/command.ts";
import {
  coreArgument,
  lastText,
  nameOptions,
  outputOptions,
  redactOptions,
  resolvedOption,
  resourceOptions,
  rowOptions,
  targetOptions,
  wordOptions,
} from "./shell/options.ts";

function partNumber(value: unknown): PartNumber | undefined {
  const text = lastText(value);
  if (text === undefined) return undefined;
  const [, part = "", of = ""] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  const numbers = { part: Number(part), of: Number(of) };
  if (part !== "" && numbers.part >= 1 && numbers.part <= numbers.of && numbers.of <= MOST_PARTS)
    return numbers;
  throw new CoregramError(
    "usage",
    `--part takes K/N, the part K of N, such as 3/64: K from 1 to N, N up to ${MOST_PARTS}, not "${text}"`,
  );
}

/** What decides about rows and names, which a part has none of: coregram merge takes it. */
const OF_MERGE = [
  ...Object.keys(rowOptions),
  ...Object.keys(nameOptions),
  ...Object.keys(resolvedOption),
  "pid",
];

/** `coregram CORE`. */
export const words = defineCommand({
  line: "$0 [core]",
  alias: "words",
  usage: "CORE [--top N | --all] [--symbols FILE]...",
  describe: "what words fill it: an exact histogram (the default)",
  rows: `A row: how often a word occurs, the word, and its name where one is known.
gcore PID makes a core of a running process. A file called like a command is ./info.
Exit status: 0 done, 1 failed, 2 wrong usage.`,
  positionals: { core: coreArgument },
  options: {
    ...targetOptions,
    ...rowOptions,
    ...nameOptions,
    ...resolvedOption,
    ...wordOptions,
    part: {
      type: "string",
      requiresArg: true,
      coerce: partNumber,
      conflicts: OF_MERGE,
      describe:
        "count part K of N of the file alone, as Parquet for coregram merge: K/N, such as 3/64; its other bytes are not read",
      group: "Words:",
    },
    ...outputOptions,
    ...redactOptions,
    ...resourceOptions,
  },
  examples: [
    ["$0 core.25867", "the ten most frequent words of a core, named by the program's own files"],
    ["$0 core.25867 --symbols syms.txt", "the same, with the names of a symbol map"],
    ["$0 core.25867 --scope writable --resolved", "which functions and types its data points to"],
    ["$0 core.25867 --all | grep 009587e0", "every word, as uniq -c | sort -nr prints it"],
    ["$0 core.25867.zst --top 30 --format json", "compressed input, output for a program"],
    ["$0 words core.25867 --part 3/64 -o 3.parquet", "a 64th of it, for coregram merge"],
    ["cat heap.bin | $0 - --word 4", "a raw heap from a pipe, as 4-byte words"],
  ],
  run: async (args) => (await import("./run/words.ts")).runWords(args),
});
