import type { ByteSource } from "../../bytes/index.ts";
import type { FileMapping } from "../../elf/index.ts";
import { partitionPoint } from "../../terms/index.ts";
import type { Core } from "../core.ts";
import type { MemoryLayer, Origin } from "../memory-layer.ts";
import { openModuleFile } from "./module-file.ts";
import type { Module } from "./modules.ts";

/** A file that is the one that was loaded. */
interface MatchingFile {
  readonly path: string;
  readonly source: ByteSource;
  close(): void;
}

interface MappedFile {
  readonly mapping: FileMapping;
  readonly module: Module;
}

/**
 * The pages that modules' files hold: what a core leaves out of read-only data. A file that is not the one that was
 * loaded has none. Files are looked for when one of their addresses is asked for, and stay open until `close`; from
 * then on the layer is empty.
 */
export class ModuleFiles implements MemoryLayer {
  readonly #core: Core;
  readonly #root: string;
  readonly #files = new Map<Module, MatchingFile | null>();
  /** Sorted and disjoint. */
  #mapped: readonly MappedFile[];

  /** `modules` as `readModules` returns them; files are looked for under `root`, or not at all where that is null. */
  constructor(core: Core, modules: readonly Module[], root: string | null) {
    this.#core = core;
    this.#root = root ?? "";
    const mapped =
      root === null
        ? []
        : modules.flatMap((module) => module.mappings.map((mapping) => ({ mapping, module })));
    this.#mapped = mapped.sort((a, b) => (a.mapping.start < b.mapping.start ? -1 : 1));
  }

  /** @throws CoregramError as the file does, `changed` where it has become shorter */
  read(at: bigint, into: Uint8Array): number {
    const mapped = this.#mapped[this.#firstEndingAfter(at)];
    if (mapped === undefined || at < mapped.mapping.start) return 0;
    const { source } = this.#fileOf(mapped.module) ?? {};
    const { end } = mapped.mapping;
    const position = positionOf(mapped.mapping, at);
    if (source === undefined || position >= source.size) return 0;
    return source.read(position, into.subarray(0, Number(end - at)));
  }

  nextFrom(at: bigint, end: bigint): bigint {
    for (let index = this.#firstEndingAfter(at); ; index += 1) {
      const mapped = this.#mapped[index];
      if (mapped === undefined || mapped.mapping.start >= end) return end;
      const next = at > mapped.mapping.start ? at : mapped.mapping.start;
      if (this.originAt(next) !== null) return next;
    }
  }

  originAt(at: bigint): Origin | null {
    const mapped = this.#mapped[this.#firstEndingAfter(at)];
    if (mapped === undefined || at < mapped.mapping.start) return null;
    const file = this.#fileOf(mapped.module);
    const offset = positionOf(mapped.mapping, at);
    return file !== null && offset < file.source.size ? { kind: "file", path: file.path, offset } : null;
  }

  close(): void {
    for (const file of this.#files.values()) file?.close();
    this.#files.clear();
    this.#mapped = [];
  }

  #firstEndingAfter(at: bigint): number {
    return partitionPoint(0, this.#mapped.length, (index) => (this.#mapped[index]?.mapping.end ?? at) <= at);
  }

  #fileOf(module: Module): MatchingFile | null {
    const known = this.#files.get(module);
    if (known !== undefined) return known;
    const { path, file, close } = openModuleFile(this.#core, module, this.#root);
    const found = path === null || file === null ? null : { path, source: file.source, close };
    this.#files.set(module, found);
    return found;
  }
}

/** Where a file has the byte of an address. Of more than a safe integer it has none, and rounding finds none. */
function positionOf(mapping: FileMapping, at: bigint): number {
  return Number(mapping.fileOffset + (at - mapping.start));
}
