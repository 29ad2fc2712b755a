import { defineCommand } from "./shell/command.ts";
import { coreArgument, nameOptions, outputOptions, processOptions, redactOptions } from "./shell/options.ts";

/** `coregram info`. */
export const info = defineCommand({
  line: "info [core]",
  usage: "info CORE [--check] [--objects] [--values]",
  describe: "what this file is: process, threads, segments, modules, what was not saved",
  rows: "A line: what it is about, and what there is to say of it.",
  positionals: { core: coreArgument },
  options: {
    ...processOptions,
    check: {
      type: "boolean",
      describe: "exit 1 where the core was cut short, and where the file is none",
      group: "Input:",
    },
    objects: {
      type: "boolean",
      describe:
        "of a Python, its files, sockets, event loops and garbage as well, for which the heap is read",
      group: "Rows:",
    },
    values: {
      type: "boolean",
      describe: "of a Python, its environment as well: values of the process, secrets among them",
      group: "Rows:",
    },
    sysroot: nameOptions.sysroot,
    "no-modules": nameOptions["no-modules"],
    ...outputOptions,
    ...redactOptions,
  },
  examples: [["$0 info core.25867", "the file on one screen"]],
  run: async (args) => (await import("./run/info.ts")).runInfo(args),
});
