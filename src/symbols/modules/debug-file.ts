import { dirname, posix } from "node:path";
import { crc32 } from "node:zlib";
import { type ByteSource, openFile } from "../../bytes/index.ts";
import { type ElfFile, readDebugLink, readElfFile, SectionType } from "../../elf/index.ts";
import { fetchedFile, resolveInside } from "../../image/index.ts";
import { CoregramError } from "../../terms/index.ts";

const DEBUG_ROOT = "/usr/lib/debug";
const PIECE_BYTES = 1 << 20;

/**
 * Opens the separate debug file of a module where it has one with a symbol table: by its build ID, or by the name in
 * `.gnu_debuglink`, next to it, in `.debug`, or under /usr/lib/debug (gdb manual, "Debugging Information in Separate
 * Files"), or in the cache of debuginfod's client. A file that is not the module's, by build ID or else by checksum, is passed over. The caller closes it.
 * @param path the module's, as the process saw it
 * @param file the module's file; null where there is none that matches
 */
export function openDebugFile(
  root: string,
  path: string,
  buildId: string | null,
  file: ElfFile | null,
): ElfFile | null {
  if (buildId !== null && buildId.length > 2) {
    const name = `${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`;
    const isOfId = (debug: ElfFile) => debug.buildId === buildId;
    const found =
      openIf(resolveInside(root, `${DEBUG_ROOT}/.build-id/${name}`), isOfId) ??
      openIf(fetchedFile(buildId, "debuginfo"), isOfId);
    if (found) return found;
  }
  const link = file && readDebugLink(file.source, file.header, file.sections);
  if (!link) return null;
  const isIts = (debug: ElfFile) =>
    buildId !== null && debug.buildId !== null
      ? debug.buildId === buildId
      : checksum(debug.source) === link.crc32;
  const folder = dirname(path);
  for (const at of [folder, posix.join(folder, ".debug"), posix.join(DEBUG_ROOT, folder)]) {
    const found = openIf(resolveInside(root, posix.join(at, link.name)), isIts);
    if (found) return found;
  }
  return null;
}

/** The file at a path, if it is one with symbols that passes. Whatever is wrong with it, it is not. */
function openIf(real: string | null, passes: (file: ElfFile) => boolean): ElfFile | null {
  if (real === null) return null;
  let source: ByteSource | null = null;
  try {
    source = openFile(real);
    const file = readElfFile(source);
    const hasSymbols = file?.sections.some(
      ({ type, extent }) => type === SectionType.SYMTAB && extent.bytes > 0,
    );
    if (file && hasSymbols && passes(file)) return file;
  } catch (error) {
    if (!(error instanceof CoregramError)) throw error;
  }
  source?.close();
  return null;
}

function checksum(source: ByteSource): number {
  const piece = new Uint8Array(PIECE_BYTES);
  let sum = 0;
  for (let at = 0; at < source.size; ) {
    const bytes = source.read(at, piece);
    if (bytes === 0) break;
    sum = crc32(piece.subarray(0, bytes), sum);
    at += bytes;
  }
  return sum;
}
