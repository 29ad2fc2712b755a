import type { SubjectInput } from "../answers/index.ts";
import type { ByteSource } from "../bytes/index.ts";
import {
  type Core,
  type Image,
  openCore,
  openRaw,
  type Scope,
  savedExtents,
  writableExtents,
} from "../image/index.ts";
import { Chunks } from "../kernel/index.ts";
import { type Address, CoregramError, type Extent, formatCount, type WordShape } from "../terms/index.ts";
import { type Input, openInput } from "./shell/input.ts";
import type { Notes } from "./shell/notes.ts";
import type { ProgressLine } from "./shell/progress.ts";

/** Which of the input's bytes are counted. */
export type ScopeName = "all" | "memory" | "writable";

/** What a command is about: the opened input, and the process in it where it is a core. */
export interface Subject extends Input {
  /** Null where the input is no ELF core. */
  readonly core: Core | null;
  /** The memory: of the core, or of a raw file at its base; null where neither is known. */
  readonly image: Image | null;
  /** Why an ELF file cannot be read as one, and is taken as plain words; null where it can, or is none. */
  readonly broken: string | null;
}

/**
 * Opens CORE and what can be read of its structure. What is wrong with that is said and lived with: the words
 * of a broken core can still be counted.
 * @param base where a raw memory file begins; undefined for none
 */
export async function openSubject(
  name: string,
  base: Address | undefined,
  progress: ProgressLine,
  notes: Notes,
): Promise<Subject> {
  const input = await openInput(name, progress, notes);
  if (base !== undefined) return { ...input, core: null, image: openRaw(input.source, base), broken: null };
  const { core, broken } = openLeniently(input.source);
  if (broken !== null) notes.warn(`${broken}: taken as plain words`);
  for (const warning of core?.warnings.list() ?? []) notes.warn(warning);
  return { ...input, core, image: core?.image ?? null, broken };
}

function openLeniently(source: ByteSource): Pick<Subject, "core" | "broken"> {
  try {
    return { core: openCore(source), broken: null };
  } catch (error) {
    if (!(error instanceof CoregramError) || error.code !== "format") throw error;
    return { core: null, broken: error.message };
  }
}

/**
 * The core, for commands that are about nothing else.
 * @throws CoregramError `format` where the input is none
 */
export function requireElfCore({ core, source }: Subject): Core {
  if (core) return core;
  throw new CoregramError(
    "format",
    `${source.name} is no ELF core: coregram ${source.name} counts its words; --base ADDR says where a raw file begins`,
  );
}

/** What an answer says of the input it is about. */
export function inputOf({ source, compression }: Input): SubjectInput {
  return { path: source.name, bytes: source.size, compression };
}

/** The words in scope, with an account of the bytes that are left out. */
export function chunksOf(subject: Subject, scope: ScopeName, shape: WordShape, notes: Notes): Chunks {
  const { source, image } = subject;
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
  notes.say(
    `scope ${scope}: ${formatCount(found.bytes - unaligned)} of ${formatCount(source.size)} bytes; left out: ${out.join(", ")}`,
  );
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
