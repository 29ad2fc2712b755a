import { type FileObject, MOST_LISTED, type ResourceList } from "../../resources.ts";
import type { Layout } from "../layout/layout.ts";
import type { PythonMemory } from "../python-memory.ts";
import { textOf } from "../types/names.ts";
import { attributeOf } from "../values/value.ts";
import { bytesText } from "./bytes-text.ts";
import { inOrder } from "./descriptors.ts";
import type { NamedObjects } from "./named-objects.ts";

/** What a file is made of: the descriptor, and what may stand around it. */
export const RAW_FILES: ReadonlySet<string> = new Set(["_io.FileIO"]);
export const BUFFERS: ReadonlySet<string> = new Set([
  "_io.BufferedReader",
  "_io.BufferedWriter",
  "_io.BufferedRandom",
]);
export const TEXTS: ReadonlySet<string> = new Set(["_io.TextIOWrapper"]);

/** Characters of a path. */
const MOST_PATH = 4096;
/** Bits of Modules/_io/fileio.c's fileio. */
const MODE = { created: 1, readable: 2, writable: 4, appending: 8 } as const;

/** Addresses of live objects of the three kinds. */
export interface FileParts {
  readonly raw: readonly number[];
  readonly buffers: readonly number[];
  readonly texts: readonly number[];
  readonly isCut: boolean;
}

/** The files of a process. What was closed has no descriptor any more. */
export function readFiles(
  { memory, layout, typeNameAt }: NamedObjects,
  { raw, buffers, texts, isCut }: FileParts,
): ResourceList<FileObject> {
  const { reader } = memory;
  const { fileio, buffered, textio } = layout.structs;
  const around = new Map<number, number>();
  for (const at of buffers) around.set(reader.u64(at + buffered.raw), at);
  for (const at of texts) around.set(reader.u64(at + textio.buffer), at);
  const { all, open } = inOrder(raw.map((at) => ({ at, descriptor: reader.i32(at + fileio.fd) })));
  const items = all.slice(0, MOST_LISTED).map(({ at, descriptor }): FileObject => {
    const buffer = around.get(at) ?? at;
    const outermost = around.get(buffer) ?? buffer;
    return {
      address: outermost,
      type: typeNameAt(outermost) ?? "_io.FileIO",
      descriptor: descriptor < 0 ? null : descriptor,
      path: pathOf(memory, layout, at),
      mode: modeOf(reader.u8(at + fileio.created)),
    };
  });
  return { open, closed: all.length - open, items, isCut };
}

/** A text or bytes, as open(2) was given it. */
function pathOf(memory: PythonMemory, layout: Layout, at: number): string | null {
  const name = attributeOf(memory, layout, at, "name");
  return textOf(memory.reader, layout, memory.types, name, MOST_PATH) ?? bytesText(memory, layout, name);
}

/** As FileIO.mode has it (Modules/_io/fileio.c, mode_string). */
function modeOf(bits: number): string {
  const has = (bit: number) => (bits & bit) !== 0;
  const isBoth = has(MODE.readable) && has(MODE.writable);
  if (has(MODE.created)) return has(MODE.readable) ? "xb+" : "xb";
  if (has(MODE.appending)) return has(MODE.readable) ? "ab+" : "ab";
  return isBoth ? "rb+" : has(MODE.readable) ? "rb" : "wb";
}
