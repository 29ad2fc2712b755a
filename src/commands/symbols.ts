import { defineCommand } from "./shell/command.ts";
import {
  coreArgument,
  nameOptions,
  outputOptions,
  processOptions,
  resourceOptions,
  rowOptions,
  wordOptions,
} from "./shell/options.ts";

/** Of the histogram, whose words only the script has. */
const forGdb = { implies: "gdb" } as const;

/** `coregram symbols`. */
export const symbols = defineCommand({
  line: "symbols [core]",
  usage: "symbols CORE [--gdb]",
  describe: "print a symbol map of its modules, or a gdb script that makes one",
  rows: "A line: address, size, both hexadecimal, and name, as in a perf map: what --symbols reads.",
  positionals: { core: coreArgument },
  options: {
    ...processOptions,
    gdb: { type: "boolean", describe: "print a script that asks gdb for the histogram's words" },
    top: { ...rowOptions.top, ...forGdb },
    all: { ...rowOptions.all, ...forGdb },
    "min-count": { ...rowOptions["min-count"], ...forGdb },
    sysroot: nameOptions.sysroot,
    scope: { ...wordOptions.scope, ...forGdb },
    word: { ...wordOptions.word, ...forGdb },
    endian: { ...wordOptions.endian, ...forGdb },
    base: wordOptions.base,
    output: outputOptions.output,
    quiet: outputOptions.quiet,
    memory: resourceOptions.memory,
    threads: { ...resourceOptions.threads, ...forGdb },
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
