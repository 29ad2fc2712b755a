import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openOutput } from "./open-output.ts";
import { type Chunks, writeChunks } from "./output.ts";
import { describeFailure, outputError } from "./output-error.ts";
import { onSignals } from "./signals.ts";

const STDOUT = 1;

/** Writes a file into the folder. */
export type Put = (name: string, chunks: Chunks) => Promise<void>;

/**
 * Writes files, for their user alone, to a folder that appears once all are in it, or not at all.
 * @param parent where the folder is to be
 * @param move gives the temporary folder its name
 * @throws CoregramError `io` where something cannot be written, and what the two throw
 */
export async function writeFolder<Place>(
  parent: string,
  fill: (put: Put) => Promise<void>,
  move: (temporary: string) => Place,
): Promise<Place> {
  let made: string | null = null;
  const clear = () => {
    if (made !== null) rmSync(made, { recursive: true, force: true });
  };
  // Before it is there, so that no signal falls between the two.
  const release = onSignals(clear);
  try {
    const temporary = makeTemporary(parent);
    made = temporary;
    await fill(async (name, chunks) => {
      const output = await openOutput({ path: join(temporary, name), stdoutFd: STDOUT, isSecret: true });
      try {
        await writeChunks(output, chunks);
        output.finish();
      } finally {
        output.abandon();
      }
    });
    return move(temporary);
  } finally {
    clear();
    release();
  }
}

function makeTemporary(folder: string): string {
  try {
    return mkdtempSync(join(folder, ".coregram-"));
  } catch (error) {
    throw outputError(folder, describeFailure(error), error);
  }
}
