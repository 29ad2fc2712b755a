import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { type ByteSource, type OpenOptions, openSource } from "../../src/bytes/index.ts";
import { CoregramError } from "../../src/terms/index.ts";

/** A folder for one test file, gone after it, with an empty `spool` folder in it. */
export function makeScratch(): { folder: string; put(name: string, bytes: Uint8Array): string } {
  const folder = mkdtempSync(join(tmpdir(), "coregram-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    put(name, bytes) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    },
  };
}

/** All of a source. */
export function readAll(source: ByteSource): Buffer {
  const bytes = Buffer.alloc(source.size);
  if (source.read(0, bytes) !== source.size) throw new Error("read less than the size");
  return bytes;
}

/** What opening a path gives: its bytes, the source closed again. */
export async function openAll(path: string, options: OpenOptions): Promise<Buffer> {
  const source = await openSource(path, options);
  try {
    return readAll(source);
  } finally {
    source.close();
  }
}

/** The CoregramError that an action ends with. */
export async function failureOf(action: () => unknown): Promise<CoregramError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof CoregramError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

/** Bytes that look like memory: runs of zeros, repeats, noise; the same every time. */
export function memoryLike(bytes: number): Buffer {
  const out = Buffer.alloc(bytes);
  let state = 12345;
  for (let at = 0; at < bytes; at++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const kind = (at >> 6) % 4;
    if (kind === 1) out[at] = at & 0x3f;
    else if (kind === 2) out[at] = state >>> 24;
    else if (kind === 3) out[at] = "PyTuple_".charCodeAt(at % 8);
  }
  return out;
}
