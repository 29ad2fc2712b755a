import type { ByteSource } from "../../bytes/index.ts";
import { formatBytes } from "../../terms/index.ts";
import { SymbolTableBuilder } from "../table/table-builder.ts";
import { SymbolMap } from "./symbol-map.ts";

/** Linux, tools/perf/Documentation/jitdump-specification.txt: `JiTD` as a little-endian number. */
const MAGIC = 0x4a69_5444;
/** struct jitheader (tools/perf/util/jitdump.h). */
const HEADER = { magic: 0, bytes: 8, least: 40 } as const;
/** struct jr_prefix. */
const PREFIX = { id: 0, bytes: 4, length: 16 } as const;
/** struct jr_code_load, where the code is (code_addr), its size and number: the name and a zero follow, then the code. */
const LOAD = { id: 0, address: 32, size: 40, index: 48, name: 56 } as const;
/** struct jr_code_move, where the code went (new_code_addr). */
const MOVE = { id: 1, address: 40, size: 48, index: 56, length: 64 } as const;
const CLOSE = 3;
/** As of a line of a text map. */
const MOST_NAME_BYTES = 2 ** 16;

/** Whether a symbol file is what a JIT compiler writes for `perf inject --jit`. */
export function isJitDump(source: ByteSource): boolean {
  const head = Buffer.alloc(HEADER.least);
  return source.read(0, head) === head.length && head.readUInt32LE(HEADER.magic) === MAGIC;
}

/**
 * Reads a jitdump: a record for each piece of code when it was made, or moved. Records are only ever added: where memory is
 * used again, the later one is the true one. A dump that its process was still writing ends with a part of a record, which is
 * said, and so is where it makes no sense any more.
 *
 * Memory: names, and what SymbolTableBuilder says a symbol. Code is passed over.
 */
export function readJitDump(source: ByteSource): SymbolMap {
  const builder = new SymbolTableBuilder();
  const names = new Map<bigint, Uint8Array>();
  const warnings: string[] = [];
  const record = Buffer.alloc(LOAD.name + MOST_NAME_BYTES);
  source.read(0, record.subarray(0, HEADER.least));
  for (let at = record.readUInt32LE(HEADER.bytes); at < source.size; ) {
    const read = source.read(at, record);
    const bytes = read < PREFIX.length ? 0 : record.readUInt32LE(PREFIX.bytes);
    if (bytes < PREFIX.length || at + bytes > source.size) {
      warnings.push(
        `the record at byte ${at} is cut or damaged: ${formatBytes(source.size - at)} are not read`,
      );
      break;
    }
    const id = record.readUInt32LE(PREFIX.id);
    if (id === CLOSE) break;
    readRecord(record.subarray(0, Math.min(read, bytes)), id, builder, names);
    at += bytes;
  }
  builder.dropSuperseded();
  return new SymbolMap(builder, "jitdump", { skippedLines: 0, firstSkippedLine: null }, warnings);
}

function readRecord(
  record: Buffer,
  id: number,
  builder: SymbolTableBuilder,
  names: Map<bigint, Uint8Array>,
): void {
  if (id === LOAD.id && record.length > LOAD.name) {
    const end = record.indexOf(0, LOAD.name);
    const name = Uint8Array.from(record.subarray(LOAD.name, end < 0 ? record.length : end));
    names.set(record.readBigUInt64LE(LOAD.index), name);
    builder.addSymbol(record.readBigUInt64LE(LOAD.address), record.readBigUInt64LE(LOAD.size), name);
  } else if (id === MOVE.id && record.length >= MOVE.length) {
    const name = names.get(record.readBigUInt64LE(MOVE.index));
    if (name !== undefined)
      builder.addSymbol(record.readBigUInt64LE(MOVE.address), record.readBigUInt64LE(MOVE.size), name);
  }
}
