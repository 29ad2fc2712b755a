import {
  type Group,
  IN_BAND,
  type Mallocng,
  type MemoryReader,
  mallocngUse,
  type SlotStates,
  type Survey,
  slotStates,
  slotsOf,
  zeroBytes,
} from "../../../blocks/index.ts";
import type { Image } from "../../../image/index.ts";
import { MALLOCNG_SLOT, RECORD } from "../../../kernel/index.ts";
import { type BlockSums, keepRecords, type Places, type RecordRange } from "./records.ts";

/** Groups are read whole up to that, together with what follows; of larger ones the first bytes of each slot. */
const WINDOW_BYTES = 2 ** 19;
/** Of a block the kernel may read as much. */
const HEAD_BYTES = 128;
/** A group has 32 slots at the most. */
const MOST_SLOTS = 32;
/** A record, and a block that holds no object. */
const ENTRY_BYTES = 16;
const ROOM_BYTES = 2 ** 20;

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
  if (mallocng.areas.length === 0) return { found: [], blocks: [] };
  const finder = new SlotObjects(places, image, reader, sums);
  const states = mallocng.groups.map((group) => finder.take(group));
  finder.settle();
  const use = mallocngUse(
    mallocng,
    (_, index) => states[index] ?? NONE,
    (span) => zeroBytes(memory, survey, span),
  );
  if (use === null) return { found: [], blocks: [] };
  sums.slotBytes = use.usedBytes;
  sums.freeSlotBytes = use.freeBytes;
  sums.untouchedSlotBytes = use.untouchedBytes;
  sums.slotHeaderBytes = use.headerBytes;
  sums.lostSlotBytes = use.damagedBytes;
  return finder;
}

const NONE: SlotStates = { inUse: 0, free: 0, damaged: 0 };

class SlotObjects {
  readonly found: RecordRange[] = [];
  readonly blocks: Float64Array[] = [];
  readonly #places: Places;
  readonly #image: Image;
  readonly #reader: MemoryReader;
  readonly #sums: BlockSums;
  readonly #window: number;
  readonly #room: number;
  readonly #others: number;
  readonly #result: number;
  /** What of memory is in the window. */
  #start = 0;
  #end = 0;
  /** Bytes of records and of others' entries that are not kept yet. */
  #wrote = 0;
  #wroteOthers = 0;
  /** Where the group of the last of these records ends. */
  #last = 0;

  constructor(places: Places, image: Image, reader: MemoryReader, sums: BlockSums) {
    const { memory } = places.crew;
    this.#places = places;
    this.#image = image;
    this.#reader = reader;
    this.#sums = sums;
    this.#window = memory.place(WINDOW_BYTES + HEAD_BYTES);
    this.#room = memory.place(ROOM_BYTES, 16);
    this.#others = memory.place(ROOM_BYTES, 16);
    this.#result = memory.place(MALLOCNG_SLOT.SLOT_RESULT_BYTES);
  }

  take(group: Group): SlotStates {
    const { start, end, stride, slots, free } = group;
    // Groups in another's slots come behind that one: records that are kept together are in order.
    const isFull = Math.max(this.#wrote, this.#wroteOthers) > ROOM_BYTES - MOST_SLOTS * ENTRY_BYTES;
    if (isFull || start < this.#last) this.settle();
    if (end - start > WINDOW_BYTES) return this.#takeLarge(group);
    // Behind a large group the window has the last of its slots, and a group may lie in an earlier one.
    if (start < this.#start || end > this.#end) this.#read(start, WINDOW_BYTES);
    const { crew, plan, tally } = this.#places;
    const records = crew.kernel.slotObjects({
      plan,
      at: this.#window + (start - this.#start),
      address: BigInt(start),
      stride,
      slots,
      free,
      tally,
      to: this.#room + this.#wrote,
      others: this.#others + this.#wroteOthers,
      wrote: this.#result,
    });
    const [inUse = 0, freed = 0, damaged = 0, others = 0] = new Uint32Array(
      crew.memory.buffer,
      this.#result,
      MALLOCNG_SLOT.SLOT_RESULT_BYTES / 4,
    );
    this.#wrote += records;
    this.#wroteOthers += others;
    if (records > 0) this.#last = end;
    this.#sums.slotObjectBytes += (records / RECORD.RECORD_BYTES) * (stride - IN_BAND);
    return { inUse, free: freed, damaged };
  }

  /** Keeps what was written. */
  settle(): void {
    const { crew } = this.#places;
    keepRecords(crew, this.#room, this.#wrote, this.found);
    if (this.#wroteOthers > 0)
      this.blocks.push(new Float64Array(crew.memory.buffer, this.#others, this.#wroteOthers / 8).slice());
    this.#wrote = 0;
    this.#wroteOthers = 0;
    this.#last = 0;
  }

  /** The same of one that is larger than the window. */
  #takeLarge(group: Group): SlotStates {
    const { crew, plan, tally } = this.#places;
    for (const { state, start, bytes } of slotsOf(this.#reader, group)) {
      if (state !== "in use" && state !== "free") continue;
      this.#read(start, HEAD_BYTES);
      const capacity = BigInt(bytes);
      if (state === "free") {
        crew.kernel.freedObject(plan, this.#window, capacity, tally);
        continue;
      }
      const record = crew.kernel.blockObject({
        plan,
        block: this.#window,
        address: BigInt(start),
        capacity,
        tally,
        to: this.#room + this.#wrote,
      });
      this.#wrote += record;
      if (record > 0) {
        this.#last = group.end;
        this.#sums.slotObjectBytes += group.stride - IN_BAND;
      } else {
        const pair = new Float64Array(crew.memory.buffer, this.#others + this.#wroteOthers, 2);
        pair.set([start, bytes]);
        this.#wroteOthers += ENTRY_BYTES;
      }
    }
    return slotStates(this.#reader, group);
  }

  /** What the kernel reads behind that is no object's. */
  #read(at: number, bytes: number): void {
    const into = new Uint8Array(this.#places.crew.memory.buffer, this.#window, bytes + HEAD_BYTES);
    const got = this.#image.read(BigInt(at), into.subarray(0, bytes));
    into.fill(0, got, got + HEAD_BYTES);
    this.#start = at;
    this.#end = at + got;
  }
}
