import { defineCommand } from "./shell/command.ts";
import { nameOptions, neededCore, outputOptions } from "./shell/options.ts";

/** `coregram info`. */
export const info = defineCommand({
  line: "info <core>",
  describe: "what this file is: process, threads, segments, modules, what was not saved",
  positionals: { core: neededCore },
  options: {
    check: { type: "boolean", describe: "exit 1 where the core was cut short" },
    sysroot: nameOptions.sysroot,
    "no-modules": nameOptions["no-modules"],
    ...outputOptions,
  },
  examples: [["$0 info core.25867", "the file on one screen"]],
  run: async (args) => (await import("./run/info.ts")).runInfo(args),
});
