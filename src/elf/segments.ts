import type { ByteSource } from "../bytes/index.ts";
import { type Address, address, type Extent, formatAddress } from "../terms/index.ts";
import type { Fields } from "./fields.ts";
import type { ElfHeader } from "./header.ts";
import { ELF_LIMITS } from "./limits.ts";
import { entriesInFile, visitEntries } from "./table.ts";
import type { Warnings } from "./warnings.ts";

/** p_type of the segments that coregram looks at (gABI, "Program Header"). */
export const SegmentType = { LOAD: 1, DYNAMIC: 2, NOTE: 4, PHDR: 6 } as const;

/** p_flags. */
export const SegmentFlag = { EXECUTE: 1, WRITE: 2, READ: 4 } as const;

/** One program header, checked against the file and the address space. */
export interface Segment {
  /** Its place in the table. */
  readonly index: number;
  /** p_type. */
  readonly type: number;
  /** p_flags. */
  readonly flags: number;
  /** p_vaddr. */
  readonly start: Address;
  /** p_memsz, cut so that start + memoryBytes is at most 2^64. */
  readonly memoryBytes: bigint;
  /** What of it the file really holds: p_offset and at most p_filesz bytes. */
  readonly extent: Extent;
  /** p_offset as the file has it, for computing load biases. */
  readonly fileOffset: bigint;
  /** Bytes of p_filesz that the file should hold and does not: it is truncated. */
  readonly missingBytes: bigint;
  readonly alignment: bigint;
}

const TOP = 1n << 64n;

/**
 * Visits the program headers in the file's order. Headers and segments that the file does not hold, or that
 * make no sense, are said in `warnings`; what can be used of them is visited.
 */
export function visitSegments(
  source: ByteSource,
  header: ElfHeader,
  warnings: Warnings,
  visit: (segment: Segment) => void,
  limit: number = ELF_LIMITS.segments,
): void {
  const table = header.segments;
  const count = entriesInFile(source, table, limit);
  // Where the count is lost, the table ends where the first segment's bytes begin: writers put it in between.
  let dataStart = table.count === null ? BigInt(source.size) : null;
  let visited = 0;
  visitEntries(source, header, table, count, (fields, at, index) => {
    if (dataStart !== null && BigInt(table.offset + (index + 1) * table.entryBytes) > dataStart) return false;
    const segment = readSegment(fields, at, index, BigInt(source.size), warnings);
    visit(segment);
    visited += 1;
    const offset = segment.fileOffset;
    if (dataStart !== null && offset > BigInt(table.offset) && offset < dataStart) dataStart = offset;
    return true;
  });
  if (table.count !== null && visited < table.count) {
    const why = count === limit ? `more than ${limit} are not read` : "the file ends before the rest";
    warnings.add("program headers", `${visited} of ${table.count} program headers read: ${why}`);
  }
}

/** All program headers, as `visitSegments` visits them. For files with few: modules. */
export function readSegments(
  source: ByteSource,
  header: ElfHeader,
  warnings: Warnings,
  limit: number = MOST_MODULE_SEGMENTS,
): Segment[] {
  const segments: Segment[] = [];
  visitSegments(source, header, warnings, (segment) => segments.push(segment), limit);
  return segments;
}

/** A linker makes a dozen. */
const MOST_MODULE_SEGMENTS = 1 << 16;

function readSegment(fields: Fields, at: number, index: number, size: bigint, warnings: Warnings): Segment {
  const wide = fields.layout.class === 64;
  const type = fields.u32(at);
  const flags = fields.u32(at + (wide ? 4 : 24));
  const offset = fields.word(at + (wide ? 8 : 4));
  const start = address(fields.word(at + (wide ? 16 : 8)));
  let fileBytes = fields.word(at + (wide ? 32 : 16));
  let memoryBytes = fields.word(at + (wide ? 40 : 20));
  const alignment = fields.word(at + (wide ? 48 : 28));
  if (type === SegmentType.LOAD) {
    if (start + memoryBytes > TOP) {
      warnings.add(
        "segment overflow",
        `segment ${index} at ${formatAddress(start)} has 0x${memoryBytes.toString(16)} bytes and leaves the address space`,
      );
      memoryBytes = TOP - start;
    }
    if (fileBytes > memoryBytes) {
      warnings.add(
        "segment sizes",
        `segment ${index} has ${fileBytes} bytes in the file for ${memoryBytes} in memory`,
      );
      fileBytes = memoryBytes;
    }
  }
  const held = offset >= size ? 0n : size - offset;
  const bytes = fileBytes < held ? fileBytes : held;
  return {
    index,
    type,
    flags,
    start,
    memoryBytes,
    extent: { offset: bytes > 0n ? Number(offset) : 0, bytes: Number(bytes) },
    fileOffset: offset,
    missingBytes: fileBytes - bytes,
    alignment,
  };
}
