import { defineCommand } from "./shell/command.ts";
import {
  coreArgument,
  nameOptions,
  outputOptions,
  redactOptions,
  resourceOptions,
  targetOptions,
} from "./shell/options.ts";

/** `coregram report`. */
export const report = defineCommand({
  line: "report [core] [older..]",
  usage: "report CORE [OLDER...] [--output FILE]",
  describe: "all of it as one HTML page, to look at and to send (prints names and texts that were in memory)",
  rows: "A page of HTML, complete in itself: it loads nothing.",
  positionals: {
    core: coreArgument,
    older: {
      type: "string",
      array: true,
      describe: "cores of the same program from earlier, the oldest first: with what grew since",
    },
  },
  options: {
    ...targetOptions,
    sysroot: nameOptions.sysroot,
    "no-modules": nameOptions["no-modules"],
    output: outputOptions.output,
    quiet: outputOptions.quiet,
    ...redactOptions,
    memory: resourceOptions.memory,
    threads: resourceOptions.threads,
  },
  examples: [
    ["$0 report core.25867 -o core.html", "one file, which a browser opens without a network"],
    ["$0 report after.core before.core -o core.html", "the same, with what grew"],
    ["$0 report core.25867 --redact -o core.html", "without values and names of your own code"],
  ],
  run: async (args) => (await import("./run/report.ts")).runReport(args),
});
