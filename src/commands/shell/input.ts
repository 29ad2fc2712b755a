import { fstatSync, type Stats, statSync } from "node:fs";
import { type FileSource, openSource } from "../../bytes/index.ts";
import { type Address, CoregramError, formatCount, parseAddress } from "../../terms/index.ts";
import type { Notes } from "./notes.ts";
import type { ProgressLine } from "./progress.ts";
import { temporaryFolder } from "./settings.ts";

/** The opened core, and what it was compressed with. */
export interface Input {
  readonly source: FileSource;
  readonly compression: string | null;
}

/** Standard input's descriptor. */
const STDIN = 0;

/** The CORE argument, which yargs leaves optional so that its lack gets a hint and not a list of options. */
export function requireCore(core: string | undefined): string {
  if (core !== undefined && core !== "") return core;
  throw new CoregramError(
    "usage",
    "no CORE given: name a core file (gcore PID makes one of a running process), or - for stdin",
  );
}

/** An address that the user typed. */
export function requireAddress(text: string): Address {
  const at = parseAddress(text);
  if (at === null)
    throw new CoregramError("usage", `"${text}" is no address: 1 to 16 hex digits, with or without 0x`);
  return at;
}

/** Opens CORE, spooling what cannot be read in place, and says so. */
export async function openInput(core: string, progress: ProgressLine, notes: Notes): Promise<Input> {
  let compression: string | null = null;
  const source = await openSource(core, {
    temporaryFolder: temporaryFolder(),
    stdin: STDIN,
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
  if (maps.includes("")) throw new CoregramError("usage", "--symbols names no file");
  if (output === undefined || output === "-") return;
  if (output === "") throw new CoregramError("usage", "--output names no file");
  const target = statOf(() => statSync(output));
  for (const input of [core, ...maps]) {
    const source = statOf(() => (input === "-" ? fstatSync(STDIN) : statSync(input)));
    if (source?.isFile() && target && source.dev === target.dev && source.ino === target.ino)
      throw new CoregramError("usage", `--output ${output} is an input, and would be lost`);
  }
}

// What cannot be looked at is named when it is opened, which says why.
function statOf(stat: () => Stats): Stats | null {
  try {
    return stat();
  } catch {
    return null;
  }
}
