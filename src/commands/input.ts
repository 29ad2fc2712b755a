import { statSync } from "node:fs";
import { type ByteSource, openSource } from "../bytes/index.ts";
import { CoregramError, formatCount } from "../terms/index.ts";
import type { Notes } from "./notes.ts";
import { temporaryFolder } from "./options.ts";
import type { ProgressLine } from "./progress.ts";

/** The opened core, and what it was compressed with. */
export interface Input {
  readonly source: ByteSource;
  readonly compression: string | null;
}

/** The CORE argument, which yargs leaves optional so that its lack gets a hint and not a list of options. */
export function requireCore(core: string | undefined): string {
  if (core !== undefined && core !== "") return core;
  throw new CoregramError(
    "usage",
    "no CORE given: name a core file (gcore PID makes one of a running process), or - for stdin",
  );
}

/** Opens CORE, spooling what cannot be read in place, and says so. */
export async function openInput(core: string, progress: ProgressLine, notes: Notes): Promise<Input> {
  let compression: string | null = null;
  const source = await openSource(core, {
    temporaryFolder: temporaryFolder(),
    stdin: 0,
    onProgress: ({ bytes, read, inputSize }) =>
      progress.update(inputSize === null ? "spooling" : "decompressing", read, inputSize, bytes),
    onSpool: (note) => {
      compression = note.compression;
      notes.say(`${formatCount(note.bytes)} bytes spooled to a temporary file in ${note.folder}`);
    },
  });
  return { source, compression };
}

/**
 * Refuses what would destroy or starve an input: an output that is one of the inputs, stdin for two of them.
 * @throws CoregramError `usage`
 */
export function checkPaths(core: string, maps: readonly string[], output: string | undefined): void {
  if ([core, ...maps].filter((name) => name === "-").length > 1)
    throw new CoregramError("usage", "- is stdin, and stdin can be only one of CORE and the symbol maps");
  if (output === undefined) return;
  for (const input of [core, ...maps])
    if (isSameFile(input, output))
      throw new CoregramError("usage", `--output ${output} is an input, and would be lost`);
}

function isSameFile(a: string, b: string): boolean {
  if (a === "-") return false;
  const left = statSync(a, { throwIfNoEntry: false });
  const right = statSync(b, { throwIfNoEntry: false });
  return !!left?.isFile() && !!right && left.dev === right.dev && left.ino === right.ino;
}
