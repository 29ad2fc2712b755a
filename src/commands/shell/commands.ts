import { type Command, defineCommand, type Example } from "./command.ts";
import {
  nameOptions,
  outputOptions,
  ownerOptions,
  resolvedOption,
  resourceOptions,
  rowOptions,
  wordOptions,
} from "./options.ts";

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

const core = {
  type: "string",
  describe: "an ELF core or any file of words, compressed or not; - for stdin",
} as const;

/** A command cannot do without it. */
const neededCore = { ...core, demandOption: true } as const;

/** All commands; the first is the default. */
export const COMMANDS: readonly Command[] = [
  defineCommand({
    line: "$0 [core]",
    describe: "what words fill it: an exact histogram (the default)",
    positionals: { core },
    options: {
      ...rowOptions,
      ...nameOptions,
      ...resolvedOption,
      ...wordOptions,
      ...outputOptions,
      ...resourceOptions,
    },
    examples: WORDS_EXAMPLES,
    run: async (args) => (await import("../words.ts")).runWords(args),
  }),
  defineCommand({
    line: "types <core>",
    describe: "which types of CPython objects: how many, how many bytes, live and freed",
    positionals: { core: neededCore },
    options: {
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
    },
    examples: [
      ["$0 types core.25867 --format table", "with where all saved bytes are"],
      ["$0 types core.25867 --strings", "which texts it has many times, and what they waste"],
    ],
    run: async (args) => (await import("../types.ts")).runTypes(args),
  }),
  defineCommand({
    line: "owners <core>",
    describe: "who holds CPython's objects: what each keeps alive, biggest first, by its path in the program",
    positionals: { core: neededCore },
    options: {
      ...ownerOptions,
      top: { ...rowOptions.top, describe: "print the first N owners [default: 10]" },
      all: { ...rowOptions.all, describe: "print every owner" },
      sysroot: nameOptions.sysroot,
      "no-modules": nameOptions["no-modules"],
      ...outputOptions,
      threads: resourceOptions.threads,
    },
    examples: [
      ["$0 owners core.25867 --holds 3", "with what they hold"],
      ["$0 owners core.25867 --type tuple", "who holds the tuples"],
      ["$0 owners core.25867 --suspects", "what looks like a leak, and where it is fed"],
    ],
    run: async (args) => (await import("../owners.ts")).runOwners(args),
  }),
  defineCommand({
    line: "diff <cores..>",
    describe: "what grew between two cores, the older first, or over more: by type, by owner, by word",
    positionals: { cores: { ...core, type: "string", array: true, demandOption: true } },
    options: {
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
    },
    examples: [["$0 diff before.core after.core --by owner", "who holds more than before"]],
    run: async (args) => (await import("../diff.ts")).runDiff(args),
  }),
  defineCommand({
    line: "info <core>",
    describe: "what this file is: process, threads, segments, modules, what was not saved",
    positionals: { core: neededCore },
    options: {
      check: { type: "boolean", describe: "exit 1 where the core was cut short" },
      sysroot: nameOptions.sysroot,
      "no-modules": nameOptions["no-modules"],
      ...outputOptions,
    },
    examples: [["$0 info core.25867", "the file on one screen"]],
    run: async (args) => (await import("../info.ts")).runInfo(args),
  }),
  defineCommand({
    line: "whatis <core> <addresses..>",
    describe: "explain an address: segment, mapping, symbol, bytes, how often it occurs",
    positionals: {
      core: neededCore,
      addresses: {
        type: "string",
        array: true,
        demandOption: true,
        describe: "hexadecimal, with or without 0x",
      },
    },
    options: { ...nameOptions, ...wordOptions, ...outputOptions, ...resourceOptions },
    examples: [["$0 whatis core.25867 00007f01104e0c70", "what a word of the histogram is"]],
    run: async (args) => (await import("../whatis.ts")).runWhatis(args),
  }),
  defineCommand({
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
    examples: SYMBOLS_EXAMPLES,
    run: async (args) => (await import("../symbols.ts")).runSymbols(args),
  }),
  defineCommand({
    line: "schema [name]",
    describe: "print the JSON Schema of what --format json prints",
    positionals: {
      name: { type: "string", describe: "words, info, types, …: what stands for a result's schema" },
    },
    options: {
      row: { type: "boolean", describe: "of a row instead, a line of --format ndjson", group: "Rows:" },
      output: outputOptions.output,
    },
    examples: [["$0 schema types > types.schema.json", "to check, or make code from"]],
    run: async (args) => (await import("../schema.ts")).runSchema(args),
  }),
];
