import { fstatSync, type Stats, statSync } from "node:fs";
import type { Asked, SymbolInput } from "../../answers/index.ts";
import { openTarget, type Target, type TargetOptions } from "../../image/index.ts";
import { CoregramError, type Listener, parseAddress } from "../../terms/index.ts";

/** Standard input's descriptor. */
const STDIN = 0;

/**
 * The CORE argument, which yargs leaves optional so that its lack gets a hint and not a list of options. Without it standard
 * input is read, where that is a file or a pipe.
 * @throws CoregramError `usage`
 */
export function requireCore(core: string | undefined): string {
  if (core !== undefined && core !== "") return core;
  const stdin = statOf(() => fstatSync(STDIN));
  if (core === undefined && (stdin?.isFile() || stdin?.isFIFO() || stdin?.isSocket())) return "-";
  throw noCore();
}

/**
 * Opens the CORE argument. A standard input that nobody named and that has nothing in it is none.
 * @throws CoregramError `usage`, and as `openTarget` does
 */
export async function openCore(
  core: string | undefined,
  options: TargetOptions,
  listener: Listener,
): Promise<Target> {
  const target = await openTarget(requireCore(core), options, listener);
  if (core !== undefined || target.bytes > 0) return target;
  target.close();
  throw noCore();
}

function noCore(): CoregramError {
  return new CoregramError(
    "usage",
    "no CORE given: name a core file, or - for stdin; --pid PID asks a living process, gcore PID makes a core of one",
  );
}

/** A path starts with a module's name, or with what has none in angle brackets. */
const PATH_START = /^(?!0x)[\p{L}_<]/iu;

/** An address that the user typed, or a path of an object. What consists of hex digits alone is an address. */
export function requireAsked(text: string): Asked {
  const at = parseAddress(text);
  if (at !== null) return at;
  const digits = /^(?:0x)?([0-9a-f]+)$/i.exec(text)?.[1]?.length ?? 0;
  if (digits > 0)
    throw new CoregramError(
      "usage",
      `"${text}" is no address: it has ${digits} hex digits, and one has 16 at the most`,
    );
  if (PATH_START.test(text)) return text;
  throw new CoregramError(
    "usage",
    `"${text}" is no address: 1 to 16 hex digits, with or without 0x; nor is it a path, such as app.cache['key']`,
  );
}

/** The symbol maps that the user named: `-` is standard input. */
export function symbolInputs(maps: readonly string[] | undefined): SymbolInput[] {
  return (maps ?? []).map((name) => (name === "-" ? { name, text: process.stdin } : name));
}

/**
 * Refuses what would destroy or starve an input: an output that is one of the inputs, stdin for two of them.
 * @throws CoregramError `usage`
 */
export function checkPaths(core: string, maps: readonly string[], output: string | undefined): void {
  if ([core, ...maps].filter((name) => name === "-").length > 1)
    throw new CoregramError("usage", "- is stdin, and stdin can be only one of the inputs");
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
