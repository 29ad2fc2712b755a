import { accessSync, constants, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Result, SchemaName } from "../../answers/results/index.ts";
import { CoregramError } from "../../terms/index.ts";
import { findFormat, render } from "../../views/index.ts";
import { writeFolder } from "./folder-output.ts";
import type { Chunks } from "./output.ts";
import { describeFailure, hasErrorCode, outputError } from "./output-error.ts";

/** A file of a folder: its name, and what it holds. */
export type AnswerFile = [name: string, chunks: Chunks];

/** Whose answers a folder has, which is called by it. */
export interface AnswersOf {
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What folders of answers begin with. */
export const FOLDER_PREFIX = "coregram-";
/** Moments of one second that get folders of their own. */
const MOST_ALIKE = 1000;

/**
 * Makes the folder that answers are written to, where it is not there.
 * @throws CoregramError `io` where nothing can be written there
 */
export function requireFolder(folder: string): void {
  try {
    const existing = statSync(folder, { throwIfNoEntry: false });
    if (existing === undefined) mkdirSync(folder);
    else if (!existing.isDirectory()) throw outputError(folder, "it is no folder, and answers are");
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof CoregramError) throw error;
    throw outputError(folder, describeFailure(error), error);
  }
}

/**
 * Writes answers to a new folder, which appears under its name once all is in it; for its user alone. Returns its path.
 * @throws CoregramError `io` where it cannot be written
 */
export async function writeAnswers(
  folder: string,
  { pid, at }: AnswersOf,
  files: Iterable<AnswerFile>,
): Promise<string> {
  return writeFolder(
    folder,
    async (put) => {
      for (const [name, chunks] of files) await put(name, chunks);
    },
    (temporary) => moveTo(folder, temporary, `${FOLDER_PREFIX}${pid}-${stamp(at)}`),
  );
}

/** A result for programs and for people. */
export function* bothOf<Name extends SchemaName>(
  name: string,
  text: string,
  result: Result<Name>,
): Generator<AnswerFile> {
  for (const [format, extension] of [
    ["json", "json"],
    [text, "txt"],
  ] as const) {
    const found = findFormat(format);
    if (found !== null) yield [`${name}.${extension}`, render(found, result)];
  }
}

/** `20261127T031217Z` */
function stamp(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

function moveTo(folder: string, temporary: string, name: string): string {
  for (let number = 1; number <= MOST_ALIKE; number += 1) {
    const path = join(folder, number === 1 ? name : `${name}-${number}`);
    try {
      renameSync(temporary, path);
      return path;
    } catch (error) {
      // A folder takes the place of an empty one alone.
      if (hasErrorCode(error, "ENOTEMPTY") || hasErrorCode(error, "EEXIST")) continue;
      throw outputError(path, describeFailure(error), error);
    }
  }
  throw new CoregramError("io", `${join(folder, name)}: there are ${MOST_ALIKE} of this name`);
}
