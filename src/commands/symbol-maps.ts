import { createReadStream, existsSync, statSync } from "node:fs";
import { ioError, openFile } from "../bytes/index.ts";
import { parseSymbolFileName, readSymbolFile, readSymbolMap, type SymbolMap } from "../symbols/index.ts";
import { CoregramError, formatCount } from "../terms/index.ts";
import type { Notes } from "./shell/notes.ts";

/**
 * Reads the symbols that the user named, in order: maps, ELF files (`FILE@BIAS` where they were loaded), `-` for a
 * map on stdin. Says what was not understood.
 * @throws CoregramError where one cannot be read, or no line of it is understood
 */
export async function readSymbolMaps(names: readonly string[], notes: Notes): Promise<SymbolMap[]> {
  const maps: SymbolMap[] = [];
  for (const name of names) {
    const map = await readOne(name);
    const { skippedLines, firstSkippedLine } = map;
    if (skippedLines > 0)
      notes.warn(
        `symbol map ${name}: ${formatCount(skippedLines)} line${skippedLines === 1 ? " was" : "s were"} not understood, the first is line ${firstSkippedLine}`,
      );
    else if (map.isEmpty) notes.warn(`symbol map ${name}: it names no address`);
    maps.push(map);
  }
  return maps;
}

async function readOne(name: string): Promise<SymbolMap> {
  if (name === "-") return readSymbolMap(streamed(name), name);
  // A file may be called so as it stands, `@` and all.
  const { path, bias } = existsSync(name) ? { path: name, bias: null } : parseSymbolFileName(name);
  if (isPipe(path)) {
    if (bias === null) return readSymbolMap(streamed(path), path);
    throw new CoregramError("usage", `--symbols ${name}: only an ELF file takes @BIAS, not a pipe`);
  }
  const source = openFile(path);
  try {
    return await readSymbolFile(source, bias);
  } finally {
    source.close();
  }
}

// `<(nm PROGRAM)` of a shell is a pipe with a name, or a character device with one.
function isPipe(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && !stats.isFile() && !stats.isDirectory() && !stats.isBlockDevice();
}

async function* streamed(name: string): AsyncGenerator<Uint8Array> {
  const stream = name === "-" ? process.stdin : createReadStream(name, { highWaterMark: 2 ** 20 });
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    throw ioError(name, error);
  }
}
