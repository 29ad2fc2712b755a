import type { Decompressor } from "./compressed.ts";

/** A compressed format, known by how it starts. */
export interface Compression {
  /** Its name in messages. */
  readonly name: string;
  readonly magics: readonly (readonly number[])[];
  /** Loads its decompressor: only when it is met, for some bring a library of 100 KB. */
  load(): Promise<Decompressor>;
}

const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];
/** Skippable frames (RFC 8878, 3.1.2): pzstd begins with one, and who seeks in such files may. */
const SKIPPABLE = Array.from({ length: 16 }, (_, at) => [0x50 + at, 0x2a, 0x4d, 0x18]);

/** All compressed formats. To add one, write its file and add its line. */
const COMPRESSIONS: readonly Compression[] = [
  { name: "gzip", magics: [[0x1f, 0x8b, 0x08]], load: () => import("./gzip.ts") },
  { name: "zstd", magics: [ZSTD, ...SKIPPABLE], load: () => import("./zstd.ts") },
  { name: "xz", magics: [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]], load: () => import("./xz.ts") },
  { name: "lz4", magics: [[0x04, 0x22, 0x4d, 0x18]], load: () => import("./lz4.ts") },
  { name: "apport", magics: [[...Buffer.from("ProblemType: ")]], load: () => import("./apport.ts") },
];

/** Bytes that tell a format, and mostly how much the stream says it holds: zstd's longest frame header. */
export const HEAD_BYTES = 18;

/** The format that a file begins with, or null for data as it is. */
export function findCompression(head: Uint8Array): Compression | null {
  const begins = (magic: readonly number[]) => magic.every((byte, at) => head[at] === byte);
  return COMPRESSIONS.find(({ magics }) => magics.some(begins)) ?? null;
}
