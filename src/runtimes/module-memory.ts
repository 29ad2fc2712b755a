import type { ByteSource } from "../bytes/index.ts";
import { readBuildId, readHeader, readSegments, SegmentType, Warnings } from "../elf/index.ts";
import { findModule, type Module } from "../image/index.ts";
import { CoregramError } from "../terms/index.ts";

/** Opens the file of a module, or null where it is not to be had. Who gives this closes what it opened. */
export type OpenModule = (module: Module) => ByteSource | null;

const MOST_TEXT = 1024;
const MOST_SEGMENTS = 128;
const UTF8 = new TextDecoder();

/** Read-only data of modules, which cores leave out, from their files: those whose build ID is the one in memory. */
export class ModuleMemory {
  readonly #modules: readonly Module[];
  readonly #open: OpenModule;
  readonly #files = new Map<Module, ByteSource | null>();

  /** `modules` sorted by start. */
  constructor(modules: readonly Module[], open: OpenModule) {
    this.#modules = modules;
    this.#open = open;
  }

  /** The bytes from the address on, at most `most`; none where no file that matches has them. */
  bytes(at: number, most: number): Uint8Array {
    const none = new Uint8Array(0);
    if (!(at >= 0 && at < 2 ** 48)) return none;
    const where = BigInt(at);
    const module = findModule(this.#modules, where);
    const mapping = module?.mappings.find(({ start, end }) => where >= start && where < end);
    const file = module === null || mapping === undefined ? null : this.#file(module);
    if (file === null || mapping === undefined) return none;
    const position = Number(mapping.fileOffset + (where - mapping.start));
    if (!Number.isSafeInteger(position) || position >= file.size) return none;
    const into = new Uint8Array(Math.min(most, Number(mapping.end - where)));
    return into.subarray(0, file.read(position, into));
  }

  /** NUL-terminated text at the address; null where no file that matches has it. */
  text(at: number): string | null {
    const bytes = this.bytes(at, MOST_TEXT);
    const end = bytes.indexOf(0);
    return end < 0 ? null : UTF8.decode(bytes.subarray(0, end));
  }

  #file(module: Module): ByteSource | null {
    const known = this.#files.get(module);
    if (known !== undefined) return known;
    const file = module.deleted || module.buildId === null ? null : this.#open(module);
    const matching = file !== null && fileBuildId(file) === module.buildId ? file : null;
    this.#files.set(module, matching);
    return matching;
  }
}

function fileBuildId(file: ByteSource): string | null {
  try {
    const warnings = new Warnings();
    const header = readHeader(file, warnings);
    if (header === null) return null;
    const segments = readSegments(file, header, warnings, MOST_SEGMENTS);
    return readBuildId(
      file,
      header,
      segments.filter(({ type }) => type === SegmentType.NOTE),
    );
  } catch (error) {
    if (error instanceof CoregramError) return null;
    throw error;
  }
}
