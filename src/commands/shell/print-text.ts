import { openDescriptorOutput } from "./descriptor-output.ts";
import { fail } from "./fail.ts";

const STDOUT = 1;

/** Prints a text that is all there is to say: help, the version. Returns the exit status; never throws. */
export async function printText(text: string): Promise<number> {
  try {
    await openDescriptorOutput(STDOUT, "standard output", false).write(text);
    return 0;
  } catch (error) {
    return fail(error, "", "");
  }
}
