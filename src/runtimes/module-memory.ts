import { type ByteSource, openFile } from "../bytes/index.ts";
import { type Core, findModule, type Module } from "../image/index.ts";
import { locateModule } from "../symbols/index.ts";
import { CoregramError } from "../terms/index.ts";

const MOST_TEXT = 1024;
const UTF8 = new TextDecoder();

/**
 * Read-only data of modules, which cores leave out, from their files: those that `locateModule` finds to be the ones
 * that were loaded. Files stay open until `close`.
 */
export class ModuleMemory {
  readonly #core: Core;
  readonly #modules: readonly Module[];
  readonly #root: string | null;
  readonly #files = new Map<Module, ByteSource | null>();

  /** `modules` sorted by start; files are looked for under `root`, or not at all where that is null. */
  constructor(core: Core, modules: readonly Module[], root: string | null) {
    this.#core = core;
    this.#modules = modules;
    this.#root = root;
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

  close(): void {
    for (const file of this.#files.values()) file?.close();
    this.#files.clear();
  }

  #file(module: Module): ByteSource | null {
    const known = this.#files.get(module);
    if (known !== undefined) return known;
    const file = this.#open(module);
    this.#files.set(module, file);
    return file;
  }

  #open(module: Module): ByteSource | null {
    if (this.#root === null) return null;
    const { path, matches } = locateModule(this.#core, module, this.#root);
    if (path === null || matches !== true) return null;
    try {
      return openFile(path);
    } catch (error) {
      if (error instanceof CoregramError) return null;
      throw error;
    }
  }
}
