import type { Options } from "yargs";
import { wholeNumber } from "./options.ts";

/** The default command's own options. */
export const wordsOptions = {
  top: {
    alias: "n",
    type: "string",
    requiresArg: true,
    coerce: wholeNumber("top", 1),
    describe: "print the N most frequent words [default: 10]",
    group: "Rows:",
  },
  all: { type: "boolean", describe: "print every different word", conflicts: "top", group: "Rows:" },
  "min-count": {
    type: "string",
    requiresArg: true,
    coerce: wholeNumber("min-count", 1),
    describe: "print words that occur at least N times, all of them unless --top is given",
    group: "Rows:",
  },
  symbols: {
    alias: "s",
    type: "string",
    array: true,
    nargs: 1,
    describe:
      "name words by a symbol map: nm, System.map, kallsyms, ADDRESS NAME, gdb's info symbol; repeatable",
    group: "Names:",
  },
  resolved: { type: "boolean", describe: "print only words that have a name", group: "Names:" },
  nearest: {
    type: "boolean",
    describe: "name addresses after a symbol of unknown size, too",
    group: "Names:",
  },
  "no-names": {
    type: "boolean",
    describe: "no names at all, whatever maps are given",
    conflicts: "resolved",
    group: "Names:",
  },
} satisfies Record<string, Options>;
