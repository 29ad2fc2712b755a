import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Options } from "yargs";
import { CoregramError, didYouMean, printable, similarNames } from "../../terms/index.ts";
import { namesWithValue } from "./arguments.ts";
import { type Command, nameOf } from "./command.ts";
import { commandNames, oneTooMany } from "./one-too-many.ts";
import { whereCoresGo } from "./where-cores-go.ts";

/** Names that are offered where something is misspelt. */
const MOST_OFFERED = 3;
/** What every command takes beside its own options. */
const EVERYWHERE = ["help", "version"];

/** All options of all commands, by name. */
export function everyOption(commands: readonly Command[]): Record<string, Options> {
  return Object.assign({}, ...commands.map(({ options }) => options));
}

/** The command that the first word which is no option names; the first of them where it names none. */
export function commandIn(argv: readonly string[], commands: readonly Command[]): Command {
  const named = firstName(argv, commands);
  const isNamed = (each: Command) => (nameOf(each) ?? each.alias) === named;
  const command = commands.find(isNamed) ?? commands[0];
  if (command === undefined) throw new Error("no commands");
  return command;
}

function firstName(argv: readonly string[], commands: readonly Command[]): string | undefined {
  const takesValue = namesWithValue(everyOption(commands));
  return argv.find((word, at) => !/^-./.test(word) && !takesValue.has(argv[at - 1] ?? ""));
}

/** `coregram types CORE [...] (coregram types --help tells all)` */
export function usageLine(command: Command): string {
  const name = nameOf(command);
  return `coregram ${command.usage} (coregram ${name === null ? "" : `${name} `}--help tells all)`;
}

/** `help types` as what yargs knows: `types --help`. */
export function asOption(argv: readonly string[], commands: readonly Command[]): readonly string[] {
  const [first, name] = argv;
  if (first !== "help") return argv;
  if (name === undefined) return ["--help"];
  if (commands.some((command) => (nameOf(command) ?? command.alias) === name)) return [name, "--help"];
  throw new CoregramError("usage", notCommand(name, commands));
}

/**
 * What stands in a command line that nothing takes, and what was meant.
 * @param names without dashes, as yargs has them
 */
export function notUnderstood(
  names: readonly string[],
  argv: readonly string[],
  commands: readonly Command[],
): string {
  const command = commandIn(argv, commands);
  const first = firstName(argv, commands);
  // Of a misspelt command the first word was taken for the core, and the core for one too many.
  if (first !== undefined && nameOf(command) === null && similarCommands(first, commands).length > 0)
    return notCommand(first, commands);
  const [word] = names;
  if (word !== undefined && first !== undefined && names.every((name) => argv.includes(name)))
    return oneTooMany(word, first, command, commands);
  return `not understood: ${names.map((name) => named(name, argv, command, commands)).join(", ")}`;
}

/**
 * Refuses `-x.core`, `-top` and `-5`, which yargs reads letter by letter.
 * @throws CoregramError `usage`
 */
export function refuseLongShorts(argv: readonly string[], options: Record<string, Options>): void {
  const end = argv.indexOf("--");
  const letters = new Set(Object.values(options).flatMap(({ alias }) => alias ?? []));
  const takesValue = namesWithValue(options);
  for (const [at, word] of (end < 0 ? argv : argv.slice(0, end)).entries()) {
    if (takesValue.has(argv[at - 1] ?? "")) continue;
    if (!/^-(?:\d|[^-].)/.test(word) || letters.has(word[1] ?? "")) continue;
    const offered = similarNames(word.slice(1), Object.keys(options), MOST_OFFERED).map(
      (name) => `--${name}`,
    );
    const number = /^-(\d+)$/.exec(word)?.[1];
    if (number !== undefined) offered.unshift(`-n ${number}`);
    if (existsSync(word)) offered.unshift(`./${word}`);
    throw new CoregramError("usage", `not understood: ${printable(word)}${didYouMean(offered)}`);
  }
}

function named(
  name: string,
  argv: readonly string[],
  command: Command,
  commands: readonly Command[],
): string {
  const long = argv.some((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  if (!long) return printable(argv.includes(name) || name.length > 1 ? name : `-${name}`);
  const others = commands.filter(({ options }) => name in options).map((each) => nameOf(each) ?? "CORE");
  if (others.length > 0) return `--${name}, an option of coregram ${others.join(", coregram ")}`;
  return `${printable(`--${name}`)}${didYouMean(similarOptions(name, command))}`;
}

/** `--format` for `--fromat` and `--form`, `--format json` for `--json`, `--color never` for `--no-color`. */
function similarOptions(name: string, { options }: Command): string[] {
  const known = [...Object.keys(options), ...EVERYWHERE];
  const chosen = Object.entries(options).flatMap(([option, { choices = [] }]) =>
    choices
      .filter((choice) => choice === name || (choice === "never" && name === `no-${option}`))
      .map((choice) => `--${option} ${choice}`),
  );
  const begun = known.filter((option) => name.length > 1 && option.startsWith(name));
  const similar = [...begun, ...similarNames(name, known, MOST_OFFERED)].map((option) => `--${option}`);
  return [...new Set([...chosen, ...similar])].slice(0, MOST_OFFERED);
}

function notCommand(name: string, commands: readonly Command[]): string {
  return `${printable(name)} is no command${didYouMean(similarCommands(name, commands))}: ${commandNames(commands)}`;
}

function similarCommands(name: string, commands: readonly Command[]): string[] {
  const known = commands.flatMap((command) => nameOf(command) ?? []);
  return similarNames(name, known, MOST_OFFERED);
}

/**
 * What may have been meant by a path that leads nowhere: names in its folder, commands. Empty for other errors.
 * @param error as it was thrown; the system's own stands behind it as a cause
 */
export function meantPath(error: unknown, commands: readonly Command[]): string {
  const path = missingPath(error);
  if (path === null) return "";
  const [, file = "", bias = ""] = /^(.+)@(.*)$/.exec(path) ?? [];
  if (file !== "" && existsSync(file))
    return ` (FILE@BIAS takes an address such as 0x400000, and "${printable(bias)}" is none)`;
  const folder = dirname(path);
  const files = similarNames(basename(path), namesIn(folder), MOST_OFFERED);
  const offered = files.map((name) => (path.includes("/") ? join(folder, name) : name));
  const meant = [...offered, ...similarCommands(path, commands).map((name) => `the command ${name}`)];
  return didYouMean(meant.slice(0, MOST_OFFERED)) || whereCoresGo(path);
}

function missingPath(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, path } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" && path !== undefined) return path;
  }
  return null;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
