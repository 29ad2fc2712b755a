import { defineCommand } from "./shell/command.ts";
import {
  copyOption,
  duration,
  nameOptions,
  outputOptions,
  redactOptions,
  resourceOptions,
  rowOptions,
  wholeNumber,
} from "./shell/options.ts";

/** `coregram watch`. */
export const watch = defineCommand({
  line: "watch [pid]",
  usage: "watch PID [--when 'rss>1.5G' --output DIR]",
  describe: "a living process again and again: what grows; with --when, the full answer at that moment",
  rows: "On a terminal a screen, whose last line has its keys; where TERM is dumb, its lines one below the other. Else a line of JSON a sample, watch@1. When the process ends the last one says so.\nCONDITION: rss>1.5G; rss+100M/min (grew by more within a minute); cgroup>90% of the memory limit, or cgroup>1G; pressure>10%; app.Session>100000 live objects, app.Session+1000/min. An answer is a folder of DIR: diagnose, owners, types and stacks, as JSON and as text.",
  positionals: {
    pid: { type: "string", describe: "the living process" },
  },
  options: {
    interval: {
      type: "string",
      requiresArg: true,
      coerce: duration("interval"),
      describe:
        "look each TIME (1s, 5m) [default: 2s]; less often where it would take more than 4 % of a core",
      group: "Watching:",
    },
    count: {
      type: "string",
      requiresArg: true,
      coerce: wholeNumber("count", 1),
      describe: "end after N samples",
      group: "Watching:",
    },
    owners: {
      type: "string",
      requiresArg: true,
      coerce: wholeNumber("owners", 0),
      describe: "who holds what, in each Nth sample: dearer; 0 for never [default: 10]",
      group: "Watching:",
    },
    children: {
      type: "boolean",
      describe: "the processes that it has started as well, also later ones: workers of a master",
      group: "Watching:",
    },
    values: {
      type: "boolean",
      describe: "with keys in the paths of owners: values of the process, secrets among them",
      group: "Watching:",
    },
    memory: { ...copyOption, group: "Watching:" },
    when: {
      type: "string",
      array: true,
      nargs: 1,
      describe: "take a full answer when CONDITION comes to hold: it is stopped for a moment; repeatable",
      group: "Answers:",
    },
    output: {
      alias: "o",
      type: "string",
      requiresArg: true,
      implies: "when",
      coerce: (value: unknown) =>
        value === undefined ? undefined : String(Array.isArray(value) ? value.at(-1) : value),
      describe: "answers go to new folders in DIR [default: this one]",
      group: "Answers:",
    },
    dump: { type: "boolean", implies: "when", describe: "with a core of that moment", group: "Answers:" },
    once: { type: "boolean", implies: "when", describe: "end after the first answer", group: "Answers:" },
    top: { ...rowOptions.top, describe: "the first N types and owners of a sample [default: 10]" },
    sysroot: nameOptions.sysroot,
    "no-modules": nameOptions["no-modules"],
    quiet: outputOptions.quiet,
    ...redactOptions,
    threads: {
      ...resourceOptions.threads,
      describe: "count with N threads [default: 1; for an answer one a processor]",
    },
  },
  examples: [
    ["$0 watch 25867", "what grows, on a screen like top's"],
    ["$0 watch 25867 --interval 10s > frames.ndjson", "for programs"],
    ["$0 watch 25867 --children --when 'cgroup>90%' -o answers", "before the kernel kills a worker"],
  ],
  run: async (args) => (await import("./run/watch.ts")).runWatch(args),
});
