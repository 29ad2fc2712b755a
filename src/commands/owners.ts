import { dot, flamegraph } from "../views/index.ts";
import { defineCommand } from "./shell/command.ts";
import {
  coreArgument,
  formatOption,
  nameOptions,
  outputOptions,
  ownerOptions,
  processOptions,
  redactOptions,
  resourceOptions,
  rowOptions,
} from "./shell/options.ts";

/** `coregram owners`. */
export const owners = defineCommand({
  line: "owners [core]",
  usage: "owners CORE [--type NAME | --of ADDR|PATH | --tree | --suspects]",
  describe:
    "who holds CPython's objects: what each keeps alive, biggest first, by its path in the program, or by all that hold it together",
  rows: "A row: bytes that would go with the owner, and objects; its items, - where it has none; its type; its path.\nWith --type: objects, their bytes, the path of what holds them, its items folded to [*].\n-f flamegraph: folded stacks of bytes, for flamegraph.pl, inferno, speedscope; -f dot, with --of: a graph for Graphviz.",
  positionals: { core: coreArgument },
  options: {
    ...processOptions,
    ...ownerOptions,
    top: { ...rowOptions.top, describe: "print the first N owners [default: 10]" },
    all: { ...rowOptions.all, describe: "print every owner" },
    sysroot: nameOptions.sysroot,
    "no-modules": nameOptions["no-modules"],
    ...outputOptions,
    ...redactOptions,
    format: formatOption(flamegraph, dot),
    threads: resourceOptions.threads,
  },
  examples: [
    ["$0 owners core.25867 --holds 3", "with what they hold"],
    ["$0 owners core.25867 --type tuple", "who holds the tuples"],
    ["$0 owners core.25867 --suspects", "what looks like a leak, and where it is fed"],
    ["$0 owners core.25867 --all -f flamegraph > core.folded", "for flamegraph.pl or speedscope"],
  ],
  run: async (args) => (await import("./run/owners.ts")).runOwners(args),
});
