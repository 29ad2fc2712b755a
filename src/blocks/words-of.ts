import type { MemoryReader } from "./reader.ts";

const STEP = 2 ** 20;

/** Addresses and words of saved memory; what is above 2^53 is left out. */
export function* wordsOf(reader: MemoryReader, start: number, end: number): Generator<[number, number]> {
  for (let at = Math.ceil(start / 8) * 8; at < end; at += STEP) {
    const bytes = reader.bytes(at, Math.min(STEP, end - at));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let offset = 0; offset + 8 <= bytes.length; offset += 8) {
      const high = view.getUint32(offset + 4, true);
      if (high === 0 && view.getUint32(offset, true) === 0) continue;
      if (high < 0x10000) yield [at + offset, high * 2 ** 32 + view.getUint32(offset, true)];
    }
  }
}
