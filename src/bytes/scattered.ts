import { readAt } from "./read-at.ts";
import type { ScatteredBytes, SharedSource } from "./source.ts";

/**
 * A source of bytes that stand elsewhere.
 * @param close lets the descriptor go, once
 */
export function scatteredSource(bytes: ScatteredBytes, close: () => void): SharedSource {
  const size = bytes.tailAt + bytes.tail.byteLength;
  let isOpen = true;
  return {
    ...bytes,
    size,
    read(position, into) {
      const wanted = Math.max(0, Math.min(into.length, size - position));
      readAt(bytes, position, into.subarray(0, wanted));
      return wanted;
    },
    close() {
      if (isOpen) close();
      isOpen = false;
    },
  };
}
