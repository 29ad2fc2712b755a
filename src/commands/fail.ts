import { CoregramError, printable } from "../terms/index.ts";
import { isBrokenPipe } from "../views/index.ts";

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

function say(message: string): void {
  process.stderr.write(`coregram: ${printable(message)}\n`);
}
