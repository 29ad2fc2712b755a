import { type ByteSource, type FileSource, isFileSource } from "../bytes/index.ts";
import { addressBytes, type ElfLayout, Fields, type FileMapping, SegmentFlag } from "../elf/index.ts";
import {
  type Address,
  address,
  CoregramError,
  type Extent,
  formatAddress,
  type Range,
  wordFromBytes,
} from "../terms/index.ts";
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

/** Why an address cannot be read. */
export interface Fault {
  readonly address: Address;
  /** `cut off`: it was saved, and the file ends before it. Nothing of this means zero. */
  readonly reason: "not mapped" | "not saved" | "cut off";
}

/**
 * A process's memory, read by address. What the dump does not hold is a fault, never zeros.
 */
export class Image {
  readonly source: ByteSource;
  readonly layout: ElfLayout;
  readonly table: SegmentTable;
  /** What NT_FILE says, sorted by start and disjoint; empty where it says nothing. */
  readonly mappings: readonly FileMapping[];

  /** `mappings` must be sorted by start; of overlapping ones the first keeps the addresses. */
  constructor(
    source: ByteSource,
    layout: ElfLayout,
    table: SegmentTable,
    mappings: readonly FileMapping[] = [],
  ) {
    this.source = source;
    this.layout = layout;
    this.table = table;
    this.mappings = disjoint(mappings);
  }

  /**
   * The source, for threads that read it for themselves.
   * @throws RangeError where it has no descriptor
   */
  get file(): FileSource {
    if (isFileSource(this.source)) return this.source;
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

  /** Why the byte at the address cannot be read; null where it can. */
  faultAt(at: bigint): Fault | null {
    const { table } = this;
    const index = table.indexOf(at);
    if (index < 0) {
      return { address: address(at), reason: this.mappingAt(at) ? "not saved" : "not mapped" };
    }
    const inside = at - (table.starts[index] ?? 0n);
    const saved = BigInt(table.saved[index] ?? 0);
    if (inside < saved) return null;
    const isCutOff = inside < saved + (table.missing[index] ?? 0n);
    return { address: address(at), reason: isCutOff ? "cut off" : "not saved" };
  }

  /**
   * Fills `into` from the address on, over the borders of adjacent segments.
   * Returns the bytes read: fewer than `into.length` where the next one is a fault.
   * @throws CoregramError as the source does
   */
  read(at: bigint, into: Uint8Array): number {
    const { table } = this;
    let index = table.indexOf(at);
    let done = 0;
    while (index >= 0 && index < table.count && done < into.length) {
      const inside = at + BigInt(done) - (table.starts[index] ?? 0n);
      const saved = table.saved[index] ?? 0;
      if (inside < 0n || inside >= BigInt(saved)) break;
      const skip = Number(inside);
      const bytes = Math.min(saved - skip, into.length - done);
      const got = this.source.read((table.offsets[index] ?? 0) + skip, into.subarray(done, done + bytes));
      done += got;
      if (got < bytes) break;
      index += 1;
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
    throw new CoregramError("format", `address ${formatAddress(fault.address)} is ${fault.reason}`);
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

  /** How many mappings start at or below the address. */
  #firstMappingAfter(at: bigint): number {
    let low = 0;
    let high = this.mappings.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.mappings[middle]?.start ?? 0n) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
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
