import { statSync } from "node:fs";
import { totalmem } from "node:os";
import type { ModuleOptions, NamingOptions, RowOptions, WordOptions } from "../../answers/index.ts";
import { CoregramError, formatBytes, type Listener } from "../../terms/index.ts";
import { type Format, findFormat } from "../../views/index.ts";
import { LEAST_MEMORY } from "../../words/index.ts";
import { symbolInputs } from "./input.ts";

/** The format of --format, which yargs has checked. */
export function formatNamed(name: string, more: readonly Format[] = []): Format {
  const format = more.find((each) => each.name === name) ?? findFormat(name);
  if (!format) throw new CoregramError("usage", `--format ${name} is not known`);
  return format;
}

/** A quarter of what the machine or the cgroup allows, whichever is less. */
export function memoryOf(memory: number | undefined): number {
  if (memory !== undefined) return memory;
  // Without a limit it is 0 or near 2^64.
  const constrained = process.constrainedMemory();
  const all = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.floor(all / 4);
}

/**
 * What --memory says, or the default.
 * @throws CoregramError `usage` where it is too little for anything
 */
export function enoughMemory(memory: number | undefined): number {
  const bytes = memoryOf(memory);
  if (bytes >= LEAST_MEMORY) return bytes;
  throw new CoregramError("usage", `--memory is ${formatBytes(LEAST_MEMORY)} at the least`);
}

/** --top and --all, in the terms of an answer. */
export function limitOf(args: { readonly top: number | undefined; readonly all: boolean | undefined }): {
  readonly limit: number | undefined;
} {
  return { limit: args.all ? Number.POSITIVE_INFINITY : args.top };
}

/** The same with --min-count, which lifts the limit unless --top is given. */
export function rowsOf(args: {
  readonly top: number | undefined;
  readonly all: boolean | undefined;
  readonly minCount: number | undefined;
}): RowOptions {
  const isUnlimited = args.all || (args.minCount !== undefined && args.top === undefined);
  return { limit: isUnlimited ? Number.POSITIVE_INFINITY : args.top, least: args.minCount };
}

/**
 * --sysroot and --no-modules.
 * @throws CoregramError `io` where the first is no folder
 */
export function modulesOf(args: {
  readonly sysroot: string | undefined;
  readonly noModules: boolean | undefined;
}): ModuleOptions {
  if (args.sysroot !== undefined && !statSync(args.sysroot, { throwIfNoEntry: false })?.isDirectory())
    throw new CoregramError("io", `--sysroot ${args.sysroot} is no folder`);
  return { sysroot: args.sysroot, modules: args.noModules !== true };
}

/** The options that decide what words are called. */
export interface NamingArgs {
  readonly symbols: string[] | undefined;
  readonly noNames: boolean | undefined;
  readonly noModules: boolean | undefined;
  readonly noDemangle: boolean | undefined;
  readonly nearest: boolean | undefined;
  readonly sysroot: string | undefined;
}

export function namingOf(args: NamingArgs): NamingOptions {
  return {
    ...modulesOf(args),
    symbols: symbolInputs(args.symbols),
    names: args.noNames !== true,
    demangle: args.noDemangle !== true,
    nearest: args.nearest === true,
  };
}

/** Says that symbol maps are given for nothing. */
export function noteUnread({ noNames, symbols = [] }: NamingArgs, listener: Listener): void {
  if (!noNames || symbols.length === 0) return;
  listener({ kind: "note", target: "", text: "--no-names: the files of --symbols are not read" });
}

/** The options that decide which bytes are words; yargs has checked their choices. */
export interface WordArgs {
  readonly scope: string | undefined;
  readonly word: number | undefined;
  readonly endian: string | undefined;
}

export function wordsOf({ scope, word, endian }: WordArgs): WordOptions {
  return {
    scope: scope === "all" || scope === "memory" || scope === "writable" ? scope : undefined,
    word: word === 4 || word === 8 ? word : undefined,
    endian: endian === "big" || endian === "little" ? endian : undefined,
  };
}

/** Whether tables are coloured: the option decides, else NO_COLOR (no-color.org), else whether it is a terminal. */
export function colorOf(color: string, toTerminal: boolean): boolean {
  if (color !== "auto") return color === "always";
  return toTerminal && !process.env.NO_COLOR;
}
