/**
 * What kind of failure it was, for tests and for the exit status:
 * `usage` is the caller's (exit 2), all others mean that it could not be done (exit 1).
 */
export type ErrorCode =
  | "usage" // options that make no sense together
  | "absent" // what was asked for is not there: a path, a type, an object at an address
  | "io" // the operating system said no
  | "format" // this format, but broken
  | "changed" // a file changed while it was read
  | "limit"; // more than the memory or the disk allows

/** The one error class. Messages are lower case, subject first, with the numbers and the place. */
export class CoregramError extends Error {
  override readonly name = "CoregramError";
  readonly code: ErrorCode;
  /** Whether the message lacks the file that it is about: what threw it had bytes, and no name. */
  readonly isUnnamed: boolean;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions & { readonly isUnnamed?: boolean }) {
    super(message, options);
    this.code = code;
    this.isUnnamed = options?.isUnnamed === true;
  }
}

/**
 * What `work` makes of a file. An error of it that lacks the name of the file gets it in front.
 * @param subject what messages call the file
 * @throws what `work` throws
 */
export async function inFile<Made>(subject: string, work: () => Made | Promise<Made>): Promise<Made> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CoregramError) || !error.isUnnamed) throw error;
    throw new CoregramError(error.code, `${subject}: ${error.message}`, { cause: error });
  }
}
