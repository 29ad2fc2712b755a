import { type ByteSource, isSharedSource, type SharedSource } from "../bytes/index.ts";
import { addressBytes, type ElfLayout, Fields, type FileMapping, SegmentFlag } from "../elf/index.ts";
import {
  type Address,
  address,
  CoregramError,
  type Extent,
  formatAddress,
  partitionPoint,
  type Range,
  wordFromBytes,
} from "../terms/index.ts";
import type { Fault, MemoryLayer, Origin } from "./memory-layer.ts";
import type { SavedMemory } from "./saved-memory.ts";
import type { SegmentTable } from "./segment-table.ts";

/** A piece of the address space that the image knows of. */
export interface ImageSegment extends Range {
  /** `rwx`, with `-` for what is not allowed. */
  readonly permissions: string;
  /** Its first bytes, saved in the file; what follows up to `end` is mapped but not saved. */
  readonly extent: Extent;
  /** Bytes after those that the file should hold, but it was cut short. */
  readonly missingBytes: bigint;
}

/**
 * A process's memory, read by address, in layers: what is saved, and below it what others have, such as modules' files.
 * What no layer has is a fault, never zeros. Segments, extents and the source are those of what is saved.
 */
export class Image {
  readonly saved: SavedMemory;
  readonly layout: ElfLayout;
  readonly table: SegmentTable;
  /** What NT_FILE says, sorted by start and disjoint; empty where it says nothing. */
  readonly mappings: readonly FileMapping[];
  readonly #below: readonly MemoryLayer[];

  /**
   * @param mappings sorted by start; of overlapping ones the first keeps the addresses
   * @param below what has the bytes that are not saved, the first one first
   */
  constructor(
    saved: SavedMemory,
    layout: ElfLayout,
    mappings: readonly FileMapping[] = [],
    below: readonly MemoryLayer[] = [],
  ) {
    this.saved = saved;
    this.layout = layout;
    this.table = saved.table;
    this.mappings = disjoint(mappings);
    this.#below = below;
  }

  /** The same memory over one more layer, whose bytes are read where no other has any. */
  over(layer: MemoryLayer): Image {
    return new Image(this.saved, this.layout, this.mappings, [...this.#below, layer]);
  }

  get source(): ByteSource {
    return this.saved.source;
  }

  /**
   * The source, for threads that read it for themselves.
   * @throws RangeError where they cannot
   */
  get file(): SharedSource {
    if (isSharedSource(this.source)) return this.source;
    throw new RangeError(`${this.source.name}: memory that is in no file is not read by threads`);
  }

  /** How many segments there are; `segment(index)` has them in the order of their addresses. */
  get segmentCount(): number {
    return this.table.count;
  }

  segment(index: number): ImageSegment {
    const { table } = this;
    const start = table.starts[index];
    if (start === undefined) throw new RangeError(`segment ${index} is not one of ${table.count}`);
    const flags = table.flags[index] ?? 0;
    return {
      start: address(start),
      // Not wrapped: the last segment may end at 2^64.
      end: (start + (table.sizes[index] ?? 0n)) as Address,
      permissions:
        (flags & SegmentFlag.READ ? "r" : "-") +
        (flags & SegmentFlag.WRITE ? "w" : "-") +
        (flags & SegmentFlag.EXECUTE ? "x" : "-"),
      extent: { offset: table.offsets[index] ?? 0, bytes: table.saved[index] ?? 0 },
      missingBytes: table.missing[index] ?? 0n,
    };
  }

  /** The segment that has the address; null where the core's program headers do not mention it. */
  segmentAt(at: bigint): ImageSegment | null {
    const index = this.table.indexOf(at);
    return index < 0 ? null : this.segment(index);
  }

  /** The file that is mapped at the address, as far as NT_FILE says. */
  mappingAt(at: bigint): FileMapping | null {
    const mapping = this.mappings[this.#firstMappingAfter(at) - 1];
    return mapping !== undefined && at < mapping.end ? mapping : null;
  }

  /** The mappings that have an address in [start, end), in order. */
  *mappingsIn(start: bigint, end: bigint): Generator<FileMapping> {
    for (let index = Math.max(0, this.#firstMappingAfter(start) - 1); ; index += 1) {
      const mapping = this.mappings[index];
      if (mapping === undefined || mapping.start >= end) return;
      if (mapping.end > start) yield mapping;
    }
  }

  /** Where the byte at the address comes from; null where it cannot be read. */
  originAt(at: bigint): Origin | null {
    for (const layer of [this.saved, ...this.#below]) {
      const origin = layer.originAt(at);
      if (origin !== null) return origin;
    }
    return null;
  }

  /** Why the byte at the address cannot be read; null where it can. */
  faultAt(at: bigint): Fault | null {
    if (this.originAt(at) !== null) return null;
    const reason = this.saved.reasonAt(at) ?? (this.mappingAt(at) ? "not saved" : "not mapped");
    return { address: address(at), reason };
  }

  /**
   * Fills `into` from the address on, over the borders of segments and layers.
   * Returns the bytes read: fewer than `into.length` where the next one is a fault.
   * @throws CoregramError as the layers do
   */
  read(at: bigint, into: Uint8Array): number {
    let done = this.saved.read(at, into);
    while (done < into.length && this.#below.length > 0) {
      const got = this.#readBelow(at + BigInt(done), into.subarray(done));
      if (got === 0) break;
      done += got;
      if (done < into.length) done += this.saved.read(at + BigInt(done), into.subarray(done));
    }
    return done;
  }

  /**
   * Exactly `bytes` bytes from the address on, as numbers of the image's class and byte order.
   * @throws CoregramError `format` with the first address that cannot be read
   */
  readFields(at: bigint, bytes: number): Fields {
    const into = new Uint8Array(bytes);
    const got = this.read(at, into);
    if (got === bytes) return new Fields(into, this.layout);
    const fault = this.faultAt(at + BigInt(got)) ?? { address: address(at), reason: "not saved" };
    throw new CoregramError("format", `address ${formatAddress(fault.address)} is ${fault.reason}`, {
      isUnnamed: true,
    });
  }

  /** The pointer-sized word at the address; null where it cannot be read. */
  readWord(at: bigint): bigint | null {
    const bytes = new Uint8Array(addressBytes(this.layout));
    return this.read(at, bytes) === bytes.length ? wordFromBytes(bytes, this.layout.endian) : null;
  }

  /** The NUL-terminated text at the address, at most `most` bytes; null where none of it can be read. */
  readText(at: bigint, most = 4096): string | null {
    const bytes = new Uint8Array(most);
    const got = this.read(at, bytes);
    return got === 0 ? null : new Fields(bytes.subarray(0, got), this.layout).text(0, most);
  }

  /** What the first lower layer that has the byte has from it on, up to where an upper one goes on. */
  #readBelow(at: bigint, into: Uint8Array): number {
    let above: MemoryLayer = this.saved;
    let room = into;
    for (const layer of this.#below) {
      room = room.subarray(0, Number(above.nextFrom(at, at + BigInt(room.length)) - at));
      const got = layer.read(at, room);
      if (got > 0) return got;
      above = layer;
    }
    return 0;
  }

  /** How many mappings start at or below the address. */
  #firstMappingAfter(at: bigint): number {
    return partitionPoint(0, this.mappings.length, (index) => (this.mappings[index]?.start ?? 0n) <= at);
  }
}

function disjoint(mappings: readonly FileMapping[]): FileMapping[] {
  const kept: FileMapping[] = [];
  let end = 0n;
  for (const mapping of mappings) {
    if (mapping.end <= end) continue;
    const cut = mapping.start < end ? end - mapping.start : 0n;
    kept.push(
      cut === 0n
        ? mapping
        : { ...mapping, start: address(mapping.start + cut), fileOffset: mapping.fileOffset + cut },
    );
    end = mapping.end;
  }
  return kept;
}
