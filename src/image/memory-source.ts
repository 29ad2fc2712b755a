import type { ByteSource } from "../bytes/index.ts";
import type { Range } from "../terms/index.ts";
import type { Image } from "./image.ts";

/**
 * A piece of memory as a file, so that what reads ELF files reads the one that is mapped there.
 * A read ends at the first byte that is not saved.
 */
export function memorySource(image: Image, range: Range, name: string): ByteSource {
  const span = range.end - range.start;
  const size = span < BigInt(Number.MAX_SAFE_INTEGER) ? Number(span) : Number.MAX_SAFE_INTEGER;
  return {
    name,
    size,
    read(position, into) {
      const bytes = Math.min(into.length, Math.max(0, size - position));
      return bytes > 0 ? image.read(range.start + BigInt(position), into.subarray(0, bytes)) : 0;
    },
    close() {},
  };
}
