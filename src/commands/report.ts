import { defineCommand } from "./shell/command.ts";
import { nameOptions, neededCore, outputOptions, resourceOptions } from "./shell/options.ts";

/** `coregram report`. */
export const report = defineCommand({
  line: "report <core>",
  describe: "all of it as one HTML page, to look at and to send (prints names and texts that were in memory)",
  positionals: { core: neededCore },
  options: {
    sysroot: nameOptions.sysroot,
    "no-modules": nameOptions["no-modules"],
    output: outputOptions.output,
    quiet: outputOptions.quiet,
    memory: resourceOptions.memory,
    threads: resourceOptions.threads,
  },
  examples: [["$0 report core.25867 -o core.html", "one file, which a browser opens without a network"]],
  run: async (args) => (await import("./run/report.ts")).runReport(args),
});
