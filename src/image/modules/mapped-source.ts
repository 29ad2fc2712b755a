import type { ByteSource } from "../../bytes/index.ts";
import type { FileMapping } from "../../elf/index.ts";
import type { Image } from "../image.ts";

/**
 * A mapped file by its own offsets, as far as its mappings show it and their pages are saved: program headers and notes
 * may lie behind the first mapping, as patchelf(1) puts them.
 */
export function mappedSource(image: Image, mappings: readonly FileMapping[], name: string): ByteSource {
  const ends = mappings.map(({ fileOffset, start, end }) => fileOffset + (end - start));
  return {
    name,
    size: ends.reduce((most, end) => Math.max(most, Math.min(Number(end), Number.MAX_SAFE_INTEGER)), 0),
    read(position, into) {
      const at = BigInt(position);
      for (const [index, { fileOffset, start }] of mappings.entries()) {
        const left = (ends[index] ?? 0n) - at;
        if (at < fileOffset || left <= 0n) continue;
        const room = left < BigInt(into.length) ? into.subarray(0, Number(left)) : into;
        const got = image.read(start + (at - fileOffset), room);
        if (got > 0) return got;
      }
      return 0;
    },
    close() {},
  };
}
