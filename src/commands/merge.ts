import { defineCommand } from "./shell/command.ts";
import {
  lastText,
  nameOptions,
  outputOptions,
  redactOptions,
  resolvedOption,
  resourceOptions,
  rowOptions,
} from "./shell/options.ts";

/** `coregram merge`. */
export const merge = defineCommand({
  line: "merge [parts..]",
  usage: "merge PART... [--top N | --all] [--symbols FILE]...",
  describe: "the words of a core, of the parts that words --part counted elsewhere",
  rows: `A row: how often a word occurs, the word, and its name where one is known: what coregram CORE prints.
All parts have to be there: it says which are missing, and those that it was given twice count once.`,
  positionals: {
    parts: { type: "string", array: true, describe: "what words CORE --part 1/N to N/N wrote" },
  },
  options: {
    core: {
      type: "string",
      requiresArg: true,
      coerce: lastText,
      describe: "the core that the parts are of, to name words [default: where it was, where it is there]",
      group: "Names:",
    },
    ...rowOptions,
    ...nameOptions,
    ...resolvedOption,
    ...outputOptions,
    ...redactOptions,
    memory: {
      ...resourceOptions.memory,
      describe: "use SIZE of memory (512M, 2G), then files in TMPDIR [default: a quarter of what there is]",
    },
  },
  examples: [
    ["$0 merge parts/*.parquet", "the ten most frequent words of all parts"],
    ["$0 merge parts/*.parquet --all -o words.txt", "every word, as coregram CORE --all prints it"],
  ],
  run: async (args) => (await import("./run/merge.ts")).runMerge(args),
});
