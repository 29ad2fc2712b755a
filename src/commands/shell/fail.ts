import { CoregramError, printable } from "../../terms/index.ts";
import { isBrokenPipe } from "./output-error.ts";

const USAGE = "usage: coregram CORE [--top N | --all] [--symbols FILE]... (coregram --help tells all)";

/**
 * The one place where errors end: one clear line on stderr. Returns the exit status: 0 where the reader of
 * our output went away, as it may; 2 for wrong usage; 1 for all else.
 */
export function fail(error: unknown): 0 | 1 | 2 {
  if (isBrokenPipe(error)) return 0;
  if (error instanceof CoregramError) {
    say(error.message);
    if (error.code !== "usage") return 1;
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  // A bug of ours: the place matters more than good manners.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  say(`internal error, please report it: ${text.split("\n").slice(0, 4).join(" | ")}`);
  return 1;
}

/**
 * What yargs found wrong with a command line, as an error of ours. yargs hides what `coerce` threw, and its own
 * parser's complaints, in an error of its own; anything else that it caught is a bug and stays what it is.
 */
export function usageError(message: string | undefined, error: Error | undefined): Error {
  if (error && error.name !== "YError") return error;
  const text = (message ?? error?.message ?? "")
    .replaceAll(/\s*\n\s*/g, " ")
    .replace(/^Unknown arguments?:/, "not understood:")
    .replace(/^Not enough non-option arguments:/, "too few arguments:");
  // It knows `--min-count` by two names, and says both.
  return new CoregramError("usage", text.replaceAll(/\b(\w+(?:-\w+)+), (\w+)/g, dropCamelCase));
}

function dropCamelCase(both: string, kebab: string, next: string): string {
  return kebab.replaceAll("-", "").toLowerCase() === next.toLowerCase() ? kebab : both;
}

function say(message: string): void {
  process.stderr.write(`coregram: ${printable(message)}\n`);
}
