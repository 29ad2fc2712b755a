import { createHash } from "node:crypto";
import type { ByteSource } from "../bytes/index.ts";

const END_BYTES = 65_536;

/** SHA-256 of the first and the last 64 KiB, by which cores are told apart. */
export function digestEnds(source: ByteSource): string {
  const hash = createHash("sha256");
  const end = new Uint8Array(Math.min(END_BYTES, source.size));
  for (const at of [0, source.size - end.length]) {
    source.read(at, end);
    hash.update(end);
  }
  return hash.digest("hex");
}
