// Where bytes come from: a file, stdin, a pipe or a compressed stream; the last three by way of a spool.
// in: a path or `-`
// out: a ByteSource: size, read(position, into); a file's has a descriptor that workers can read for themselves;
//      and bytes, compressed
export { bytesSource, decompressBytes, decompressed } from "./decompress.ts";
export { errnoCode, explainErrno, ioError, subjectOf } from "./errno.ts";
export { fileSource, openFile, statPath } from "./file.ts";
export { type Compress, compressedMembers, gzipMember, zstdFrame } from "./members.ts";
export { type OpenOptions, openSource } from "./open.ts";
export type { ParquetFile } from "./parquet/parquet-file.ts";
export { isParquet, openParquet } from "./parquet.ts";
export { readAt } from "./read-at.ts";
export { scatteredSource } from "./scattered.ts";
export {
  type ByteSource,
  type FileSource,
  type HeldBytes,
  isFileSource,
  isSharedSource,
  type NamedDescriptor,
  type ScatteredBytes,
  type SharedBytes,
  type SharedSource,
  sharedBytes,
} from "./source.ts";
export { heldSource, Spool } from "./spool.ts";
export type { SpoolNote, SpoolOptions, SpoolProgress } from "./spooling.ts";
export { type FreeBytes, openTemporaryFile } from "./temporary-file.ts";
