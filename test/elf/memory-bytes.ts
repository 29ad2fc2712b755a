import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { ByteSource } from "../../src/bytes/index.ts";

/** A ByteSource of bytes that are already here, which counts how many of them were asked for. */
export function memoryBytes(bytes: Uint8Array, name = "test"): ByteSource & { asked: number } {
  return {
    name,
    size: bytes.length,
    asked: 0,
    read(position, into) {
      const piece = bytes.subarray(position, position + into.length);
      into.set(piece);
      this.asked += piece.length;
      return piece.length;
    },
    close() {},
  };
}

export const CORES = [
  "gcore-x86-64",
  "kernel-i386",
  "kernel-x86-64",
  "qemu-aarch64",
  "qemu-arm",
  "qemu-ppc64",
  "qemu-s390x",
] as const;

/** One of the cores that `cores/make.sh` made. */
export function readCoreBytes(name: (typeof CORES)[number]): Uint8Array {
  // Not a Buffer, whose slice() is a view.
  return new Uint8Array(gunzipSync(readFileSync(new URL(`cores/${name}.core.gz`, import.meta.url))));
}
