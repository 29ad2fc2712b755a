import { COMMANDS } from "./commands.ts";
import { fail } from "./fail.ts";
import { readPlainLine } from "./plain-line.ts";

/** Runs the command that the arguments name. Returns the exit status (0 done, 1 failed, 2 usage); never throws. */
export async function runCli(argv: readonly string[]): Promise<number> {
  try {
    const plain = readPlainLine(argv, COMMANDS);
    if (plain !== null) return (await plain.command.run(plain.args as never)) ?? 0;
    // Half of the start-up: only where there is something to explain, or to read with more care.
    const { readLine } = await import("./read-line.ts");
    const read = await readLine(argv, COMMANDS);
    return read === null ? 0 : ((await read.command.run(read.args as never)) ?? 0);
  } catch (error) {
    return fail(error);
  }
}
