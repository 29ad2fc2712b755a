import { tmpdir } from "node:os";
import { type ByteSource, openSource, subjectOf } from "../bytes/index.ts";
import {
  type Address,
  CoregramError,
  formatCount,
  inFile,
  type Listener,
  printable,
} from "../terms/index.ts";
import { type Core, openCore } from "./core.ts";
import { refuseForeignFile } from "./foreign-files.ts";
import type { Image } from "./image.ts";
import { openRaw } from "./raw.ts";

/** How a target is opened. */
export interface TargetOptions {
  /** The file is plain memory that begins at this address, whatever it looks like; without it that is not known. */
  readonly base?: Address | undefined;
  /** Where pipes and compressed files are spooled to, under no name. The system's own by default: TMPDIR, or /tmp. */
  readonly temporaryFolder?: string | undefined;
  /** The descriptor that the name `-` stands for, 0 by default. */
  readonly stdin?: number | undefined;
  /** Refuse what was cut short: a core without all its bytes, a compressed stream that breaks off. */
  readonly strict?: boolean | undefined;
}

/** What is in a target, for those who answer questions of it. */
export interface TargetContents {
  readonly source: ByteSource;
  /** Null where it is no ELF core. */
  readonly core: Core | null;
  /** The memory: of the core, or of a raw file at its base; null where neither is known. */
  readonly image: Image | null;
  /** Why an ELF file cannot be read as one; null where it can, or is none. */
  readonly broken: string | null;
  /** What there is to say where it is what came of a compressed stream before that breaks off; null otherwise. */
  readonly cut: string | null;
}

const STDIN = 0;
/** A temporary file of this size is worth a word: it takes seconds to write, and room that others may need. */
const LARGE_SPOOL_BYTES = 64 * 2 ** 20;

/**
 * What is asked about: a core, a file of plain words, or the copy of a living process. `openTarget` or `openProcess` opens
 * it, once; it stays open, with one file descriptor or its copy, until `close`. Several questions may be asked of it, one after the other or at the same time.
 */
export class Target {
  /** As it was given: a path, or `-`; `--pid 4711` for a process. Untrusted. */
  readonly name: string;
  /** `raw` is whatever is no ELF core, and an ELF core that is too broken to be read as one. */
  readonly kind: "core" | "process" | "raw";
  /** Bytes, after decompression. */
  readonly bytes: number;
  /** `gzip`, `zstd`, `xz`, `lz4`; null where it was not compressed. */
  readonly compression: string | null;
  /** Why an ELF file cannot be read as one, and is taken as plain words; null where it can, or is none. */
  readonly broken: string | null;
  #contents: TargetContents | null;
  #answers = 0;

  /** @internal */
  constructor(contents: TargetContents, compression: string | null) {
    this.name = contents.source.name;
    this.kind = contents.core === null ? "raw" : contents.core.process === null ? "core" : "process";
    this.bytes = contents.source.size;
    this.compression = compression;
    this.broken = contents.broken;
    this.#contents = contents;
  }

  /**
   * Lends its contents to what makes an answer. They stay open until that is done, whoever closes the target meanwhile.
   * @internal
   * @throws CoregramError `usage` where it was closed
   */
  async ask<Answer>(make: (contents: TargetContents) => Promise<Answer>): Promise<Answer> {
    const contents = this.#contents;
    if (contents === null) throw new CoregramError("usage", `${printable(this.name)} was closed`);
    this.#answers += 1;
    try {
      return await inFile(subjectOf(this.name), () => make(contents));
    } finally {
      this.#answers -= 1;
      if (this.#answers === 0 && this.#contents === null) contents.source.close();
    }
  }

  /** Closes its file, at once or when the answers that are being made of it are done. Twice does no harm. */
  close(): void {
    if (this.#answers === 0) this.#contents?.source.close();
    this.#contents = null;
  }
}

/**
 * Opens a file, compressed or not, and reads what it says of its structure, not its memory. What is wrong with that is
 * said and lived with: the words of a broken core can still be counted, and those of one that was cut short as far as it goes.
 * What is known to hold no memory is refused, unless it has a base.
 * @param name a path, or `-` for `options.stdin`
 * @param listener hears notes, warnings and progress
 * @throws CoregramError `io` where it cannot be opened or read, `format` where a compressed stream is broken, the file is of a
 * format that holds no memory, or, with `strict`, was cut short, `limit` where it does not fit where it is spooled, `usage` where a raw file at `base` would leave the address space
 */
export async function openTarget(
  name: string,
  options: TargetOptions = {},
  listener: Listener = () => {},
): Promise<Target> {
  let compression: string | null = null;
  let cut: string | null = null;
  const source = await openSource(name, {
    temporaryFolder: options.temporaryFolder ?? tmpdir(),
    stdin: options.stdin ?? STDIN,
    keepCut: options.strict !== true,
    onProgress: ({ bytes, read, inputSize }) => {
      const stage = inputSize === null ? "spooling" : "decompressing";
      listener({ kind: "progress", target: name, stage, done: read, all: inputSize, bytes });
    },
    onSpool: (note) => {
      compression = note.compression;
      if (note.cut !== null) {
        cut = `${note.cut}: the ${formatCount(note.bytes)} bytes that came of it until then are read`;
        listener({ kind: "warning", target: name, text: cut });
      }
      if (note.folder === null || note.bytes < LARGE_SPOOL_BYTES) return;
      const text = `${formatCount(note.bytes)} bytes spooled to a temporary file in ${note.folder}`;
      listener({ kind: "note", target: name, text });
    },
  });
  try {
    if (options.base !== undefined) {
      const image = openRaw(source, options.base);
      return new Target({ source, core: null, image, broken: null, cut }, compression);
    }
    refuseForeignFile(source);
    const { core, broken } = openLeniently(source);
    if (core !== null && options.strict) refuseCut(name, core);
    if (broken !== null) listener({ kind: "warning", target: name, text: `${broken}: taken as plain words` });
    for (const text of core?.warnings.list() ?? []) listener({ kind: "warning", target: name, text });
    return new Target({ source, core, image: core?.image ?? null, broken, cut }, compression);
  } catch (error) {
    source.close();
    throw error;
  }
}

/** @throws CoregramError `format` where bytes are missing */
function refuseCut(name: string, { missingBytes, header }: Core): void {
  if (missingBytes === 0n) return;
  const bits = `${header.class}-bit ${header.machineName} core`;
  throw new CoregramError(
    "format",
    `${subjectOf(name)}: ${bits} was cut short: at least ${missingBytes} bytes are missing`,
  );
}

function openLeniently(source: ByteSource): { core: Core | null; broken: string | null } {
  try {
    return { core: openCore(source), broken: null };
  } catch (error) {
    if (!(error instanceof CoregramError) || error.code !== "format") throw error;
    return { core: null, broken: error.message };
  }
}
