// xz by xz-embedded, compiled to WebAssembly in the package xz-decompress. It verifies CRC32 and CRC64 (xz's
// own choice); a stream with SHA-256 is refused.
import xz from "xz-decompress";
import type { CompressedInput } from "./compressed.ts";

/** What the package compiles in: xz_dec_catrun over one input and one output buffer. */
interface XzModule {
  readonly memory: { readonly buffer: ArrayBuffer };
  create_context(): number;
  destroy_context(context: number): void;
  /** Says how many bytes are in the input buffer; none says that there will be no more. */
  supply_input(context: number, bytes: number): void;
  get_next_output(context: number): number;
}

/** The package's class instantiates its module into a static field. */
interface XzLoader {
  _getModuleInstance(): Promise<void>;
  _moduleInstance: { readonly exports: XzModule } | undefined;
}

/** enum xz_ret (xz.h of xz-embedded). */
const OK = 0;
const STREAM_END = 1;
const OUT_OF_MEMORY = 3;
const DICTIONARY_TOO_LARGE = 4;
const UNSUPPORTED = 6;
const ERRORS: Readonly<Record<number, string>> = {
  5: "no stream starts here",
  7: "data corruption",
};

/** The context begins with `size_t bufferBytes` and a struct xz_buf; as 32-bit words: */
const BUFFER_BYTES = 0;
const INPUT = 1;
const INPUT_POSITION = 2;
const OUTPUT = 4;
const OUTPUT_POSITION = 5;
const CONTEXT_WORDS = 6;

/** All streams and the padding between them. A dictionary may take 64 MiB, which is what `xz -9` asks for. */
export async function* decompress(input: CompressedInput): AsyncGenerator<Uint8Array, void, undefined> {
  const module = await loadXz();
  const context = module.create_context();
  const read = (word: number) => new Uint32Array(module.memory.buffer, context, CONTEXT_WORDS)[word] ?? 0;
  const bufferBytes = read(BUFFER_BYTES);
  try {
    for (let result = OK; result !== STREAM_END; ) {
      const piece = await input.peek();
      const bytes = Math.min(piece?.length ?? 0, bufferBytes);
      if (piece) new Uint8Array(module.memory.buffer, read(INPUT), bytes).set(piece.subarray(0, bytes));
      module.supply_input(context, bytes);
      for (let more = true; more && result !== STREAM_END; ) {
        result = module.get_next_output(context);
        const taken = read(INPUT_POSITION);
        const produced = read(OUTPUT_POSITION);
        if (produced > 0) yield new Uint8Array(module.memory.buffer, read(OUTPUT), produced);
        if (result !== OK && result !== STREAM_END) {
          // Padding comes in fours (xz-file-format.txt 2.2); cut, it is called corrupt only once all is supplied.
          if (piece === null) throw input.endsEarly();
          throw explain(input, result, input.offset + taken);
        }
        new Uint32Array(module.memory.buffer, context, CONTEXT_WORDS)[OUTPUT_POSITION] = 0;
        // With no input to come, either it ends or it says that it cannot go on.
        more = taken < bytes || produced === bufferBytes;
      }
      input.consume(bytes);
    }
  } finally {
    module.destroy_context(context);
  }
}

function explain(input: CompressedInput, result: number, offset: number): Error {
  if (result === UNSUPPORTED) return input.refused("format", "has a filter or check that is not supported");
  if (result === DICTIONARY_TOO_LARGE)
    return input.refused("limit", "wants a dictionary of more than 64 MiB");
  if (result === OUT_OF_MEMORY) return input.refused("limit", "wants more memory than there is");
  return input.corrupt(ERRORS[result] ?? `xz-embedded error ${result}`, offset);
}

let loading: Promise<unknown> = Promise.resolve();

/**
 * An instance for one stream: the package's memory has state that two streams at the same time would share. It leaves
 * an instance in a static field, so that they are made one after the other. Not through the package's stream: it has no
 * offsets, and an input that ends early makes it fail in odd ways.
 */
function loadXz(): Promise<XzModule> {
  const loaded = loading.then(async () => {
    const loader = xz.XzReadableStream as unknown as XzLoader;
    await loader._getModuleInstance();
    const module = loader._moduleInstance?.exports;
    if (module === undefined) throw new Error("xz-decompress has changed: no module instance");
    return module;
  });
  loading = loaded.catch(() => undefined);
  return loaded;
}
