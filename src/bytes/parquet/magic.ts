import { readAt } from "../read-at.ts";
import type { FileSource } from "../source.ts";

/** "PAR1", at both ends (parquet-format, README). */
export const MAGIC = Buffer.from("PAR1");

/** Of a footer and what surrounds it: magic, footer, its length, magic. */
export const LEAST_BYTES = 12;

/** @throws CoregramError where it cannot be read */
export function hasMagic(file: FileSource): boolean {
  if (file.size < LEAST_BYTES) return false;
  const ends = Buffer.alloc(2 * MAGIC.length);
  readAt(file, 0, ends.subarray(0, MAGIC.length));
  readAt(file, file.size - MAGIC.length, ends.subarray(MAGIC.length));
  return ends.equals(Buffer.concat([MAGIC, MAGIC]));
}
