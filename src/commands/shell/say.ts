import { printable } from "../../terms/index.ts";

/** What begins the lines of stderr. */
export type Prefix = "coregram: " | "usage: ";

/** Columns at the most: longer lines are hard to read, however wide the terminal. */
const MOST_COLUMNS = 100;

/** A text narrower than this would be a column of words. */
const LEAST_COLUMNS = 20;

let redacted = (text: string) => text;

/** Whatever is said from now on goes through it. */
export function redactSayings(redact: (text: string) => string): void {
  redacted = redact;
}

/**
 * Says one thing on stderr, made printable: one line to a program that reads it, and to a person on a terminal lines
 * that break at spaces, the further ones set in.
 */
export function say(
  text: string,
  stream: Pick<NodeJS.WriteStream, "isTTY" | "columns" | "write"> = process.stderr,
  prefix: Prefix = "coregram: ",
): void {
  const shown = printable(redacted(text));
  const room = Math.min(stream.columns ?? 0, MOST_COLUMNS) - prefix.length;
  const lines = stream.isTTY && room >= LEAST_COLUMNS ? breakLines(shown, room) : [shown];
  stream.write(`${prefix}${lines.join(`\n${" ".repeat(prefix.length)}`)}\n`);
}

/** A word that is wider than the room has a line of its own: a path that is broken can not be copied. */
function breakLines(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
