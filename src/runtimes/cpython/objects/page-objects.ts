import {
  freeBlocks,
  MEMORY_TAG,
  type MemoryReader,
  type MimallocPage,
  type MimallocSegment,
} from "../../../blocks/index.ts";
import type { Image } from "../../../image/index.ts";
import { MIMALLOC_PAGE } from "../../../kernel/index.ts";
import { type BlockSums, keepRecords, type Places, type RecordRange } from "./records.ts";

/** Pages of blocks of up to 128 KiB are read whole: MI_MEDIUM_PAGE_SIZE. */
const WINDOW_BYTES = 2 ** 19;
/** Behind a block the kernel may read as much. */
const TAIL_BYTES = 128;
/** Blocks of 8 bytes, the least that there are. */
const MOST_BLOCKS = WINDOW_BYTES / 8;
const RECORD_BYTES = 16;

/**
 * Finds the objects in mimalloc's pages, by address, and as pairs of address and bytes the blocks in use that hold no
 * object. Pages that are not saved, or whose free lists do not add up, are left out and counted.
 */
export function findInPages(
  places: Places,
  image: Image,
  reader: MemoryReader,
  segments: readonly MimallocSegment[],
  sums: BlockSums,
): { found: RecordRange[]; blocks: Float64Array[] } {
  const finder = new PageObjects(places, image, reader, sums);
  for (const { start, infoEnd, pages, lostSlices } of segments) {
    sums.pageHeaderBytes += infoEnd - start;
    sums.lostPages += lostSlices;
    for (const page of pages) finder.take(page);
  }
  return finder;
}

class PageObjects {
  readonly found: RecordRange[] = [];
  readonly blocks: Float64Array[] = [];
  readonly #places: Places;
  readonly #image: Image;
  readonly #reader: MemoryReader;
  readonly #sums: BlockSums;
  readonly #window: number;
  readonly #marks: number;
  readonly #heads: number;
  readonly #room: number;
  readonly #others: number;
  readonly #wrote: number;

  constructor(places: Places, image: Image, reader: MemoryReader, sums: BlockSums) {
    const { memory } = places.crew;
    this.#places = places;
    this.#image = image;
    this.#reader = reader;
    this.#sums = sums;
    this.#window = memory.place(WINDOW_BYTES + TAIL_BYTES);
    this.#marks = memory.place(MOST_BLOCKS);
    this.#heads = memory.place(3 * 8);
    this.#room = memory.place(MOST_BLOCKS * RECORD_BYTES, 16);
    this.#others = memory.place(MOST_BLOCKS * 16);
    this.#wrote = memory.place(MIMALLOC_PAGE.PAGE_RESULT_BYTES);
  }

  take(page: MimallocPage): void {
    const { start, blockBytes, capacity, span } = page;
    const sums = this.#sums;
    const bytes = capacity * blockBytes;
    const free = bytes <= WINDOW_BYTES ? this.#takeWhole(page, bytes) : this.#takeLarge(page);
    if (free === null) {
      sums.lostPages += 1;
      return;
    }
    sums.pages += 1;
    sums.pageBlocks += capacity - free;
    sums.pageBytes += (capacity - free) * blockBytes;
    sums.pageFreeBlocks += free;
    sums.pageFreeBytes += free * blockBytes;
    sums.pageHeaderBytes += start - span.start;
  }

  /** How many blocks are free; null where the page is damaged. */
  #takeWhole({ start, blockBytes, capacity, used, heads, tag }: MimallocPage, bytes: number): number | null {
    const { crew, plan, tally } = this.#places;
    const { memory } = crew;
    const into = new Uint8Array(memory.buffer, this.#window, bytes);
    if (this.#image.read(BigInt(start), into) < bytes) return null;
    // What the kernel reads behind the last block is no object's.
    new Uint8Array(memory.buffer, this.#window + bytes, TAIL_BYTES).fill(0);
    new BigUint64Array(memory.buffer, this.#heads, heads.length).set(heads.map(BigInt));
    const isSound = crew.kernel.pageObjects({
      plan,
      at: this.#window,
      address: BigInt(start),
      block: blockBytes,
      capacity,
      used,
      hasObjects: tag === MEMORY_TAG ? 0 : 1,
      heads: this.#heads,
      marks: this.#marks,
      tally,
      to: this.#room,
      others: this.#others,
      wrote: this.#wrote,
    });
    if (isSound === 0) return null;
    const wrote = new DataView(memory.buffer, this.#wrote, MIMALLOC_PAGE.PAGE_RESULT_BYTES);
    const records = wrote.getUint32(MIMALLOC_PAGE.RECORDS_BYTES, true);
    const others = wrote.getUint32(MIMALLOC_PAGE.OTHER_BYTES, true);
    keepRecords(crew, this.#room, records, this.found);
    this.#sums.pageObjectBytes += (records / RECORD_BYTES) * blockBytes;
    if (others > 0) this.blocks.push(new Float64Array(memory.buffer, this.#others, others / 8).slice());
    return wrote.getUint32(MIMALLOC_PAGE.FREE_BLOCKS, true);
  }

  /** The same of a page of few large blocks, of which only the first bytes are read. */
  #takeLarge(page: MimallocPage): number | null {
    const free = freeBlocks(this.#reader, page);
    if (free === null) return null;
    const { crew, plan, tally } = this.#places;
    for (let index = 0; index < page.capacity; index += 1) {
      const at = page.start + index * page.blockBytes;
      if (free.has(at)) continue;
      const head = new Uint8Array(crew.memory.buffer, this.#window, 2 * TAIL_BYTES).fill(0);
      this.#image.read(BigInt(at), head);
      const wrote =
        page.tag === MEMORY_TAG
          ? 0
          : crew.kernel.blockObject({
              plan,
              block: this.#window,
              address: BigInt(at),
              capacity: BigInt(page.blockBytes),
              tally,
              to: this.#room,
            });
      keepRecords(crew, this.#room, wrote, this.found);
      if (wrote > 0) this.#sums.pageObjectBytes += page.blockBytes;
      else this.blocks.push(Float64Array.of(at, page.blockBytes));
    }
    return free.size;
  }
}
