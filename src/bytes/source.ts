/**
 * Bytes that can be read at any position, the seam between files and everything above.
 * A regular file, or the unlinked temporary file that a pipe or a compressed stream was spooled into.
 */
export interface ByteSource {
  /** What the user called it: a path, or `-`. Untrusted; print it with `printable`. */
  readonly name: string;
  /** In bytes, fixed when the source was opened. */
  readonly size: number;
  /** The file descriptor, for worker threads that read for themselves; it stays the source's to close. */
  readonly fd: number;
  /**
   * Fills `into` from `position` on. Returns the bytes read: fewer than `into.length` only at the end.
   * @throws CoregramError `changed` where the file has become shorter than `size`, `io` on a read error
   */
  read(position: number, into: Uint8Array): number;
  close(): void;
}
