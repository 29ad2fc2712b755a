import { tracemalloc } from "../views/index.ts";
import { defineCommand } from "./shell/command.ts";
import {
  coreArgument,
  duration,
  formatOption,
  lastChoice,
  nameOptions,
  outputOptions,
  processOptions,
  redactOptions,
  resourceOptions,
  rowOptions,
} from "./shell/options.ts";

/** `coregram diff`. */
export const diff = defineCommand({
  line: "diff [cores..]",
  usage: "diff OLD NEW... | --pid PID --wait 60s [--by type|owner|word|balance|line|…]",
  describe:
    "what grew between two cores, the older first, or over more: by type, owner, line, word or balance",
  rows: "A row: bytes now, and more than before; how many now, and more than before; of owners the items, and more than before; the name.\nOf more than two cores: bytes in each, more in the last than in the first, the name.",
  positionals: { cores: { ...coreArgument, type: "string", array: true } },
  options: {
    ...processOptions,
    wait: {
      type: "string",
      requiresArg: true,
      coerce: duration("wait"),
      implies: "pid",
      describe: "compare the process with itself, after TIME (60s, 5m)",
      group: "Process:",
    },
    by: {
      choices: ["type", "owner", "word", "balance", "line", "file", "traceback"],
      coerce: lastChoice<string>,
      requiresArg: true,
      default: "type",
      describe:
        "what is compared; line, file and traceback are where memory was allocated, by tracemalloc's tables in the cores",
      group: "Rows:",
    },
    new: {
      type: "boolean",
      describe: "of one process: count objects at whose address was none of the same type",
      group: "Rows:",
    },
    top: { ...rowOptions.top, describe: "print the first N names [default: 10]" },
    all: { ...rowOptions.all, describe: "print every name that changed" },
    sysroot: nameOptions.sysroot,
    "no-modules": nameOptions["no-modules"],
    ...outputOptions,
    ...redactOptions,
    format: formatOption(tracemalloc),
    threads: resourceOptions.threads,
  },
  examples: [
    ["$0 diff before.core after.core --by owner", "who holds more than before"],
    ["$0 diff before.core after.core --by line", "which lines allocated it, where tracemalloc was tracing"],
    ["$0 diff --pid 25867 --wait 60s --by owner", "who holds more than a minute before, in a living process"],
  ],
  run: async (args) => (await import("./run/diff.ts")).runDiff(args),
});
