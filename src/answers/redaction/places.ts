import {
  findModule,
  type Image,
  type Module,
  readModules,
  type TargetContents,
  VDSO,
} from "../../image/index.ts";
import type { Address } from "../../terms/index.ts";

/** Files of the system and of Python that native code is in, by their own names, wherever they are. */
const SYSTEM_FILE =
  /^(?:ld-(?:linux|musl)[\w.-]*|lib(?:c|m|dl|rt|pthread|util|crypt|resolv|nsl|nss_\w+|anl|stdc\+\+|gcc_s|gomp|atomic|ssl|crypto|z|bz2|lzma|zstd|ffi|expat|sqlite3|uuid|readline|history|ncursesw?|tinfow?|panelw?|gdbm(?:_compat)?|db|mpdec|tcl|tk|tirpc|gssapi_krb5|krb5|k5crypto|com_err|keyutils|jemalloc|tcmalloc(?:_minimal)?|mimalloc|openblas\w*|gfortran|quadmath|python3?[\d.a-z]*)(?:-[\w.]+)?\.so[\d.]*|python[\d.]*[a-z]?)$/;
/** What the kernel calls parts of memory that no file is in. */
const NO_FILE = /^\[[a-z:0-9]+\]$/;

/** A target's memory: which words are addresses in it, and whose code is where. */
export class Places {
  readonly #image: Image | null;
  readonly #modules: readonly Module[];

  constructor({ core, image }: TargetContents) {
    this.#image = image;
    this.#modules = core === null ? [] : readModules(core);
  }

  /** Whether memory is mapped there, saved or not. */
  isMapped(at: bigint): boolean {
    if (this.#image !== null && this.#image.segmentAt(at as Address) !== null) return true;
    return findModule(this.#modules, at) !== null;
  }

  /** The path of the module that lies there; null where there is none. */
  moduleAt(at: bigint): string | null {
    return findModule(this.#modules, at)?.path ?? null;
  }
}

/** What a file that everybody has is called, without its folder; null for all others. */
export function systemFile(path: string): string | null {
  if (path === VDSO || NO_FILE.test(path)) return path;
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/ \(deleted\)$/, "");
  return SYSTEM_FILE.test(name) ? name : null;
}
