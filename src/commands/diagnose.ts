import { defineCommand } from "./shell/command.ts";
import {
  coreArgument,
  nameOptions,
  outputOptions,
  processOptions,
  redactOptions,
  resourceOptions,
  rowOptions,
  wholeNumber,
} from "./shell/options.ts";

/** `coregram diagnose`. */
export const diagnose = defineCommand({
  line: "diagnose [cores..]",
  usage: "diagnose [OLD] CORE [--fail-on leak --over 20]",
  describe:
    "leak, garbage, free memory or native memory: one screen; of two cores, the older first, with what grew",
  rows: "Of all saved memory, what each part is and how much; then what looks like a leak; then what to ask next.\nleak: is proof: growth between two cores, garbage, a reference that nothing holds. looks like a leak: is evidence in one core, as an owner that fans out with code that only adds. biggest: is no leak that could be shown: a cache or a batch job's list looks so, too; a second core, taken later, tells.\nExit status: 0 done, 1 failed, 2 wrong usage, 3 what --fail-on names holds.",
  positionals: { cores: { ...coreArgument, type: "string", array: true } },
  options: {
    ...processOptions,
    "fail-on": {
      type: "string",
      array: true,
      choices: ["leak", "garbage", "fragmentation", "native"],
      nargs: 1,
      describe: "exit status 3 where this is so; repeatable",
      group: "Rows:",
    },
    over: {
      type: "string",
      requiresArg: true,
      coerce: wholeNumber("over", 0, 100),
      implies: "fail-on",
      describe: "of this share of the memory at the least, in percent [default: 20]",
      group: "Rows:",
    },
    top: { ...rowOptions.top, describe: "the first N findings [default: 5]" },
    all: { ...rowOptions.all, describe: "every finding" },
    sysroot: nameOptions.sysroot,
    "no-modules": nameOptions["no-modules"],
    ...outputOptions,
    ...redactOptions,
    threads: resourceOptions.threads,
  },
  examples: [
    ["$0 diagnose core.25867", "is it a leak, and what holds it"],
    ["$0 diagnose before.core after.core --fail-on leak", "for scripts"],
  ],
  run: async (args) => (await import("./run/diagnose.ts")).runDiagnose(args),
});
