import { CoregramError } from "../../terms/index.ts";
import { isBrokenPipe } from "./output-error.ts";
import { say } from "./say.ts";

/**
 * The one place where errors end: one clear line on stderr. Returns the exit status: 0 where the reader of
 * our output went away, as it may; 2 for wrong usage; 1 for all else.
 * @param usage the line that says how the command is called
 * @param meant what a path that leads nowhere may have stood for
 */
export function fail(error: unknown, usage: string, meant: string): 0 | 1 | 2 {
  if (isBrokenPipe(error)) return 0;
  if (error instanceof CoregramError) {
    say(`${error.message}${meant}`);
    if (error.code !== "usage") return 1;
    say(usage, process.stderr, "usage: ");
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
 * @param explain says of names that it does not know what they may mean
 */
export function usageError(
  message: string | undefined,
  error: Error | undefined,
  explain: (unknown: readonly string[]) => string,
): Error {
  if (error && error.name !== "YError") return error;
  const said = (message ?? error?.message ?? "").replaceAll(/\s*\n\s*/g, " ");
  // It knows `--min-count` by two names, and says both.
  const text = said.replaceAll(/\b(\w+(?:-\w+)+), (\w+)/g, dropCamelCase);
  const [, unknown] = /^Unknown arguments?: (.*)$/.exec(text) ?? [];
  const [, needing, needed] = /^Implications failed: (\S+) -> (\S+)/.exec(text) ?? [];
  if (needing !== undefined) return new CoregramError("usage", `--${needing} needs --${needed}`);
  return new CoregramError("usage", unknown === undefined ? text : explain(unknown.split(", ")));
}

function dropCamelCase(both: string, kebab: string, next: string): string {
  return kebab.replaceAll("-", "").toLowerCase() === next.toLowerCase() ? kebab : both;
}
