import { flamegraph, pyspy } from "../views/index.ts";
import { defineCommand } from "./shell/command.ts";
import {
  coreArgument,
  formatOption,
  nameOptions,
  outputOptions,
  processOptions,
  redactOptions,
} from "./shell/options.ts";

/** `coregram stacks`. */
export const stacks = defineCommand({
  line: "stacks [core]",
  usage: "stacks CORE [--reverse] [--unfold] [--locals] [--no-paths] [--tasks|--generators]",
  describe: "what each Python thread was doing: its frames with file and line, the most recent call first",
  rows: "A row: the thread's number, how many threads have this stack, the frame's depth, 0 for the most recent call; its function; its file and line; behind the most recent call, what the thread has and waits for. Stacks of greenlets that wait, where there are any, have greenlet in place of the thread, and how many. A line of --locals: thread, threads, depth, name, type, bytes, value. A row of --tasks: the task's address, how many wait for it one for the other, its state; its name; the function that it is in; its file and line; the type of what it waits for. A row of --generators: how many, kind, state; function; file and line; the type of what they await, - for none. ? where that is not known.\n-f pyspy prints threads as py-spy dump does.",
  positionals: { core: coreArgument },
  options: {
    ...processOptions,
    reverse: { type: "boolean", describe: "the most recent call last", group: "Rows:" },
    unfold: {
      type: "boolean",
      describe: "each thread by itself, those with the same stack too",
      group: "Rows:",
    },
    locals: {
      type: "boolean",
      describe:
        "the variables of each frame: types, bytes, values of the process cut short; and what exceptions were made of",
      group: "Rows:",
    },
    tasks: {
      type: "boolean",
      describe:
        "in place of threads, asyncio's tasks that have not ended: which waits for which, and where each is",
      conflicts: ["reverse", "unfold", "locals", "no-paths"],
      group: "Rows:",
    },
    generators: {
      type: "boolean",
      describe:
        "in place of threads, generators, coroutines and async generators that have not ended: how many, in which state, where",
      conflicts: ["reverse", "unfold", "locals", "no-paths", "tasks"],
      group: "Rows:",
    },
    "no-paths": {
      type: "boolean",
      describe:
        "do not read the heap: without the paths of locks that threads wait for, and without greenlets",
      group: "Rows:",
    },
    sysroot: nameOptions.sysroot,
    "no-modules": nameOptions["no-modules"],
    ...outputOptions,
    ...redactOptions,
    format: formatOption(flamegraph, pyspy),
  },
  examples: [["$0 stacks core.25867 -f table", "what it was doing when it was dumped"]],
  run: async (args) => (await import("./run/stacks.ts")).runStacks(args),
});
