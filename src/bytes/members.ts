import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import * as zlib from "node:zlib";

/** Compressed on its own: large enough that it compresses as well as the whole. */
const MEMBER_BYTES = 2 ** 22;
/** Memory compresses by a factor of five as it is; more effort takes three times as long for a tenth less. */
const LEVEL = 1;

/** Makes a member of a compressed file: these one after the other are one as well. */
export type Compress = (bytes: Uint8Array) => Promise<Uint8Array>;

const gzip = promisify(zlib.gzip);

/** Members of RFC 1952. */
export const gzipMember: Compress = (bytes) => gzip(bytes, { level: LEVEL });

/** Node's types are those of the oldest Node that is supported. */
const { zstdCompress } = zlib as Partial<Record<"zstdCompress", typeof zlib.deflate>>;

/** Frames of RFC 8878, at zstd's own level; null where this Node has none (zlib.zstdCompress, from 22.15 on). */
export const zstdFrame: Compress | null = zstdCompress === undefined ? null : promisify(zstdCompress);

/**
 * The bytes, or so many zeros, compressed as members one after the other; several at a time, by the threads that Node has
 * for that.
 */
export async function* compressedMembers(
  chunks: Iterable<Uint8Array | number>,
  compress: Compress,
): AsyncGenerator<Uint8Array, void, undefined> {
  const most = availableParallelism() + 1;
  const waiting: Promise<Uint8Array>[] = [];
  let zeros: Promise<Uint8Array> | null = null;
  for (const member of membersOf(chunks)) {
    if (typeof member === "number") zeros ??= compress(Buffer.alloc(MEMBER_BYTES));
    const compressed = typeof member === "number" ? zeros : compress(member);
    if (compressed !== null) waiting.push(compressed);
    const first = waiting.length > most ? waiting.shift() : undefined;
    if (first !== undefined) yield await first;
  }
  for (const left of waiting) yield await left;
}

/** The chunks as pieces of MEMBER_BYTES, but for the last; those of nothing but zeros as their number. */
function* membersOf(chunks: Iterable<Uint8Array | number>): Generator<Buffer | number> {
  let member = Buffer.alloc(MEMBER_BYTES);
  let filled = 0;
  const finish = () => {
    const full = member;
    member = Buffer.alloc(MEMBER_BYTES);
    filled = 0;
    return full;
  };
  for (const chunk of chunks) {
    let left = typeof chunk === "number" ? chunk : chunk.length;
    while (left > 0) {
      if (typeof chunk === "number" && filled === 0 && left >= MEMBER_BYTES) {
        yield MEMBER_BYTES;
        left -= MEMBER_BYTES;
        continue;
      }
      const bytes = Math.min(left, MEMBER_BYTES - filled);
      if (typeof chunk !== "number")
        member.set(chunk.subarray(chunk.length - left, chunk.length - left + bytes), filled);
      filled += bytes;
      left -= bytes;
      if (filled === MEMBER_BYTES) yield finish();
    }
  }
  if (filled > 0) yield member.subarray(0, filled);
}
