import { defineCommand } from "./shell/command.ts";
import {
  coreArgument,
  lastChoice,
  nameOptions,
  outputOptions,
  processOptions,
  redactOptions,
  resourceOptions,
  rowOptions,
} from "./shell/options.ts";

/** `coregram types`. */
export const types = defineCommand({
  line: "types [core]",
  usage: "types CORE [--sort ORDER] [--strings | --containers | --arenas]",
  describe: "which types of CPython objects: how many, how many bytes, live and freed",
  rows: "A row: live objects, their bytes as sys.getsizeof has them, freed objects at the least, the type; ? where that is guessed.\nWith --strings: how often, bytes too many, the text. --containers: bytes, items, percent full, address, type, path.",
  positionals: { core: coreArgument },
  options: {
    ...processOptions,
    sort: {
      choices: ["bytes", "count", "freed", "name"],
      coerce: lastChoice<string>,
      requiresArg: true,
      default: "bytes",
      describe: "the order of the rows",
      group: "Rows:",
    },
    top: { ...rowOptions.top, describe: "print the first N types [default: 10]" },
    all: { ...rowOptions.all, describe: "print every type" },
    strings: {
      type: "boolean",
      describe: "instead: str and bytes that are there more than once (prints what was in memory)",
      conflicts: ["containers", "arenas"],
      group: "Rows:",
    },
    containers: {
      type: "boolean",
      describe:
        "instead: dicts, lists, sets and deques, the biggest first: how full they are, and their paths",
      conflicts: "arenas",
      group: "Rows:",
    },
    arenas: {
      type: "boolean",
      describe: "instead: malloc's arenas and pymalloc's: in use, cached, free, reserved; of any program",
      group: "Rows:",
    },
    lines: {
      type: "boolean",
      describe: "below each type, the lines that allocated its objects: where tracemalloc was tracing",
      conflicts: ["strings", "containers", "arenas"],
      group: "Rows:",
    },
    sysroot: nameOptions.sysroot,
    "no-modules": nameOptions["no-modules"],
    ...outputOptions,
    ...redactOptions,
    threads: resourceOptions.threads,
  },
  examples: [
    ["$0 types core.25867 --format table", "with where all saved bytes are"],
    ["$0 types core.25867 --strings", "which texts it has many times, and what they waste"],
    ["$0 types core.25867 --arenas -f table", "what malloc has, and how much of it is free"],
  ],
  run: async (args) => (await import("./run/types.ts")).runTypes(args),
});
