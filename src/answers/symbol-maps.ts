import { createReadStream, existsSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { decompressed, ioError, openSource, subjectOf } from "../bytes/index.ts";
import { parseSymbolFileName, readSymbolFile, readSymbolMap, type SymbolMap } from "../symbols/index.ts";
import { CoregramError, formatCount, inFile, type Listener } from "../terms/index.ts";

/**
 * A symbol map: its path, or its text as it comes. A path may be that of an ELF file, `FILE@BIAS` where it was loaded at
 * an address that the file does not say.
 */
export type SymbolInput = string | SymbolText;

/** The text of a symbol map, and what it is called. */
export interface SymbolText {
  readonly name: string;
  /** UTF-8 in pieces of any size; read once. */
  readonly text: AsyncIterable<Uint8Array>;
}

/**
 * Reads symbols, in order. Says what was not understood.
 * @param target the name of what they are for
 * @throws CoregramError where one cannot be read, or no line of it is understood
 */
export async function readSymbolMaps(
  inputs: readonly SymbolInput[],
  target: string,
  listener: Listener,
): Promise<SymbolMap[]> {
  const maps: SymbolMap[] = [];
  for (const input of inputs) {
    const name = typeof input === "string" ? input : input.name;
    const map = await inFile(subjectOf(name), () =>
      typeof input === "string" ? readOne(input) : readText(input.text, name),
    );
    const { skippedLines, firstSkippedLine } = map;
    const warn = (text: string) => listener({ kind: "warning", target, text: `symbol map ${name}: ${text}` });
    for (const text of map.warnings) warn(text);
    if (skippedLines > 0)
      warn(
        `${formatCount(skippedLines)} line${skippedLines === 1 ? " was" : "s were"} not understood, the first is line ${firstSkippedLine}`,
      );
    else if (map.isEmpty) warn("it names no address");
    maps.push(map);
  }
  return maps;
}

async function readOne(name: string): Promise<SymbolMap> {
  // A file may be called so as it stands, `@` and all.
  const { path, bias } = existsSync(name) ? { path: name, bias: null } : parseSymbolFileName(name);
  if (isPipe(path)) {
    if (bias === null) return readText(createReadStream(path, { highWaterMark: 2 ** 20 }), path);
    throw new CoregramError("usage", `--symbols ${name}: only an ELF file takes @BIAS, not a pipe`);
  }
  // Compressed ones are spooled, as cores are.
  const source = await openSource(path, { temporaryFolder: tmpdir(), stdin: 0 });
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

async function readText(text: AsyncIterable<Uint8Array>, name: string): Promise<SymbolMap> {
  const { pieces } = await decompressed(name, withErrors(text, name));
  return readSymbolMap(pieces, name);
}

async function* withErrors(text: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of text) yield chunk;
  } catch (error) {
    throw ioError(name, error);
  }
}
