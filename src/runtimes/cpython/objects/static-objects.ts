import { type MemoryReader, pieceRoom } from "../../../blocks/index.ts";
import type { Image } from "../../../image/index.ts";
import { cutPieces, readPiece, type SavedRange } from "../../../kernel/index.ts";
import { KIND, type TypePlan } from "../types/kinds.ts";
import type { StaticData } from "./plan.ts";
import { type BlockSums, type Places, RECORD_BYTES, type RecordRange } from "./records.ts";
import { liveStatics, type StaticObject, type StaticSpans } from "./statics.ts";

/** Where static objects may be, and the marks for those of the interpreter. */
export interface Statics {
  readonly spans: StaticSpans;
  readonly data: StaticData;
}

/** Finds the static objects that count, see `liveStatics`; the marks must be there. */
export function findStatics(
  { crew, plan, tally }: Places,
  image: Image,
  reader: MemoryReader,
  plans: readonly TypePlan[],
  { spans, data }: Statics,
  sums: BlockSums,
): RecordRange[] {
  const { memory } = crew;
  const ranges: SavedRange[] = [];
  for (const { start, end } of spans.all) {
    const segment = image.segmentAt(BigInt(start));
    if (segment === null) continue;
    const bytes = Math.min(segment.extent.bytes, end - start);
    ranges.push({ start: segment.start, offset: segment.extent.offset, bytes });
    sums.staticBytes += bytes;
  }
  const pieces = cutPieces(image.file, ranges);
  const buffer = memory.place(pieceRoom);
  const room = memory.place(pieceRoom * 2);
  // What is found is tallied once it is known to count.
  const scratch = memory.place(plans.length * 32);
  const found: StaticObject[] = [];
  for (let piece = 0; piece < pieces.count; piece += 1) {
    readPiece(pieces, piece, memory.wasm, buffer);
    const bytes = crew.kernel.staticObjects({
      plan,
      at: buffer,
      bytes: pieces.bytes[piece] ?? 0,
      tail: pieces.tails[piece] ?? 0,
      address: BigInt(pieces.starts[piece] ?? 0),
      tally: scratch,
      to: room,
    });
    const words = new Uint32Array(memory.buffer, room, bytes / 4);
    for (let at = 0; at < words.length; at += 4) {
      const address = (words[at] ?? 0) + ((words[at + 1] ?? 0) & 0xffff) * 2 ** 32;
      found.push({
        address,
        index: words[at + 2] ?? 0,
        bytes: words[at + 3] ?? 0,
        upper: words[at + 1] ?? 0,
      });
    }
  }
  const live = liveStatics(memory, reader, plans, data, found);
  const at = memory.place(live.size * RECORD_BYTES, 16);
  const words = new Uint32Array(memory.buffer, at, live.size * 4);
  const tallies = new BigUint64Array(memory.buffer, tally, plans.length * 4);
  let next = 0;
  for (const object of live) {
    words.set([object.address % 2 ** 32, object.upper, object.index, object.bytes], next);
    next += 4;
    tallies[object.index * 4] = (tallies[object.index * 4] ?? 0n) + 1n;
    if (plans[object.index]?.kind !== KIND.dict)
      tallies[object.index * 4 + 1] = (tallies[object.index * 4 + 1] ?? 0n) + BigInt(object.bytes);
  }
  return [{ at, bytes: live.size * RECORD_BYTES }];
}
