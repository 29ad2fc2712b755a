import { defineCommand } from "./shell/command.ts";
import {
  coreArgument,
  nameOptions,
  outputOptions,
  redactOptions,
  resourceOptions,
  rowOptions,
  targetOptions,
  wordOptions,
} from "./shell/options.ts";

/** Of the histogram, whose words only the script has. */
function forGdb<Option extends { readonly describe: string }>(option: Option) {
  return { ...option, implies: "gdb", describe: `with --gdb: ${option.describe}` } as const;
}

/** `coregram symbols`. */
export const symbols = defineCommand({
  line: "symbols [core]",
  usage: "symbols CORE [--gdb]",
  describe: "print a symbol map of its modules, or a gdb script that makes one",
  rows: "A line: address, size, both hexadecimal, and name, as in a perf map: what --symbols reads.",
  positionals: { core: coreArgument },
  options: {
    ...targetOptions,
    gdb: {
      type: "boolean",
      describe: "print a script that asks gdb for the histogram's words",
      group: "Rows:",
    },
    top: forGdb(rowOptions.top),
    all: forGdb(rowOptions.all),
    "min-count": forGdb(rowOptions["min-count"]),
    sysroot: nameOptions.sysroot,
    scope: forGdb(wordOptions.scope),
    word: forGdb(wordOptions.word),
    endian: forGdb(wordOptions.endian),
    base: wordOptions.base,
    output: outputOptions.output,
    quiet: outputOptions.quiet,
    ...redactOptions,
    memory: resourceOptions.memory,
    threads: forGdb(resourceOptions.threads),
  },
  examples: [
    ["$0 symbols core.25867 > core.syms", "keep the names: they work where the program's files are not"],
    [
      "$0 symbols core.25867 --gdb > ask.gdb",
      "for gdb -batch -x ask.gdb PROGRAM core.25867, whose output --symbols reads",
    ],
  ],
  run: async (args) => (await import("./run/symbols.ts")).runSymbols(args),
});
