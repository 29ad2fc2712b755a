import { defineCommand } from "./shell/command.ts";
import {
  nameOptions,
  neededCore,
  outputOptions,
  resourceOptions,
  rowOptions,
  wordOptions,
} from "./shell/options.ts";

/** `coregram symbols`. */
export const symbols = defineCommand({
  line: "symbols <core>",
  describe: "print a symbol map of its modules, or a gdb script that makes one",
  positionals: { core: neededCore },
  options: {
    gdb: { type: "boolean", describe: "print a script that asks gdb for the histogram's words" },
    ...rowOptions,
    sysroot: nameOptions.sysroot,
    ...wordOptions,
    output: outputOptions.output,
    quiet: outputOptions.quiet,
    ...resourceOptions,
  },
  examples: [
    ["$0 symbols core.25867 > core.syms", "keep the names: they work where the program's files are not"],
    ["$0 symbols core.25867 --gdb > ask.gdb", "then: gdb -batch -x ask.gdb PROGRAM core.25867 |"],
    ["", "        $0 core.25867 --symbols -"],
  ],
  run: async (args) => (await import("./run/symbols.ts")).runSymbols(args),
});
