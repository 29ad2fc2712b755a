import type { Decompressor } from "./compressed.ts";

/** A compressed format, known by how it starts. */
export interface Compression {
  /** Its name in messages. */
  readonly name: string;
  readonly magics: readonly (readonly number[])[];
  /** Loads its decompressor: only when it is met, for some bring a library of 100 KB. */
  load(): Promise<Decompressor>;
}

/** All compressed formats. To add one, write its file and add its line. */
const COMPRESSIONS: readonly Compression[] = [
  { name: "gzip", magics: [[0x1f, 0x8b, 0x08]], load: () => import("./gzip.ts") },
];

/** Bytes that a `findCompression` needs to see. */
export const MAGIC_BYTES = 6;

/** The format that a file begins with, or null for data as it is. */
export function findCompression(head: Uint8Array): Compression | null {
  const begins = (magic: readonly number[]) => magic.every((byte, at) => head[at] === byte);
  return COMPRESSIONS.find(({ magics }) => magics.some(begins)) ?? null;
}
