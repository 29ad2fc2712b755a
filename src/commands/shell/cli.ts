import yargs from "yargs";
import { normalizeArguments } from "./arguments.ts";
import { fail, usageError } from "./fail.ts";
import {
  nameOptions,
  outputOptions,
  ownerOptions,
  resolvedOption,
  resourceOptions,
  rowOptions,
  wordOptions,
} from "./options.ts";

/** Set by the build from package.json. */
declare const VERSION: string;

type Example = [command: string, what: string];

const WORDS_EXAMPLES: Example[] = [
  ["$0 core.25867", "the ten most frequent words of a core, named by the program's own files"],
  ["$0 core.25867 --symbols syms.txt", "the same, with the names of a symbol map"],
  ["$0 core.25867 --scope writable --resolved", "which functions and types its data points to"],
  ["$0 core.25867 --all | grep 00007f01", "every word, as uniq -c | sort -nr prints it"],
  ["$0 core.25867.zst --top 30 --format json", "compressed input, output for a program"],
  ["cat /dev/shm/heap | $0 - --word 4", "a raw heap from a pipe, as 4-byte words"],
];

const SYMBOLS_EXAMPLES: Example[] = [
  ["$0 symbols core.25867 > core.syms", "keep the names: they work where the program's files are not"],
  ["$0 symbols core.25867 --gdb > ask.gdb", "then: gdb -batch -x ask.gdb PROGRAM core.25867 |"],
  ["", "        $0 core.25867 --symbols -"],
];

/** yargs's own words neither begin small nor write an option as the user did. */
const USAGE_MESSAGES = {
  "Not enough arguments following: %s": "option %s needs a value",
  "Arguments %s and %s are mutually exclusive": "--%s and --%s exclude each other",
  "Invalid values:": "not a choice:",
  "Argument: %s, Given: %s, Choices: %s": "--%s %s, choose from %s",
  "Show help": "show this help",
  "Show version number": "show the version",
  // What stands behind an option in the help: whether it takes a value, not how yargs stores that.
  string: "value",
  array: "value",
  boolean: "flag",
};

const EPILOGUE = `A row is how often a word occurs, the word, and its name where one is known.
gcore PID makes a core of a running process. A file called like a command is ./info.
Exit status: 0 done, 1 failed, 2 wrong usage.`;

/** What may stand in a command line, whichever command it names. */
const everyOption = {
  ...rowOptions,
  ...nameOptions,
  ...wordOptions,
  ...ownerOptions,
  ...outputOptions,
  ...resourceOptions,
};

/** Runs the command that the arguments name. Returns the exit status (0 done, 1 failed, 2 usage); never throws. */
export async function runCli(argv: readonly string[]): Promise<number> {
  let status = 0;
  const run = (task: () => Promise<number | undefined>) => async () => {
    try {
      status = (await task()) ?? 0;
    } catch (error) {
      status = fail(error);
    }
  };
  const core = {
    type: "string",
    describe: "an ELF core or any file of words, compressed or not; - for stdin",
  } as const;
  const parser = yargs(normalizeArguments(argv, everyOption))
    .scriptName("coregram")
    .locale("en")
    .updateStrings(USAGE_MESSAGES)
    .parserConfiguration({
      "boolean-negation": false,
      "dot-notation": false,
      "parse-positional-numbers": false,
    })
    // yargs reads positionals once more, as `--core -`, and without a count it takes no dash for a value.
    .nargs("core", 1)
    .usage("What fills a process's memory, from one core file and nothing else.")
    .command(
      "$0 [core]",
      "what words fill it: an exact histogram (the default)",
      (builder) =>
        builder
          .positional("core", core)
          .options({
            ...rowOptions,
            ...nameOptions,
            ...resolvedOption,
            ...wordOptions,
            ...outputOptions,
            ...resourceOptions,
          })
          .example(WORDS_EXAMPLES),
      (args) => run(async () => (await import("../words.ts")).runWords(args))(),
    )
    .command(
      "types <core>",
      "which types of CPython objects: how many, how many bytes, live and freed",
      (builder) =>
        builder
          .positional("core", { ...core, demandOption: true })
          .options({
            sort: {
              choices: ["bytes", "count", "freed", "name"],
              default: "bytes",
              describe: "the order of the rows",
              group: "Rows:",
            },
            top: { ...rowOptions.top, describe: "print the first N types [default: 10]" },
            all: { ...rowOptions.all, describe: "print every type" },
            strings: {
              type: "boolean",
              describe: "instead: str and bytes that are there more than once (prints what was in memory)",
              conflicts: "containers",
              group: "Rows:",
            },
            containers: {
              type: "boolean",
              describe: "instead: dicts, lists, sets and deques, the biggest first, with how full they are",
              group: "Rows:",
            },
            sysroot: nameOptions.sysroot,
            "no-modules": nameOptions["no-modules"],
            ...outputOptions,
            threads: resourceOptions.threads,
          })
          .example([
            ["$0 types core.25867 --format table", "with where all saved bytes are"],
            ["$0 types core.25867 --strings", "which texts it has many times, and what they waste"],
          ]),
      (args) => run(async () => (await import("../types.ts")).runTypes(args))(),
    )
    .command(
      "owners <core>",
      "who holds CPython's objects: what each keeps alive, biggest first, by its path in the program",
      (builder) =>
        builder
          .positional("core", { ...core, demandOption: true })
          .options({
            ...ownerOptions,
            top: { ...rowOptions.top, describe: "print the first N owners [default: 10]" },
            all: { ...rowOptions.all, describe: "print every owner" },
            sysroot: nameOptions.sysroot,
            "no-modules": nameOptions["no-modules"],
            ...outputOptions,
            threads: resourceOptions.threads,
          })
          .example([
            ["$0 owners core.25867 --holds 3", "with what they hold"],
            ["$0 owners core.25867 --type tuple", "who holds the tuples"],
            ["$0 owners core.25867 --suspects", "what looks like a leak, and where it is fed"],
          ]),
      (args) => run(async () => (await import("../owners.ts")).runOwners(args))(),
    )
    .command(
      "diff <cores..>",
      "what grew between two cores, the older first, or over more: by type, by owner, by word",
      (builder) =>
        builder
          .positional("cores", { ...core, type: "string", array: true, demandOption: true })
          .options({
            by: {
              choices: ["type", "owner", "word"],
              default: "type",
              describe: "what is compared",
              group: "Rows:",
            },
            new: {
              type: "boolean",
              describe: "of one process: count objects at whose address was none of the same type",
              group: "Rows:",
            },
            top: { ...rowOptions.top, describe: "print the first N names [default: 10]" },
            all: { ...rowOptions.all, describe: "print every name that changed" },
            sysroot: nameOptions.sysroot,
            "no-modules": nameOptions["no-modules"],
            ...outputOptions,
            threads: resourceOptions.threads,
          })
          .example([["$0 diff before.core after.core --by owner", "who holds more than before"]]),
      (args) => run(async () => (await import("../diff.ts")).runDiff(args))(),
    )
    .command(
      "info <core>",
      "what this file is: process, threads, segments, modules, what was not saved",
      (builder) =>
        builder
          .positional("core", { ...core, demandOption: true })
          .options({
            check: { type: "boolean", describe: "exit 1 where the core was cut short" },
            sysroot: nameOptions.sysroot,
            "no-modules": nameOptions["no-modules"],
            ...outputOptions,
          })
          .example([["$0 info core.25867", "the file on one screen"]]),
      (args) => run(async () => (await import("../info.ts")).runInfo(args))(),
    )
    .command(
      "whatis <core> <addresses..>",
      "explain an address: segment, mapping, symbol, bytes, how often it occurs",
      (builder) =>
        builder
          .positional("core", { ...core, demandOption: true })
          .positional("addresses", {
            type: "string",
            array: true,
            demandOption: true,
            describe: "hexadecimal, with or without 0x",
          })
          .options({ ...nameOptions, ...wordOptions, ...outputOptions, ...resourceOptions })
          .example([["$0 whatis core.25867 00007f01104e0c70", "what a word of the histogram is"]]),
      (args) => run(async () => (await import("../whatis.ts")).runWhatis(args))(),
    )
    .command(
      "symbols <core>",
      "print a symbol map of its modules, or a gdb script that makes one",
      (builder) =>
        builder
          .positional("core", { ...core, demandOption: true })
          .options({
            gdb: { type: "boolean", describe: "print a script that asks gdb for the histogram's words" },
            ...rowOptions,
            sysroot: nameOptions.sysroot,
            ...wordOptions,
            output: outputOptions.output,
            quiet: outputOptions.quiet,
            ...resourceOptions,
          })
          .example(SYMBOLS_EXAMPLES),
      (args) => run(async () => (await import("../symbols.ts")).runSymbols(args))(),
    )
    .strict()
    .version(VERSION)
    .alias("version", "V")
    .help()
    .alias("help", "h")
    .wrap(Math.min(100, process.stdout.columns || 100))
    .epilogue(EPILOGUE)
    .showHelpOnFail(false)
    .exitProcess(false)
    .fail((message, error) => {
      throw usageError(message, error);
    });
  try {
    await parser.parseAsync();
  } catch (error) {
    return fail(error);
  }
  return status;
}
