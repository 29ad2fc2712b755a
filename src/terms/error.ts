/**
 * What kind of failure it was, for tests and for the exit status:
 * `usage` is the caller's (exit 2), all others mean that it could not be done (exit 1).
 */
export type ErrorCode =
  | "usage" // options that make no sense together
  | "io" // the operating system said no
  | "format" // this format, but broken
  | "changed" // a file changed while it was read
  | "limit"; // more than the memory or the disk allows

/** The one error class. Messages are lower case, subject first, with the numbers and the place. */
export class CoregramError extends Error {
  override readonly name = "CoregramError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
