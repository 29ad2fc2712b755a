import type { MemoryReader } from "../../blocks/index.ts";
import type { StaticSpans } from "./statics.ts";

/** What _PyRuntime says of itself from 3.13 on (Include/internal/pycore_debug_offsets.h). */
export interface DebugOffsets {
  readonly address: number;
  /** The 13 of 3.13.5. */
  readonly minor: number;
  /** `3.13.5`. */
  readonly version: string;
  readonly isFreeThreaded: boolean;
}

const COOKIE = Buffer.from("xdebugpy");
/** Modules' data is read in steps of this many bytes. */
const STEP = 2 ** 20;

/** Looks for the cookie `xdebugpy` in the interpreter's static data; null where there is none, as up to 3.12. */
export function readDebugOffsets(reader: MemoryReader, { all, own }: StaticSpans): DebugOffsets | null {
  for (const { start, end } of all) {
    if (start < own.start || start >= own.end) continue;
    for (let at = start; at < end; at += STEP) {
      // The cookie is aligned, and so are the steps: it lies in no two of them.
      const found = findCookie(reader, at, reader.bytes(at, Math.min(STEP, end - at)));
      if (found !== null) return found;
    }
  }
  return null;
}

function findCookie(reader: MemoryReader, start: number, bytes: Uint8Array): DebugOffsets | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = text.indexOf(COOKIE); at >= 0; at = text.indexOf(COOKIE, at + 1)) {
    const hex = reader.u64(start + at + 8);
    if ((start + at) % 8 !== 0 || !(hex < 2 ** 32) || hex >>> 24 !== 3) continue;
    const minor = (hex >>> 16) & 0xff;
    return {
      address: start + at,
      minor,
      version: `3.${minor}.${(hex >>> 8) & 0xff}`,
      isFreeThreaded: reader.u64(start + at + 16) === 1,
    };
  }
  return null;
}
