import { isSharedSource } from "../bytes/index.ts";
import { type Scope, savedExtents, type TargetContents, writableExtents } from "../image/index.ts";
import { Chunks } from "../kernel/index.ts";
import { CoregramError, type Extent, formatCount, type Listener, type WordShape } from "../terms/index.ts";

/** Which of a target's bytes are counted: all of the file, the memory saved in it, or what of that is writable and no shared file's. */
export type ScopeName = "all" | "memory" | "writable";

/** Which bytes are counted, and how they are cut into words. */
export interface WordOptions {
  /**
   * `all` by default, of a process `memory`, which is no file. These need an ELF core, a process, or a target with a
   * base; their words are aligned to addresses.
   */
  readonly scope?: ScopeName | undefined;
  /** Bytes in a word. */
  readonly word?: 4 | 8 | undefined;
  /** Byte order of a word. */
  readonly endian?: "little" | "big" | undefined;
}

/** 8-byte little-endian words unless something else is asked for. */
export function shapeOf({ word, endian }: WordOptions): WordShape {
  return { bytes: word ?? 8, endian: endian ?? "little" };
}

/**
 * The words in scope. The bytes that are left out are accounted for in a note.
 * @param asked undefined for the default
 * @throws CoregramError `format` where there is no memory to tell from the rest of the file, `usage` where there is no file
 */
export function chunksOf(
  { source, image, core }: TargetContents,
  asked: ScopeName | undefined,
  shape: WordShape,
  listener: Listener,
): Chunks {
  // Threads read it for themselves.
  if (!isSharedSource(source))
    throw new CoregramError("usage", `${source.name} is no file: its words cannot be counted`);
  const isProcess = core !== null && core.process !== null;
  const scope = asked ?? (isProcess ? "memory" : "all");
  if (scope === "all" && isProcess)
    throw new CoregramError(
      "usage",
      `--scope all is all of a file, and ${source.name} is none: memory or writable`,
    );
  if (scope === "all") return new Chunks(source, [{ offset: 0, bytes: source.size }], shape);
  if (!image)
    throw new CoregramError(
      "format",
      `--scope ${scope} needs an ELF core, or --base ADDR: ${source.name} is a plain file`,
    );
  const found = scope === "memory" ? savedExtents(image) : writableExtents(image);
  const { extents, unaligned } = alignExtents(found, shape.bytes);
  const { notMemory, notWritable, shared } = found.leftOut;
  const out = [`${formatCount(notMemory)} that are no memory`];
  if (scope === "writable")
    out.push(`${formatCount(notWritable)} not writable`, `${formatCount(shared)} shared by name`);
  if (unaligned > 0) out.push(`${formatCount(unaligned)} before the first aligned word`);
  const counted = `${formatCount(found.bytes - unaligned)} of ${formatCount(source.size)} bytes`;
  const text = `scope ${scope}: ${counted}; left out: ${out.join(", ")}`;
  if (asked !== undefined) listener({ kind: "note", target: source.name, text });
  return new Chunks(source, extents, shape);
}

// Words are aligned to their address. Segments start on pages, so that only a hostile core loses bytes here.
function alignExtents({ extents }: Scope, wordBytes: number): { extents: Extent[]; unaligned: number } {
  let unaligned = 0;
  const aligned: Extent[] = [];
  for (const { offset, bytes, start } of extents) {
    const skip = Math.min(
      bytes,
      Number((BigInt(wordBytes) - (start % BigInt(wordBytes))) % BigInt(wordBytes)),
    );
    unaligned += skip;
    if (bytes > skip) aligned.push({ offset: offset + skip, bytes: bytes - skip });
  }
  return { extents: aligned, unaligned };
}
