import {
  type Group,
  IN_BAND,
  type Mallocng,
  type MemoryReader,
  mallocngUse,
  type Survey,
  slotsOf,
  zeroBytes,
} from "../../../blocks/index.ts";
import type { Image } from "../../../image/index.ts";
import { RECORD } from "../../../kernel/index.ts";
import { type BlockSums, keepRecords, type Places, type RecordRange } from "./records.ts";

/** Groups are read whole up to that; of larger ones the first bytes of each slot. */
const WINDOW_BYTES = 2 ** 19;
/** Of a block the kernel may read as much. */
const HEAD_BYTES = 128;
/** A group has 32 slots at the most. */
const MOST_SLOTS = 32;

/**
 * Finds the objects in musl's groups, and as pairs of address and bytes the blocks in use that hold no object. Freed ones
 * are counted where they still show: musl writes nothing over them.
 */
export function findInSlots(
  places: Places,
  image: Image,
  reader: MemoryReader,
  survey: Survey,
  mallocng: Mallocng,
  sums: BlockSums,
): { found: RecordRange[]; blocks: Float64Array[] } {
  const { memory } = places.crew;
  const use = mallocngUse(reader, mallocng, (span) => zeroBytes(memory, survey, span));
  if (use === null) return { found: [], blocks: [] };
  sums.slotBytes = use.usedBytes;
  sums.freeSlotBytes = use.freeBytes;
  sums.untouchedSlotBytes = use.untouchedBytes;
  sums.slotHeaderBytes = use.headerBytes;
  sums.lostSlotBytes = use.damagedBytes;
  const finder = new SlotObjects(places, image, reader, sums);
  for (const group of mallocng.groups) finder.take(group);
  return finder;
}

class SlotObjects {
  readonly found: RecordRange[] = [];
  readonly blocks: Float64Array[] = [];
  readonly #places: Places;
  readonly #image: Image;
  readonly #reader: MemoryReader;
  readonly #sums: BlockSums;
  readonly #window: number;
  readonly #room: number;

  constructor(places: Places, image: Image, reader: MemoryReader, sums: BlockSums) {
    const { memory } = places.crew;
    this.#places = places;
    this.#image = image;
    this.#reader = reader;
    this.#sums = sums;
    this.#window = memory.place(WINDOW_BYTES + HEAD_BYTES);
    this.#room = memory.place(MOST_SLOTS * RECORD.RECORD_BYTES, 16);
  }

  take(group: Group): void {
    const { crew, plan, tally } = this.#places;
    const bytes = group.end - group.start;
    const isWhole = bytes <= WINDOW_BYTES;
    if (isWhole) this.#read(group.start, bytes);
    const others: number[] = [];
    let wrote = 0;
    for (const { state, start, bytes: capacity } of slotsOf(this.#reader, group)) {
      if (state !== "in use" && state !== "free") continue;
      if (!isWhole) this.#read(start, HEAD_BYTES);
      const block = this.#window + (isWhole ? start - group.start : 0);
      if (state === "free") {
        crew.kernel.freedObject(plan, block, BigInt(capacity), tally);
        continue;
      }
      const record = crew.kernel.blockObject({
        plan,
        block,
        address: BigInt(start),
        capacity: BigInt(capacity),
        tally,
        to: this.#room + wrote,
      });
      wrote += record;
      if (record > 0) this.#sums.slotObjectBytes += group.stride - IN_BAND;
      else others.push(start, capacity);
    }
    keepRecords(crew, this.#room, wrote, this.found);
    if (others.length > 0) this.blocks.push(Float64Array.from(others));
  }

  /** What the kernel reads behind that is no object's. */
  #read(at: number, bytes: number): void {
    const into = new Uint8Array(this.#places.crew.memory.buffer, this.#window, bytes + HEAD_BYTES);
    into.fill(0, this.#image.read(BigInt(at), into.subarray(0, bytes)));
  }
}
