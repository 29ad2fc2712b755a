import { getSystemErrorMap } from "node:util";
import { CoregramError, printable } from "../../terms/index.ts";

/** The one line for an output that cannot be written. */
export function outputError(name: string, reason: string, cause?: unknown): CoregramError {
  return new CoregramError("io", `${printable(name)} cannot be written: ${reason}`, { cause });
}

/** `no space left on device (ENOSPC)`: the system's words without Node's call and path around them. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { errno, code } = error as NodeJS.ErrnoException;
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno);
  return known ? `${known[1]} (${known[0]})` : (code ?? error.message);
}

export function hasErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code !== undefined && codes.includes(code);
}

/** Whether the reader of an output went away (`| head -1`): no failure, there is just nobody left to tell. */
export function isBrokenPipe(error: unknown): boolean {
  return hasErrorCode(error, "EPIPE", "ECONNRESET");
}
