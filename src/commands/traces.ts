import { tracemalloc } from "../views/index.ts";
import { defineCommand } from "./shell/command.ts";
import {
  coreArgument,
  formatOption,
  lastChoice,
  lastText,
  nameOptions,
  outputOptions,
  processOptions,
  redactOptions,
  resourceOptions,
  rowOptions,
  wholeNumber,
} from "./shell/options.ts";

/** `coregram traces`. */
export const traces = defineCommand({
  line: "traces [core]",
  usage: "traces CORE [--by line|file|traceback|type|owner] [--cumulative] [--since [SNAPSHOT]]",
  describe:
    "where its memory was allocated: what tracemalloc wrote down in the process, read out of the core",
  rows: "A row: bytes, blocks, bytes of a block; the line, the file, or the frames of the traceback, the most recent call first.\nBy type the type of the objects in the blocks stands in front of the line, by owner who holds them, too; - for none.\nWith --since, as of diff: bytes now, and more than then; blocks now, and more than then; the place.\n-f tracemalloc prints the lines that str() of tracemalloc's statistics has.",
  positionals: { core: coreArgument },
  options: {
    ...processOptions,
    by: {
      choices: ["line", "file", "traceback", "type", "owner"],
      coerce: lastChoice<string>,
      requiresArg: true,
      default: "line",
      describe: "what a row is; by type and owner the heap is read as well",
      group: "Rows:",
    },
    cumulative: {
      type: "boolean",
      describe: "count a block at each frame of its traceback, not just at the most recent",
      group: "Rows:",
    },
    frames: {
      type: "string",
      requiresArg: true,
      coerce: wholeNumber("frames", 1),
      describe: "of each traceback, only the N most recent frames",
      group: "Rows:",
    },
    domain: {
      type: "string",
      requiresArg: true,
      coerce: wholeNumber("domain", 0),
      describe: "only blocks of domain N: 0 is Python's own, others are extensions'",
      group: "Rows:",
    },
    since: {
      type: "string",
      coerce: lastText,
      describe:
        "what came since a tracemalloc.Snapshot that the process kept: its path, 0xADDRESS or number in their list; the newest if that is left out. For that the heap is read",
      group: "Rows:",
    },
    top: { ...rowOptions.top, describe: "print the first N rows [default: 10]" },
    all: { ...rowOptions.all, describe: "print every row" },
    sysroot: nameOptions.sysroot,
    "no-modules": nameOptions["no-modules"],
    ...outputOptions,
    ...redactOptions,
    format: formatOption(tracemalloc),
    threads: resourceOptions.threads,
  },
  examples: [
    ["$0 traces core.25867 -f table", "the lines that allocated most, if PYTHONTRACEMALLOC was set"],
    ["$0 traces core.25867 --by owner", "who holds what these lines allocated"],
    ["$0 traces core.25867 --by traceback -n 1", "how the largest of them came to be called"],
  ],
  run: async (args) => (await import("./run/traces.ts")).runTraces(args),
});
