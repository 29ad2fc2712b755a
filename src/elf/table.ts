import type { ByteSource } from "../bytes/index.ts";
import { Fields } from "./fields.ts";
import type { ElfTable } from "./header.ts";
import type { ElfLayout } from "./layout.ts";

const CHUNK_BYTES = 1 << 20;

/** How many whole entries of the table lie inside the file, and are within `limit`. */
export function entriesInFile(source: ByteSource, table: ElfTable, limit: number): number {
  const held = Math.floor(Math.max(0, source.size - table.offset) / table.entryBytes);
  return Math.min(table.count ?? held, held, limit);
}

/**
 * Visits the first `count` entries of a table, read in bulk. `fields` holds many entries: `at` is where the
 * entry starts in it. `visit` returns whether to go on.
 */
export function visitEntries(
  source: ByteSource,
  layout: ElfLayout,
  table: ElfTable,
  count: number,
  visit: (fields: Fields, at: number, index: number) => boolean,
): void {
  const inChunk = Math.max(1, Math.floor(CHUNK_BYTES / table.entryBytes));
  const buffer = new Uint8Array(Math.min(inChunk, count) * table.entryBytes);
  for (let first = 0; first < count; first += inChunk) {
    const want = Math.min(inChunk, count - first) * table.entryBytes;
    const got = source.read(table.offset + first * table.entryBytes, buffer.subarray(0, want));
    const fields = new Fields(buffer.subarray(0, got), layout);
    for (let at = 0, index = first; at + table.entryBytes <= got; at += table.entryBytes, index += 1) {
      if (!visit(fields, at, index)) return;
    }
    if (got < want) return;
  }
}
