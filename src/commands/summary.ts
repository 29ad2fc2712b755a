import { defineCommand } from "./shell/command.ts";
import {
  coreArgument,
  nameOptions,
  outputOptions,
  processOptions,
  redactOptions,
  resourceOptions,
} from "./shell/options.ts";

/** `coregram summary`. */
export const summary = defineCommand({
  line: "summary [cores..]",
  usage: "summary CORE... -o DIR [--tag KEY=VALUE]...",
  describe: "a core's answers as one small Parquet file, to be asked in SQL with those of others",
  rows: `A line: the file that was written, DIR/service=NAME/host=NAME/date=DAY/PID-ID.parquet. A core that is summarized again replaces its own.
coregram query asks DIR, coregram diff, diagnose and report take its files for cores; docs/fleet.md tells more.`,
  positionals: { cores: { ...coreArgument, type: "string", array: true } },
  options: {
    ...processOptions,
    output: { ...outputOptions.output, describe: "write below DIR, which is made where it is not there" },
    tag: {
      type: "string",
      array: true,
      nargs: 1,
      describe:
        "KEY=VALUE: what service, host or date is in the path, or one more, such as release=4.2; all of DIR have the same keys; repeatable [default: the program's name, its HOSTNAME, the day when the core was written]",
      group: "Output:",
    },
    quiet: outputOptions.quiet,
    ...redactOptions,
    sysroot: nameOptions.sysroot,
    "no-modules": nameOptions["no-modules"],
    threads: resourceOptions.threads,
  },
  examples: [
    ["$0 summary *.core -o fleet --tag service=web --tag release=4.2", "a file for each core"],
    ["$0 summary --pid 25867 -o fleet --tag service=web --tag release=4.2", "of a living process"],
  ],
  run: async (args) => (await import("./run/summary.ts")).runSummary(args),
});
