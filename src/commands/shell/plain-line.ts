import type { Options } from "yargs";
import type { Command } from "./command.ts";

/** A command and what was read for it. */
export interface Line {
  readonly command: Command;
  /** By the names of its positionals and options in camel case. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** Means no more than its characters: no dash in front, no quotes, which yargs takes off, nothing that a flag takes. */
const PLAIN = /^(?!true$|false$)[^-'"`][^'"`]*$/;

/**
 * Reads a command line that needs no care: each option whole, known, given once, with a value that it takes; a file for
 * each positional. Null for any other (help, wrong usage, `-nq5`, `--`), which `readLine` reads with yargs: that
 * takes longer to load than a small core to count. What this reads, that reads the same.
 */
export function readPlainLine(argv: readonly string[], commands: readonly Command[]): Line | null {
  const named = commands.find((command) => nameOf(command) === argv[0]);
  const command = named ?? commands.find((other) => nameOf(other) === "$0");
  if (command === undefined) return null;
  const given = readWords(named === undefined ? argv : argv.slice(1), command.options);
  if (given === null) return null;
  // Elsewhere in the line, too, it would name the command.
  if (named === undefined && given.files.some((file) => commands.some((other) => nameOf(other) === file)))
    return null;
  const positionals = assignFiles(given.files, command);
  if (positionals === null) return null;
  const args: Record<string, unknown> = { ...positionals };
  for (const [name, option] of Object.entries(command.options)) {
    const values = given.values.get(name);
    if (values !== undefined && [option.conflicts ?? []].flat().some((other) => given.values.has(`${other}`)))
      return null;
    try {
      args[camelCase(name)] = readValue(option, values);
    } catch {
      return null;
    }
  }
  return { command, args };
}

const nameOf = ({ line }: Command) => line.split(" ", 1)[0];

const camelCase = (name: string) => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

interface Words {
  readonly files: readonly string[];
  /** By option, its values as they stand there; `true` of a flag. */
  readonly values: ReadonlyMap<string, readonly (string | true)[]>;
}

function readWords(words: readonly string[], options: Command["options"]): Words | null {
  const files: string[] = [];
  const values = new Map<string, (string | true)[]>();
  for (let at = 0; at < words.length; ++at) {
    const word = words[at] ?? "";
    if (PLAIN.test(word)) {
      files.push(word);
      continue;
    }
    const name = optionNamed(word, options);
    if (name === null) return null;
    const option = options[name] ?? {};
    const value = option.type === "boolean" ? true : words[++at];
    const before = values.get(name);
    if (value === undefined || (value !== true && !PLAIN.test(value))) return null;
    if (before === undefined) values.set(name, [value]);
    else if (option.array === true) before.push(value);
    else return null;
  }
  return { files, values };
}

/** The option that `--name` or `-n` is. */
function optionNamed(word: string, options: Command["options"]): string | null {
  if (word.startsWith("--")) return Object.hasOwn(options, word.slice(2)) ? word.slice(2) : null;
  const letter = word.slice(1);
  return Object.keys(options).find((name) => [options[name]?.alias ?? []].flat().includes(letter)) ?? null;
}

function readValue(option: Options, given: readonly (string | true)[] | undefined): unknown {
  if (given === undefined) return option.coerce?.(option.default) ?? option.default;
  if (option.array === true) return given;
  const [text] = given;
  const value =
    option.choices === undefined ? text : option.choices.find((choice) => String(choice) === text);
  if (value === undefined) throw new RangeError("not a choice");
  return option.coerce === undefined ? value : option.coerce(value);
}

/** A file for each positional; all that are left for one that takes many. */
function assignFiles(files: readonly string[], { positionals }: Command): Record<string, unknown> | null {
  const args: Record<string, unknown> = {};
  let left = files;
  for (const [name, { array }] of Object.entries(positionals)) {
    if (left.length === 0) return null;
    args[name] = array === true ? left : left[0];
    left = array === true ? [] : left.slice(1);
  }
  return left.length === 0 ? args : null;
}
