// lz4 frames (lz4_Frame_format.md 1.6.x). Our own, because no library fits: lz4js and the WebAssembly ports take
// whole buffers only, which for a core are gigabytes, and those that stream are native code.
import type { IHasher } from "hash-wasm";
import xxhash from "hash-wasm/dist/xxhash32.umd.min.js";
import type { CompressedInput } from "./compressed.ts";
import { decodeLz4Block } from "./lz4-block.ts";

const FRAME = 0x184d2204;
const SKIPPABLE = 0x184d2a50;
const HISTORY_BYTES = 64 * 1024;
const STORED = 0x80000000;

interface Frame {
  /** Blocks look back into those before. */
  readonly linked: boolean;
  readonly blockChecksums: boolean;
  readonly contentChecksum: boolean;
  readonly contentBytes: bigint | null;
  readonly mostBlockBytes: number;
}

/** All frames, skippable ones skipped, every checksum that is there verified. */
export async function* decompress(input: CompressedInput): AsyncGenerator<Uint8Array, void, undefined> {
  // One for headers and blocks, whose sums are never open at once, and one for the content around them.
  const hashes = { part: await xxhash.createXXHash32(), content: await xxhash.createXXHash32() };
  while ((await input.peek()) !== null) {
    const start = input.offset;
    const magic = readWord(await input.take(4));
    if (magic === FRAME) yield* decodeFrame(input, await readHeader(input, hashes.part), hashes);
    else if ((magic & ~0xf) >>> 0 === SKIPPABLE) await input.skip(readWord(await input.take(4)));
    else throw input.corrupt("no frame starts here", start);
  }
}

async function readHeader(input: CompressedInput, hash: IHasher): Promise<Frame> {
  const start = input.offset;
  hash.init();
  const take = async (bytes: number) => {
    const taken = await input.take(bytes);
    hash.update(taken);
    return taken;
  };
  const [flags = 0, sizes = 0] = await take(2);
  if (flags >> 6 !== 1) throw input.corrupt(`frame version ${flags >> 6} is not 1`, start);
  const contentBytes = flags & 0x08 ? readLong(await take(8), 0) : null;
  if (flags & 0x01) await take(4);
  const check = (digest(hash) >>> 8) & 0xff;
  const [stated] = await input.take(1);
  if (stated !== check) throw input.corrupt("checksum of the frame header does not match", start);
  if (flags & 0x01) throw input.refused("format", "needs a dictionary");
  const code = (sizes >> 4) & 7;
  if (code < 4 || flags & 0x02 || sizes & 0x8f) throw input.corrupt("reserved bits are set", start);
  return {
    linked: (flags & 0x20) === 0,
    blockChecksums: (flags & 0x10) !== 0,
    contentChecksum: (flags & 0x04) !== 0,
    contentBytes,
    mostBlockBytes: 2 ** (8 + 2 * code),
  };
}

async function* decodeFrame(
  input: CompressedInput,
  frame: Frame,
  hashes: { readonly part: IHasher; readonly content: IHasher },
): AsyncGenerator<Uint8Array, void, undefined> {
  // The last 64 KiB stay in front of the block, for the next one to look back into.
  const out = new Uint8Array(HISTORY_BYTES + frame.mostBlockBytes);
  let history = 0;
  let contentBytes = 0;
  hashes.content.init();
  for (;;) {
    const header = readWord(await input.take(4));
    if (header === 0) break;
    const stored = header >= STORED;
    const bytes = stored ? header - STORED : header;
    const start = input.offset;
    if (bytes > frame.mostBlockBytes) {
      throw input.corrupt(`block of ${bytes} bytes in a frame of at most ${frame.mostBlockBytes}`, start - 4);
    }
    const block = await input.take(bytes);
    const end = stored
      ? copyBlock(block, out)
      : decodeLz4Block(block, out, HISTORY_BYTES, HISTORY_BYTES - (frame.linked ? history : 0));
    if (end < 0) throw input.corrupt("a block makes no sense", start - 1 - end);
    if (frame.blockChecksums) {
      hashes.part.init();
      hashes.part.update(block);
      if (readWord(await input.take(4)) !== digest(hashes.part)) {
        throw input.corrupt("checksum of a block does not match", start);
      }
    }
    const piece = out.subarray(HISTORY_BYTES, end);
    if (frame.contentChecksum) hashes.content.update(piece);
    contentBytes += piece.length;
    if (piece.length > 0) yield piece;
    history = Math.min(HISTORY_BYTES, history + piece.length);
    out.copyWithin(HISTORY_BYTES - history, end - history, end);
  }
  if (frame.contentBytes !== null && frame.contentBytes !== BigInt(contentBytes)) {
    throw input.corrupt(`a frame of ${frame.contentBytes} bytes holds ${contentBytes}`);
  }
  if (frame.contentChecksum && readWord(await input.take(4)) !== digest(hashes.content)) {
    throw input.corrupt("checksum of a frame does not match");
  }
}

function copyBlock(block: Uint8Array, out: Uint8Array): number {
  out.set(block, HISTORY_BYTES);
  return HISTORY_BYTES + block.length;
}

function digest(hash: IHasher): number {
  return Number.parseInt(hash.digest("hex"), 16);
}

function readWord(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
}

function readLong(bytes: Uint8Array, at: number): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigUint64(0, true);
}

/** The first frame's content size. */
export function statedBytes(head: Uint8Array): number {
  const stated = head.length >= 14 && (head[4] ?? 0) & 0x08 ? readLong(head, 6) : 0n;
  return Number(stated);
}
