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

/** Bytes that stand in other places of a descriptor, between some that are held; plain data for threads. */
export interface ScatteredBytes {
  readonly name: string;
  /** The descriptor; it stays who opened it's to close. */
  readonly scattered: number;
  /** Where each run begins and ends, and where in the descriptor it stands: threes, sorted and disjoint. Zeros are in no run. */
  readonly runs: Float64Array;
  readonly head: SharedArrayBuffer;
  /** From `tailAt` on, behind all runs. */
  readonly tail: SharedArrayBuffer;
  readonly tailAt: number;
}

/** What threads read for themselves, by position. */
export type SharedBytes = NamedDescriptor | HeldBytes | ScatteredBytes;

/** What of a source threads can be sent. */
export function sharedBytes(source: SharedBytes): SharedBytes {
  const { name } = source;
  if ("held" in source) return { name, held: source.held };
  if (!("scattered" in source)) return { name, fd: source.fd };
  const { scattered, runs, head, tail, tailAt } = source;
  return { name, scattered, runs, head, tail, tailAt };
}

/** A regular file, or the spool of a pipe or a compressed stream. */
export interface FileSource extends ByteSource, NamedDescriptor {
  /** It stays the source's to close. */
  readonly fd: number;
}

/** A source that threads can read for themselves. */
export type SharedSource = FileSource | (ByteSource & (HeldBytes | ScatteredBytes));

export function isFileSource(source: ByteSource): source is FileSource {
  return "fd" in source && typeof source.fd === "number";
}

/** Whether threads can read the source for themselves. */
export function isSharedSource(source: ByteSource): source is SharedSource {
  return isFileSource(source) || "held" in source || "scattered" in source;
}
