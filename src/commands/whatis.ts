import { defineCommand } from "./shell/command.ts";
import { nameOptions, neededCore, outputOptions, resourceOptions, wordOptions } from "./shell/options.ts";

/** `coregram whatis`. */
export const whatis = defineCommand({
  line: "whatis <core> <addresses..>",
  describe:
    "explain an address: segment, mapping, symbol, bytes, the object there and what refers to it, how often it occurs",
  positionals: {
    core: neededCore,
    addresses: {
      type: "string",
      array: true,
      demandOption: true,
      describe: "hexadecimal, with or without 0x; or paths of Python's objects as owners prints them",
    },
  },
  options: { ...nameOptions, ...wordOptions, ...outputOptions, ...resourceOptions },
  examples: [
    ["$0 whatis core.25867 00007f01104e0c70", "what a word of the histogram is"],
    ["$0 whatis core.25867 \"app.sessions['main'].history[3]\"", "the object that has the path"],
  ],
  run: async (args) => (await import("./run/whatis.ts")).runWhatis(args),
});
