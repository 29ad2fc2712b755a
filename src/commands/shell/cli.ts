import { COMMANDS } from "./commands.ts";
import { fail } from "./fail.ts";
import { commandIn, meantPath, usageLine } from "./meant.ts";
import { printText } from "./print-text.ts";
import { readLine } from "./read-line.ts";
import { redactFromStart } from "./redaction.ts";

/** Runs the command that the arguments name. Returns the exit status (0 done, 1 failed, 2 usage); never throws. */
export async function runCli(argv: readonly string[]): Promise<number> {
  try {
    await redactFromStart(argv);
    const read = await readLine(argv, COMMANDS);
    if (typeof read === "string") return await printText(`${read}\n`);
    return (await read.command.run(read.args as never)) ?? 0;
  } catch (error) {
    return fail(error, usageLine(commandIn(argv, COMMANDS)), meantPath(error, COMMANDS));
  }
}
