import { getSystemErrorMap } from "node:util";
import { CoregramError, printable } from "../terms/index.ts";

/** Where libuv's wording would puzzle a user of a file tool. */
const PLAIN: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file, a part of its path is not a directory",
  EISDIR: "is a directory",
  ERR_INVALID_ARG_VALUE: "not a file name", // a NUL in it
};

/** The `ENOENT` of an error that came from the operating system, or null. */
export function errnoCode(error: unknown): string | null {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === "string" ? code : null;
}

/** `no such file`: what the operating system said, without node's `ENOENT: …, open '…'`. */
export function explainErrno(error: unknown): string {
  const code = errnoCode(error);
  if (code !== null) {
    const plain = PLAIN[code];
    if (plain !== undefined) return plain;
    for (const [name, message] of getSystemErrorMap().values()) if (name === code) return message;
  }
  return printable(error instanceof Error ? error.message : String(error));
}

/** What messages call a source: its name, safe to print, or what `-` stands for. */
export function subjectOf(name: string): string {
  return name === "-" ? "standard input" : printable(name);
}

/** `core.1: permission denied`, with the code `io`; an error that is ours already passes through. */
export function ioError(name: string, error: unknown): CoregramError {
  if (error instanceof CoregramError) return error;
  return new CoregramError("io", `${subjectOf(name)}: ${explainErrno(error)}`, { cause: error });
}
