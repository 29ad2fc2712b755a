import { defineCommand } from "./shell/command.ts";
import { copyOption, outputOptions, redactOptions } from "./shell/options.ts";

/** `coregram dump`. */
export const dump = defineCommand({
  line: "dump [pid]",
  usage: "dump PID --output FILE",
  describe: "a core of a living process, written by ourselves: it is stopped only while its memory is read",
  rows: "FILE is an ELF core: for coregram, gdb and eu-readelf. It holds all that the process had in memory, secrets among it.",
  positionals: {
    pid: { type: "string", describe: "the living process" },
  },
  options: {
    output: {
      ...outputOptions.output,
      describe:
        "write to FILE, for its user alone; compressed where it ends in .gz, or .zst where Node has it; FILE changes only once all is written",
    },
    quiet: outputOptions.quiet,
    ...redactOptions,
    memory: { ...copyOption, group: "Resources:" },
  },
  examples: [
    ["$0 dump 25867 -o core.25867", "as gcore does, with a shorter stop"],
    ["$0 dump 25867 -o core.25867.gz", "compressed as it is written"],
    ["ssh HOST $0 dump 25867 > core.25867", "to another machine: nothing is written there"],
  ],
  run: async (args) => (await import("./run/dump.ts")).runDump(args),
});
