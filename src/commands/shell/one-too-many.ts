import { existsSync } from "node:fs";
import { parseAddress, printable, shellWord } from "../../terms/index.ts";
import { type Command, nameOf } from "./command.ts";

/**
 * What is said of a word that a command has no place for, and what was meant.
 * @param first the first word of the line that is no option: a command's name, or CORE of the default one
 */
export function oneTooMany(
  word: string,
  first: string,
  command: Command,
  commands: readonly Command[],
): string {
  const name = nameOf(command) ?? (first === command.alias ? first : null);
  const said = printable(word);
  if (name === null && commands.some((each) => nameOf(each) === word))
    return `the command comes first: coregram ${said} ${shellWord(first)}`;
  if (name === null && first !== "-" && !existsSync(first))
    return `${printable(first)} is neither a command nor a file: ${commandNames(commands)}`;
  const [, argument = ""] = /[[<](\w+)[\]>]$/.exec(command.line) ?? [];
  const takes = `${name ?? "coregram"} takes one ${argument.toUpperCase()}, and ${said} is one too many`;
  if (argument !== "core") return takes;
  if (existsSync(word)) return `${takes}: coregram diff OLD NEW compares two`;
  if (parseAddress(word) !== null) return `${takes}: coregram whatis CORE ${said} says what is at an address`;
  return takes;
}

/** `types, owners, …` */
export function commandNames(commands: readonly Command[]): string {
  return commands.flatMap((command) => nameOf(command) ?? []).join(", ");
}
