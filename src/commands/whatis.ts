import { defineCommand } from "./shell/command.ts";
import {
  coreArgument,
  nameOptions,
  outputOptions,
  redactOptions,
  resourceOptions,
  targetOptions,
  wordOptions,
} from "./shell/options.ts";

/** `coregram whatis`. */
export const whatis = defineCommand({
  line: "whatis [core] [addresses..]",
  usage: "whatis CORE ADDR|PATH...",
  describe:
    "explain an address: segment, mapping, symbol, bytes, the object there and what refers to it, how often it occurs",
  rows: "A line: the address, what is said of it, and that.",
  positionals: {
    core: coreArgument,
    addresses: {
      type: "string",
      array: true,
      describe: "hexadecimal, with or without 0x; or paths of Python's objects as owners prints them",
    },
  },
  options: {
    ...targetOptions,
    ...nameOptions,
    ...wordOptions,
    ...outputOptions,
    ...redactOptions,
    ...resourceOptions,
  },
  examples: [
    ["$0 whatis core.25867 00000000009587e0", "what a word of the histogram is"],
    ['$0 whatis core.25867 "downstream.profiler.Profiler.results[3]"', "the object that has the path"],
  ],
  run: async (args) => (await import("./run/whatis.ts")).runWhatis(args),
});
