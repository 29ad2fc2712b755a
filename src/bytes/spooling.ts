import { CoregramError } from "../terms/index.ts";
import { decompressed } from "./decompress.ts";
import type { Feed } from "./feed.ts";
import { shrunk } from "./read-at.ts";
import type { SharedSource } from "./source.ts";
import { Spool } from "./spool.ts";
import type { FreeBytes } from "./temporary-file.ts";

/** How far the spooling of a pipe or a compressed file has come. All in bytes, none ever falls. */
export interface SpoolProgress {
  /** Spooled, decompressed. */
  readonly bytes: number;
  /** Read from the input, as it is there. */
  readonly read: number;
  /** How many there are to read; null where nobody knows. */
  readonly inputSize: number | null;
}

/** What became of an input that could not be read in place. */
export interface SpoolNote {
  /** Decompressed. */
  readonly bytes: number;
  /** Of the temporary file; null where the bytes are held in memory. */
  readonly folder: string | null;
  /** `gzip`; null where the input was not compressed. */
  readonly compression: string | null;
  /** What there is to say of a compressed stream that breaks off; null where it is whole. */
  readonly cut: string | null;
}

export interface SpoolOptions {
  /** The folder of the temporary file. */
  readonly temporaryFolder: string;
  readonly onProgress?: (progress: SpoolProgress) => void;
  /** Whether of a compressed stream that breaks off what comes before is taken; it is an error otherwise. */
  readonly keepCut?: boolean;
  /** Called once, when all is spooled. */
  readonly onSpool?: (note: SpoolNote) => void;
  /** How much room a folder has: statfs(2) unless a test knows better. */
  readonly freeBytes?: FreeBytes;
}

/** What is known of an input before it is read. */
export interface Expectation {
  /** Its bytes as they are there, compressed or not; null where nobody knows. */
  readonly inputSize: number | null;
  /** What it will take in the spool at least; 0 where nobody knows. */
  readonly leastBytes: number;
}

/**
 * Writes all of a feed into a temporary file, decompressed where it begins as a compressed format does
 * (once: what is inside is taken as it is), and closes the feed.
 * @throws CoregramError `io`, `format` where the compressed stream is broken or, unless `keepCut`, breaks off, `limit` where there is no room
 */
export async function spoolFeed(
  name: string,
  feed: Feed,
  { inputSize, leastBytes }: Expectation,
  options: SpoolOptions,
): Promise<SharedSource> {
  let spool: Spool | null = null;
  try {
    spool = await Spool.create(options.temporaryFolder, leastBytes, options.freeBytes);
    let read = 0;
    const counted = countChunks(feed.chunks, (bytes) => {
      read += bytes;
    });
    const { compression, pieces, isCut } = await decompressed(name, counted);
    let cut: string | null = null;
    try {
      for await (const piece of pieces) {
        await spool.append(piece);
        options.onProgress?.({ bytes: spool.size, read, inputSize });
      }
    } catch (error) {
      if (!(error instanceof CoregramError && isCut() && options.keepCut && spool.size > 0)) throw error;
      cut = error.message;
    }
    // A pipe cannot tell; a file that ends before its size was cut off under our hands.
    if (inputSize !== null && read < inputSize) throw shrunk(name, read);
    const { isFile } = spool;
    const source = await spool.finish(name);
    spool = null;
    const folder = isFile ? options.temporaryFolder : null;
    options.onSpool?.({ bytes: source.size, folder, compression, cut });
    return source;
  } finally {
    spool?.discard();
    feed.close();
  }
}

async function* countChunks(
  chunks: AsyncIterable<Uint8Array>,
  onChunk: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    onChunk(chunk.length);
    yield chunk;
  }
}
