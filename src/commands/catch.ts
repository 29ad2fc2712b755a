import { defineCommand } from "./shell/command.ts";
import { copyOption, duration, nameOptions, resourceOptions, sizeOption } from "./shell/options.ts";

/** `coregram catch`. */
export const catchProcess = defineCommand({
  line: "catch [pid] [own-pid] [signal] [time] [name]",
  usage: "catch -- %P %p %s %t %e",
  describe: "for kernel.core_pattern: what a process that crashes has, read in place before it is gone",
  rows: "The kernel runs it for each process that a signal kills with a core, and keeps that process until it ends. It reads the process where it is, writes a folder of DIR with diagnose, owners, types, stacks and info, as JSON and as text, report.html and summary.parquet, and takes the core from the kernel without keeping it. What went wrong is a line in DIR/catch.log, as nobody sees what it says. coregram catch --print-setup tells how to set it up.",
  positionals: {
    pid: { type: "string", describe: "%P: the process, as this machine numbers it" },
    "own-pid": { type: "string", describe: "%p: the same as its container numbers it" },
    signal: { type: "string", describe: "%s: the signal's number" },
    time: { type: "string", describe: "%t: when, in seconds since 1970" },
    name: { type: "string", describe: "%e: the program's name" },
  },
  options: {
    "print-setup": {
      type: "boolean",
      describe: "what to run, and to write where, so that the kernel calls it",
      group: "Setting up:",
    },
    output: {
      alias: "o",
      type: "string",
      requiresArg: true,
      describe: "answers go to new folders in DIR, for root alone [default: /var/lib/coregram]",
      group: "Answers:",
    },
    dump: { type: "boolean", describe: "with the core, compressed", group: "Answers:" },
    keep: {
      ...sizeOption("keep", 2 ** 20),
      describe: "remove the oldest answers once all take more than SIZE [default: 1G]",
      group: "Answers:",
    },
    within: {
      type: "string",
      requiresArg: true,
      coerce: duration("within"),
      describe: "let the process go after TIME at the latest, answered or not [default: 1m]",
      group: "Resources:",
    },
    memory: { ...copyOption, group: "Resources:" },
    sysroot: nameOptions.sysroot,
    threads: resourceOptions.threads,
  },
  examples: [
    ["$0 catch --print-setup", "how to set it up"],
    ["$0 catch -o answers -- 25867 25867 11 1782604337 worker", "what it would do of a process"],
  ],
  run: async (args) => (await import("./run/catch.ts")).runCatch(args),
});
