import { realpathSync } from "node:fs";
import type { ByteSource } from "../../bytes/index.ts";
import { readElfFile } from "../../elf/index.ts";
import { CoregramError, parseAddress, printable } from "../../terms/index.ts";
import { openDebugFile } from "../modules/debug-file.ts";
import { addFileSymbols } from "../modules/elf-table.ts";
import { SymbolTableBuilder } from "../table/table-builder.ts";
import { isJitDump, readJitDump } from "./jit-dump.ts";
import { readSymbolMap } from "./read-map.ts";
import { SymbolMap } from "./symbol-map.ts";

/** `--symbols PATH` or `PATH@BIAS`: the last `@` counts, where a number in hex follows it. */
export interface SymbolFileName {
  readonly path: string;
  /** How far above its own addresses an ELF file was loaded; null where that is not said. */
  readonly bias: bigint | null;
}

/** A path may hold an `@` of its own: only `@0x…` is a bias, or hex that has a decimal digit. */
export function parseSymbolFileName(text: string): SymbolFileName {
  const at = text.lastIndexOf("@");
  const number = text.slice(at + 1);
  const bias = at > 0 && /^(?:0x|[0-9a-f]*[0-9])/i.test(number) ? parseAddress(number) : null;
  return bias === null ? { path: text, bias: null } : { path: text.slice(0, at), bias };
}

/**
 * Reads the symbols that a user named: those of an ELF file, with its separate debug file, a jitdump, or a map in any of the
 * formats that `readSymbolMap` knows. The source stays the caller's to close.
 * @throws CoregramError `format` where it is neither, or an ELF file without symbols; `usage` for a map at a bias
 */
export async function readSymbolFile(source: ByteSource, bias: bigint | null): Promise<SymbolMap> {
  const file = readElfFile(source);
  if (file === null) {
    if (bias === null) return isJitDump(source) ? readJitDump(source) : readSymbolMap(source, source.name);
    throw new CoregramError("usage", `${printable(source.name)} is no ELF file: only those take @BIAS`);
  }
  const builder = new SymbolTableBuilder();
  const debug = openDebugFile("/", absolutePath(source.name), file.buildId, file);
  try {
    const origin = await addFileSymbols(builder, file, debug, bias ?? 0n);
    if (origin === "none") throw new CoregramError("format", `${printable(source.name)} has no symbols`);
    const warnings = [...file.warnings.list(), ...(debug?.warnings.list() ?? [])];
    return new SymbolMap(builder, `ELF ${origin}`, { skippedLines: 0, firstSkippedLine: null }, warnings);
  } finally {
    debug?.source.close();
  }
}

/** What is next to a file is looked for by its full path. */
function absolutePath(name: string): string {
  try {
    return realpathSync(name);
  } catch {
    return name; // standard input has none
  }
}
