/** Bytes that can be read at any position, the seam between files and everything above. */
export interface ByteSource {
  /** What the user called it: a path, or `-`. Untrusted; print it with `printable`. */
  readonly name: string;
  /** In bytes, fixed when the source was opened. */
  readonly size: number;
  /**
   * Fills `into` from `position` on. Returns the bytes read: fewer than `into.length` only at the end.
   * @throws CoregramError `changed` where the file has become shorter than `size`, `io` on a read error
   */
  read(position: number, into: Uint8Array): number;
  close(): void;
}

/** An open descriptor that can be read by position, and what it is called in messages; plain data for threads. */
export interface NamedDescriptor {
  readonly name: string;
  readonly fd: number;
}

/** Bytes that all threads see; plain data for them. */
export interface HeldBytes {
  readonly name: string;
  readonly held: SharedArrayBuffer;
}

/** What threads read for themselves, by position. */
export type SharedBytes = NamedDescriptor | HeldBytes;

/** What of a source threads can be sent. */
export function sharedBytes(source: SharedBytes): SharedBytes {
  const { name } = source;
  return "held" in source ? { name, held: source.held } : { name, fd: source.fd };
}

/** A regular file, or the spool of a pipe or a compressed stream. */
export interface FileSource extends ByteSource, NamedDescriptor {
  /** It stays the source's to close. */
  readonly fd: number;
}

/** A source that threads can read for themselves. */
export type SharedSource = FileSource | (ByteSource & HeldBytes);

export function isFileSource(source: ByteSource): source is FileSource {
  return "fd" in source && typeof source.fd === "number";
}

/** Whether threads can read the source for themselves. */
export function isSharedSource(source: ByteSource): source is SharedSource {
  return isFileSource(source) || "held" in source;
}
