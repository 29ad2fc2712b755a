import { CoregramError, formatBytes } from "../terms/index.ts";
import { CompressedInput } from "./compressed.ts";
import { findCompression, HEAD_BYTES } from "./compressions.ts";
import type { ByteSource } from "./source.ts";

/**
 * What a small compressed stream in memory holds. Null where it is in no compressed format.
 * @param name what it is called in messages
 * @param most the bytes that it may decompress to
 * @throws CoregramError `format` where it is corrupt or ends early, `limit` where it holds more
 */
export async function decompressBytes(
  name: string,
  bytes: Uint8Array,
  most: number,
): Promise<Uint8Array | null> {
  const compression = findCompression(bytes);
  if (compression === null) return null;
  const { decompress } = await compression.load();
  async function* whole() {
    yield bytes;
  }
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of decompress(new CompressedInput(name, compression.name, whole()))) {
    total += piece.length;
    if (total > most) {
      throw new CoregramError("limit", `${name} decompresses to more than ${formatBytes(most)}`);
    }
    pieces.push(piece.slice());
  }
  return Buffer.concat(pieces);
}

/** Bytes as they come, decompressed where they begin as a compressed format does. */
export interface Decompressed {
  /** `gzip`; null where they are not compressed. */
  readonly compression: string | null;
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Whether `pieces` threw because the stream breaks off: all that came before is right. */
  isCut(): boolean;
}

/** The chunks as they are, or what they decompress to. A pipe may hand its first bytes over one by one. */
export async function decompressed(
  name: string,
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
): Promise<Decompressed> {
  const first: Uint8Array[] = [];
  for (let bytes = 0; bytes < HEAD_BYTES; ) {
    const next = await chunks.next();
    if (next.done) break;
    first.push(next.value);
    bytes += next.value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array, void, undefined> {
    yield* first;
    yield* chunks;
  }
  const compression = findCompression(Buffer.concat(first));
  if (compression === null) return { compression: null, pieces: all(), isCut: () => false };
  const { decompress } = await compression.load();
  const input = new CompressedInput(name, compression.name, all());
  return { compression: compression.name, pieces: decompress(input), isCut: () => input.isCut };
}

/** Bytes in memory as a source. */
export function bytesSource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    read(position, into) {
      const part = bytes.subarray(position, position + into.length);
      into.set(part);
      return part.length;
    },
    close() {},
  };
}
