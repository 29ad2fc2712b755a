import yargs, { type Options } from "yargs";
import { VERSION } from "../../terms/index.ts";
import { normalizeArguments, unmarked } from "./arguments.ts";
import { type Command, nameOf } from "./command.ts";
import { usageError } from "./fail.ts";
import { asOption, commandIn, everyOption, notUnderstood, refuseLongShorts } from "./meant.ts";

/** A command and what was read for it. */
interface Line {
  readonly command: Command;
  /** By the names of its positionals and options in camel case. */
  readonly args: Readonly<Record<string, unknown>>;
}

const PROGRAM = "What fills a process's memory, from one core file and nothing else.";

/** What yargs says of names that may be several: that none are given is no default that anybody would give. */
const NO_NAMES = "[value] [default: []]";

/** What every command takes beside its own options. */
const EVERYWHERE: Record<string, Options> = {
  help: { type: "boolean", alias: "h" },
  version: { type: "boolean", alias: "V" },
};

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

/**
 * Reads a command line with all that belongs to it: help, getopt's ways to write it, a sentence for what is wrong.
 * A text where it was answered by that: help or the version.
 * @throws CoregramError `usage` where it cannot be understood
 */
export async function readLine(
  argv: readonly string[],
  commands: readonly Command[],
): Promise<Line | string> {
  let line: Line | null = null;
  let text = "";
  // Which command it names is not known yet.
  const options = { ...everyOption(commands), ...EVERYWHERE };
  const asked = asOption(argv, commands);
  refuseLongShorts(asked, options);
  const words = normalizeArguments(asked, options);
  const parser = yargs()
    .scriptName("coregram")
    .locale("en")
    .updateStrings(USAGE_MESSAGES)
    .parserConfiguration({
      "boolean-negation": false,
      "dot-notation": false,
      "parse-positional-numbers": false,
    })
    .usage(`usage: coregram ${commandIn([], commands).usage}\n\n${PROGRAM}`)
    .strict()
    .version(VERSION)
    .alias("version", "V")
    .help()
    .alias("help", "h")
    .wrap(Math.min(100, process.stdout.columns || 100))
    .showHelpOnFail(false)
    .exitProcess(false)
    .fail((message, error) => {
      throw usageError(message, error, (names) => notUnderstood(names.map(unmarked), argv, commands));
    });
  for (const command of commands)
    parser.command(
      command.alias === undefined ? command.line : [command.line, command.alias],
      command.describe,
      (builder) => {
        for (const [name, positional] of Object.entries(command.positionals))
          builder.positional(name, positional);
        // The default's stands above all commands.
        if (nameOf(command) !== null)
          builder.usage(`usage: coregram ${command.usage}\n\n${command.describe}`);
        return builder.options(command.options).example(command.examples).epilogue(command.rows);
      },
      (args) => {
        line = { command, args: { ...asTyped(args), pidFirst: isPidFirst(words, args.cores) } };
      },
    );
  // With somebody who takes it, nothing is printed.
  await parser.parseAsync(words, {}, (_error, _args, output) => {
    text = output.replaceAll(NO_NAMES, "[value]".padStart(NO_NAMES.length));
  });
  return line ?? text;
}

function asTyped(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const typed = (value: unknown): unknown =>
    typeof value === "string" ? unmarked(value) : Array.isArray(value) ? value.map(typed) : value;
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, typed(value)]));
}

/** Which of several is the older is told by their order, which yargs loses between options and others. */
function isPidFirst(words: readonly string[], cores: unknown): boolean {
  const pid = words.findIndex((word) => /^--pid(=|$)/.test(word));
  const first = Array.isArray(cores) ? words.indexOf(String(cores[0])) : -1;
  return pid >= 0 && pid < first;
}
