import type { MemoryReader } from "../../../blocks/index.ts";
import type { Image } from "../../../image/index.ts";
import { cutPieces, PIECE_BUFFER_BYTES, RECORD, readPiece, TALLY } from "../../../kernel/index.ts";
import type { Layout } from "../layout/layout.ts";
import { KIND, type TypePlan } from "../types/kinds.ts";
import type { StaticData } from "./plan.ts";
import {
  LIVE,
  LIVE_BYTES,
  RECORD_WORDS,
  recordAddress,
  recordBytes,
  recordType,
  TALLY_WORDS,
} from "./record-words.ts";
import type { Places, RecordRange } from "./records.ts";
import { savedRanges } from "./saved-ranges.ts";
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
  layout: Layout,
  plans: readonly TypePlan[],
  { spans, data }: Statics,
): RecordRange[] {
  const { memory } = crew;
  const pieces = cutPieces(image.file, savedRanges(image, spans.all));
  const buffer = memory.place(PIECE_BUFFER_BYTES);
  const room = memory.place(PIECE_BUFFER_BYTES * 2);
  // What is found is tallied once it is known to count.
  const scratch = memory.place(plans.length * TALLY.TALLY_BYTES);
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
    for (let at = 0; at < words.length; at += RECORD_WORDS) {
      const record = words.slice(at, at + RECORD_WORDS);
      found.push({
        address: recordAddress(record, 0),
        index: recordType(record, 0),
        bytes: recordBytes(record, 0),
        record,
      });
    }
  }
  const live = liveStatics(memory, reader, plans, layout.structs.PyObject.sizeof, data, found);
  const bytes = live.size * RECORD.RECORD_BYTES;
  const at = memory.place(bytes, 16);
  const words = new Uint32Array(memory.buffer, at, live.size * RECORD_WORDS);
  const tallies = new BigUint64Array(memory.buffer, tally, plans.length * TALLY_WORDS);
  let next = 0;
  for (const object of live) {
    words.set(object.record, next);
    next += RECORD_WORDS;
    const own = object.index * TALLY_WORDS;
    tallies[own + LIVE] = (tallies[own + LIVE] ?? 0n) + 1n;
    if (plans[object.index]?.kind !== KIND.dict)
      tallies[own + LIVE_BYTES] = (tallies[own + LIVE_BYTES] ?? 0n) + BigInt(object.bytes);
  }
  return [{ at, bytes }];
}
