import { defineCommand } from "./shell/command.ts";
import {
  coreArgument,
  nameOptions,
  outputOptions,
  redactOptions,
  resolvedOption,
  resourceOptions,
  rowOptions,
  targetOptions,
  wordOptions,
} from "./shell/options.ts";

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
    ["cat heap.bin | $0 - --word 4", "a raw heap from a pipe, as 4-byte words"],
  ],
  run: async (args) => (await import("./run/words.ts")).runWords(args),
});
