// zstd (RFC 8878) by the reference decoder, libzstd compiled to WebAssembly in the package zstddec.
//
// Not by node:zlib, even where it has zstd: as of Node 24.21 its stream takes a chunk's first frame for all of
// the chunk and drops the frames behind it without an error, and files of several frames are common (pzstd,
// `cat a.zst b.zst`). Not by fzstd: it verifies no checksums and moves its whole window for every block.
import { ZSTDDecoder } from "zstddec/stream";
import type { CompressedInput } from "./compressed.ts";

/** What we call of libzstd. Addresses are 32-bit; it may return them negative. */
interface Libzstd {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(bytes: number): number;
  free(address: number): void;
  ZSTD_createDCtx(): number;
  ZSTD_freeDCtx(context: number): void;
  ZSTD_decompressStream(context: number, output: number, input: number): number;
}

const INPUT_BYTES = 128 * 1024;
const OUTPUT_BYTES = 1024 * 1024;
/** ZSTD_inBuffer and ZSTD_outBuffer (zstd.h): address, size, position; three words each. */
const BUFFER_STRUCT_BYTES = 12;

/** ZSTD_ErrorCode (zstd_errors.h), those that a stream can cause; an error is returned as its negative. */
const ERRORS: Readonly<Record<number, string>> = {
  10: "no frame starts here",
  12: "version not supported",
  14: "frame parameter not supported",
  20: "data corruption",
  22: "checksum does not match",
  24: "literals header is wrong",
  30: "dictionary is corrupt",
  32: "it needs a dictionary",
};
const WINDOW_TOO_LARGE = 16;
const OUT_OF_MEMORY = 64;
const MOST_ERRORS = 120;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4];

/**
 * All frames, skippable ones skipped, content checksums verified. A frame may ask for a window of 128 MiB at
 * most, as with `zstd -d` without `--long`.
 */
export async function* decompress(input: CompressedInput): AsyncGenerator<Uint8Array, void, undefined> {
  const libzstd = await instantiateLibzstd();
  const from = allocate(libzstd, INPUT_BYTES);
  const to = allocate(libzstd, OUTPUT_BYTES);
  const structs = allocate(libzstd, 2 * BUFFER_STRUCT_BYTES);
  const context = libzstd.ZSTD_createDCtx();
  /** What the decoder still expects: 0 between frames. */
  let expected = 0;
  try {
    for (let piece = await input.peek(); piece !== null; piece = await input.peek()) {
      const bytes = Math.min(piece.length, INPUT_BYTES);
      new Uint8Array(libzstd.memory.buffer, from, bytes).set(piece.subarray(0, bytes));
      for (let taken = 0, more = true; more; ) {
        new Uint32Array(libzstd.memory.buffer, structs, 6).set([from, bytes, taken, to, OUTPUT_BYTES, 0]);
        expected = libzstd.ZSTD_decompressStream(context, structs + BUFFER_STRUCT_BYTES, structs);
        if (expected < 0 && expected > -MOST_ERRORS) throw explain(input, -expected, input.offset + taken);
        // The memory may have grown, which voids every view of it.
        const after = new Uint32Array(libzstd.memory.buffer, structs, 6);
        taken = after[2] ?? bytes;
        const produced = after[5] ?? 0;
        // A full output may have more behind it, except at a frame's end.
        more = taken < bytes || (produced === OUTPUT_BYTES && expected !== 0);
        if (produced > 0) yield new Uint8Array(libzstd.memory.buffer, to, produced);
      }
      input.consume(bytes);
    }
  } finally {
    libzstd.ZSTD_freeDCtx(context);
    for (const address of [from, to, structs]) libzstd.free(address);
  }
  if (expected !== 0) throw input.endsEarly();
}

/** The first frame's content size, where its header has it (RFC 8878, 3.1.1.1). */
export function statedBytes(head: Uint8Array): number {
  const descriptor = head[4] ?? 0;
  if (head[0] !== 0x28 || head.length < 14) return 0;
  const single = (descriptor & 0x20) !== 0;
  const flag = descriptor >> 6;
  const bytes = flag === 0 ? Number(single) : 2 ** flag;
  const start = 5 + Number(!single) + (DICTIONARY_ID_BYTES[descriptor & 3] ?? 0);
  let stated = flag === 1 ? 256 : 0;
  for (let at = 0; at < bytes; at++) stated += (head[start + at] ?? 0) * 256 ** at;
  return stated;
}

function explain(input: CompressedInput, code: number, offset: number): Error {
  if (code === WINDOW_TOO_LARGE)
    return input.refused("limit", "wants a window of more than 128 MiB (zstd -d --long=31)");
  if (code === OUT_OF_MEMORY) return input.refused("limit", "wants more memory than there is");
  return input.corruptAfter(offset, ERRORS[code] ?? `libzstd error ${code}`);
}

function allocate(libzstd: Libzstd, bytes: number): number {
  const address = libzstd.malloc(bytes);
  if (address === 0) throw new Error(`libzstd cannot allocate ${bytes} bytes`);
  return address;
}

/** What the module imports: it need not be told that its memory has grown, as nobody keeps views of it. */
const IMPORTS = { env: { emscripten_notify_memory_growth: () => {} } };

/** An instance for one stream: where another's context made the memory grow, views that are still read would be void. */
async function instantiateLibzstd(): Promise<Libzstd> {
  compiled ??= compileLibzstd();
  return new WebAssembly.Instance(await compiled, IMPORTS).exports as unknown as Libzstd;
}

let compiled: Promise<WebAssembly.Module> | null = null;

/**
 * The package's own loop cannot wait for input and takes no notice of errors, so we only have it compile the module,
 * and take that from the callback that it sets itself up with.
 */
async function compileLibzstd(): Promise<WebAssembly.Module> {
  const decoder = new ZSTDDecoder();
  let module: WebAssembly.Module | null = null;
  decoder._init = (result) => {
    module = (result as unknown as { readonly module: WebAssembly.Module }).module;
  };
  await decoder.init();
  if (module === null) throw new Error("zstddec has changed: no module");
  return module;
}
