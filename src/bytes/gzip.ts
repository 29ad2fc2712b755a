// gzip (RFC 1952) by node's own zlib, in its thread pool.
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { CompressedInput } from "./compressed.ts";
import { errnoCode } from "./errno.ts";

const OUTPUT_BYTES = 1024 * 1024;
/** Deflate's best: 258 bytes from two bits (zlib's algorithm.txt). */
const MOST_RATIO = 1032;

/**
 * All members, one after the other; zero padding after the last is skipped, as gzip(1) does for tapes.
 * Anything else after it is an error where gzip(1) ignores it with a warning:
 * it may well be a damaged member, and counts of half a core look like counts of a core.
 */
export async function* decompress(input: CompressedInput): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip({ chunkSize: OUTPUT_BYTES });
  let lastNonZero = -1;
  let fed: () => void = () => {};
  const feeding = new Promise<void>((resolve) => {
    fed = resolve;
  });
  async function* pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (let piece = await input.peek(); piece !== null; piece = await input.peek()) {
        const nonZero = piece.findLastIndex((byte) => byte !== 0);
        if (nonZero >= 0) lastNonZero = input.offset + nonZero;
        input.consume(piece.length);
        yield piece;
      }
    } finally {
      fed();
    }
  }
  try {
    // The callback's error is the one that the loop throws.
    for await (const chunk of pipeline(Readable.from(pieces()), gunzip, () => {})) yield chunk as Uint8Array;
  } catch (error) {
    const code = errnoCode(error);
    if (code === "Z_BUF_ERROR") throw input.endsEarly();
    if (code?.startsWith("Z_")) throw input.corruptAfter(gunzip.bytesWritten, (error as Error).message);
    throw error;
  }
  // zlib stops at a zero byte after a member and leaves the rest unread.
  await feeding;
  for await (const _ of pieces());
  const end = gunzip.bytesWritten;
  if (lastNonZero >= end) throw input.corruptAfter(end, "what follows its padding is not gzip");
}

/** ISIZE: the last member's size modulo 2^32, so a lower bound, unless the file is cut and these are other bytes. */
export function statedBytes(_head: Uint8Array, tail: Uint8Array, size: number): number {
  if (tail.length < 4) return 0;
  const stated = new DataView(tail.buffer, tail.byteOffset, tail.length).getUint32(tail.length - 4, true);
  return stated <= size * MOST_RATIO ? stated : 0;
}
