import { USER_SPACE_END } from "../../terms/index.ts";
import type { MemoryReader } from "../reader.ts";
import type { Span } from "../span.ts";
import { AREA, CONTEXT_HEADS, MOST_METAS } from "./layout.ts";

/** Modules' data is looked through in pieces of that many bytes. */
const PIECE_BYTES = 2 ** 16;
/** And up to that many of it: musl's own is a few kilobytes in a library that is mapped like any other. */
const MOST_BYTES = 2 ** 28;

/**
 * The pages of metas of a process, in the order in which they were made; none where its malloc is not musl's. Its context
 * lies in some module's data, begins with the secret that is each area's first word, and has the first area's address.
 * @param statics modules' writable data
 */
export function findAreas(reader: MemoryReader, statics: readonly Span[]): number[] {
  let left = MOST_BYTES;
  for (const { start, end } of statics)
    for (let at = start - (start % 8); at < end && left > 0; at += PIECE_BYTES) {
      const bytes = reader.bytes(at, Math.min(PIECE_BYTES, end - at));
      left -= PIECE_BYTES;
      for (const place of pageAddresses(bytes)) {
        const areas = areasFrom(reader, at + place);
        if (areas.length > 0) return areas;
      }
    }
  return [];
}

/** Where in the bytes two words follow each other that may be addresses of areas. */
function* pageAddresses(bytes: Uint8Array): Generator<number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isPage = (at: number) => {
    const low = view.getUint32(at, true);
    return (
      low % AREA.bytes === 0 &&
      view.getUint16(at + 6, true) === 0 &&
      (low > 0 || view.getUint16(at + 4, true) > 0)
    );
  };
  for (let at = 0; at + 16 <= bytes.length; at += 8) if (isPage(at) && isPage(at + 8)) yield at;
}

/** All areas, if the word at the address is the head of their list. */
function areasFrom(reader: MemoryReader, head: number): number[] {
  const first = reader.u64(head);
  const last = reader.u64(head + 8);
  for (const offset of CONTEXT_HEADS) {
    const context = head - offset;
    const secret = [reader.u32(context), reader.u32(context + 4)] as const;
    if (!(secret[0] > 0 && secret[1] > 0)) continue;
    const isArea = (at: number) => reader.u32(at) === secret[0] && reader.u32(at + 4) === secret[1];
    if (!isArea(first) || !isArea(last)) continue;
    const areas = new Set<number>();
    for (
      let at = first;
      isArea(at) && at % AREA.bytes === 0 && !areas.has(at);
      at = reader.u64(at + AREA.next)
    ) {
      if (at >= USER_SPACE_END || reader.u32(at + AREA.count) > MOST_METAS) break;
      areas.add(at);
    }
    if (areas.has(last)) return [...areas];
  }
  return [];
}
